# Read by the other scripts: goes to the root of the repository and sets up builds.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

# configure DIRECTORY [meson option...]: sets up a build, or changes the options of one that is there.
configure() {
  local directory=$1
  shift
  if [ -f "$directory/build.ninja" ]; then
    meson configure "$directory" "$@"
  else
    meson setup "$directory" "$@"
  fi
}
