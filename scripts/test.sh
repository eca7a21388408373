#!/usr/bin/env bash
# Installs what is missing, builds the program and all tests and runs them: test.sh [meson option...].
# Says at its end what took how long. What needs a second compiler or holds for any is left to
# .ci/run: that all compilers make the same bits, and that each header compiles alone.
source "$(dirname "$0")/common.sh"
step "dependencies"
scripts/install_dependencies.sh build program data tests
step "configuration"
configure build/release -Dprogram=enabled -Dtests=enabled -Dbench=disabled "$@"
step "compilation"
ninja -C build/release
step "tests"
status=0
meson test -C build/release --no-rebuild --print-errorlogs \
  --no-suite compilers --no-suite headers || status=$?
print_steps

# One closing line, from the results that meson has written: one JSON object a test.
log=build/release/meson-logs/testlog.json
count() { grep -cE "\"result\": \"($1)\"" "$log" || true; }
echo "$(count 'OK|EXPECTEDFAIL') passed, $(count 'FAIL|ERROR|TIMEOUT|INTERRUPT|UNEXPECTEDPASS') failed"
exit "$status"
