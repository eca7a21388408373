#!/usr/bin/env bash
# Installs what is missing, builds the program and runs its main job:
# demo.sh [option of `lamina demo`...]
source "$(dirname "$0")/common.sh"
scripts/install_dependencies.sh build program data
configure build/release -Dprogram=enabled
ninja -C build/release src/program/lamina
exec build/release/src/program/lamina demo "$@"
