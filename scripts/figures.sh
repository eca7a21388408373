#!/usr/bin/env bash
# Installs what is missing, runs the experiments of docs/techniques and draws their figures, about
# 5 minutes on two cores: figures.sh [EXPERIMENT...]. Numbers and tables go to build/figures/, figures
# to docs/techniques/figures/, tables into the pages.
source "$(dirname "$0")/common.sh"
data=/usr/share/datasets/fashion-mnist
results=$PWD/build/figures
figures=$PWD/docs/techniques/figures

scripts/install_dependencies.sh build program data figures
configure build/release -Dprogram=enabled
ninja -C build/release docs/figures/lamina_figures
build/release/docs/figures/lamina_figures "$data" "$results" "$@"
(cd docs/figures && gnuplot -c plots.gp "$results" "$figures")
scripts/insert_tables.py "$results" README.md docs/techniques/*.md
