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

# step NAME: a part of a script begins, and the one before it has ended.
step() {
  end_step
  step_name=$* step_began=$SECONDS
  echo
  echo "== $step_name"
}
end_step() {
  if [ -z "${step_name:-}" ]; then return; fi
  step_times+="$(printf '%6d s  %s' $((SECONDS - step_began)) "$step_name")"$'\n'
  step_name=
}
# The seconds of all steps so far, and their total.
print_steps() {
  end_step
  echo
  printf '%s%6d s  in all\n' "${step_times:-}" "$SECONDS"
}
