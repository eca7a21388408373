#!/usr/bin/env bash
# Installs lamina into a temporary prefix, then builds and runs small programs against it in the
# three ways it can be used: pkg-config, CMake, and as a meson subproject. One of the programs uses
# the templates alone and is linked without lamina's library; the other writes and reads a file.
set -euo pipefail
cd "$(dirname "$0")/.."
root=$PWD
consumers=$root/tests/consumers
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

quietly() {
  "$@" > "$work/log" 2>&1 || { cat "$work/log"; echo "failed: $*" >&2; exit 1; }
}

run_both() {  # $1: how they were built, $2: where they are
  "$2/engine_only"
  "$2/save_and_load" "$work/model.safetensors"
  echo "test_install: $1 works"
}

# The library is not optimized: whether it is found and linked does not depend on it. Nor is a header
# compiled ahead: so each file shows that it includes what it uses.
quietly meson setup "$work/build" --prefix "$work/prefix" -Doptimization=0 \
  -Dtests=disabled -Dbench=disabled -Dprogram=disabled -Db_pch=false
quietly meson install -C "$work/build"
cmp LICENSE "$work/prefix/share/licenses/lamina/LICENSE"

pc=$(find "$work/prefix" -name lamina.pc)
mkdir "$work/pkg_config"
PKG_CONFIG_PATH=$(dirname "$pc") quietly "$consumers/pkg_config/build.sh" "$work/pkg_config"
run_both pkg-config "$work/pkg_config"

# CMake's files find their way from where they are, so the installed tree can be moved.
mv "$work/prefix" "$work/moved"
quietly cmake -S "$consumers/cmake" -B "$work/cmake" -G Ninja -DCMAKE_BUILD_TYPE=Release \
  -DCMAKE_PREFIX_PATH="$work/moved"
quietly cmake --build "$work/cmake"
run_both CMake "$work/cmake"

mkdir -p "$work/subproject/subprojects"
cp "$consumers"/subproject/meson.build "$consumers"/*.cpp "$work/subproject"
ln -s "$root" "$work/subproject/subprojects/lamina"
quietly meson setup "$work/subproject/build" "$work/subproject" --buildtype release -Doptimization=0
quietly meson compile -C "$work/subproject/build"
run_both "meson subproject" "$work/subproject/build"
