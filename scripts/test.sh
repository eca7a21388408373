#!/usr/bin/env bash
# Installs what is missing, builds the program and all tests and runs them, at most 12 minutes on two
# cores from nothing: test.sh [meson option...]. Says at its end what took how long.
source "$(dirname "$0")/common.sh"
step "dependencies"
scripts/install_dependencies.sh build program data tests
step "configuration"
configure build/release -Dprogram=enabled -Dtests=enabled -Dbench=disabled "$@"
step "compilation"
ninja -C build/release
step "tests"
status=0
meson test -C build/release --no-rebuild --print-errorlogs || status=$?
print_steps

# One closing line, from the results that meson has written: one JSON object a test.
log=build/release/meson-logs/testlog.json
count() { grep -cE "\"result\": \"($1)\"" "$log" || true; }
echo "$(count 'OK|EXPECTEDFAIL') passed, $(count 'FAIL|ERROR|TIMEOUT|INTERRUPT|UNEXPECTEDPASS') failed"
exit "$status"
