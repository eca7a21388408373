#!/usr/bin/env bash
# Installs what is missing, builds and runs all tests: test.sh [meson option...]
source "$(dirname "$0")/common.sh"
scripts/install_dependencies.sh build program data tests
configure build/release -Dprogram=enabled -Dtests=enabled "$@"
ninja -C build/release
status=0
meson test -C build/release --no-rebuild --print-errorlogs || status=$?

# One closing line, from the results that meson has written: one JSON object a test.
log=build/release/meson-logs/testlog.json
count() { grep -cE "\"result\": \"($1)\"" "$log" || true; }
echo "$(count 'OK|EXPECTEDFAIL') passed, $(count 'FAIL|ERROR|TIMEOUT|INTERRUPT|UNEXPECTEDPASS') failed"
exit "$status"
