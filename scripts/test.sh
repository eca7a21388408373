#!/usr/bin/env bash
# Installs what is missing, builds the program and all tests and runs them: test.sh [meson option...].
# Says at its end what took how long. What needs a second compiler or holds for any is left to
# .ci/run: that all compilers make the same bits, and that each header compiles alone.
source "$(dirname "$0")/common.sh"
step "dependencies"
scripts/install_dependencies.sh build program data tests
step "configuration"
# A build from nothing compiles many files of tests together, which takes half the time. One that is
# there stays as it is: where a change to a test should compile one file, it was set up without.
together=()
if [ ! -f build/release/build.ninja ]; then together=(-Dunity_tests=true); fi
configure build/release -Dprogram=enabled -Dtests=enabled -Dbench=disabled "${together[@]}" "$@"
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
