#!/usr/bin/env bash
# Installs what is missing: install_dependencies.sh GROUP...
#   build    compiler, build tools and the libraries that every part needs
#   program  what the program `lamina` needs beside them
#   data     the Fashion-MNIST data set
#   tests    the test framework and the reference's libraries
#   figures  what draws the figures of docs/techniques
#   bench    the benchmark framework and the baselines' libraries
#   check    what only .ci/run uses: clang 19, its formatter, CMake
# Without apt it says what to install and leaves with success: what is there may be enough.
set -euo pipefail

packages() {
  case $1 in
    build) echo g++ meson ninja-build pkg-config libboost-dev libtbb-dev libhwy-dev \
      nlohmann-json3-dev zlib1g-dev libcsv-dev libzip-dev libpng-dev libjpeg-dev \
      libsndfile1-dev libsamplerate0-dev ;;
    program) echo libcli11-dev libeigen3-dev gnuplot-nox ;;
    data) echo dataset-fashion-mnist ;;
    tests) echo catch2 libeigen3-dev gnuplot-nox ;;
    figures) echo gnuplot-nox python3 ;;
    bench) echo libbenchmark-dev libeigen3-dev ;;
    check) echo clang-19 libclang-rt-19-dev clang-format-19 cmake git ;;
    *) echo "install_dependencies.sh: expected build, program, data, tests, figures, bench or check," \
      "found '$1'" >&2
      return 2 ;;
  esac
}

installed() {
  dpkg-query -W -f '${Status}' "$1" 2> /dev/null | grep -q 'install ok installed'
}

wanted=()
for group in "$@"; do
  list=$(packages "$group")
  read -ra names <<< "${list//$'\n'/ }"
  wanted+=("${names[@]}")
done

if ! command -v apt-get > /dev/null; then
  echo "This system has no apt. Install what Debian calls: ${wanted[*]}"
  exit 0
fi

missing=()
for name in "${wanted[@]}"; do
  installed "$name" || missing+=("$name")
done
[ ${#missing[@]} -eq 0 ] && exit 0

as_root=()
if [ "$(id -u)" -ne 0 ]; then
  if ! command -v sudo > /dev/null; then
    echo "Neither root nor sudo is there. Install: ${missing[*]}"
    exit 0
  fi
  as_root=(sudo)
fi
apt() {
  "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -qq -o Dpkg::Use-Pty=0 "$@" < /dev/null
}

echo "Installing: ${missing[*]}"
apt update || echo "apt-get update failed; trying with the lists that are there"
if ! apt install -y --no-install-recommends "${missing[@]}"; then
  # One package that this system does not have should not keep the others away.
  for name in "${missing[@]}"; do
    apt install -y --no-install-recommends "$name" || echo "Not installed: $name"
  done
fi
