#!/bin/sh
# Builds both consumers with nothing but a compiler and pkg-config: build.sh OUTPUT_DIRECTORY
set -eu
here=$(dirname "$0")
out=$1
compiler=${CXX:-g++}
flags="-std=c++20 -O1"

# shellcheck disable=SC2046,SC2086  # flags are words
$compiler $flags $(pkg-config --cflags lamina-engine) "$here/../engine_only.cpp" \
  -o "$out/engine_only" $(pkg-config --libs lamina-engine)
# shellcheck disable=SC2046,SC2086
$compiler $flags $(pkg-config --cflags lamina) "$here/../save_and_load.cpp" \
  -o "$out/save_and_load" $(pkg-config --libs lamina)
