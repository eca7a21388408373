#!/usr/bin/env bash
# Installs what is missing, builds the benchmarks and runs them all, about 15 minutes on two cores:
# bench.sh [--quick]. The table goes to the terminal and, as Markdown and as JSON with the raw
# figures of Google Benchmark beside it, to build/bench/.
source "$(dirname "$0")/common.sh"
data=/usr/share/datasets/fashion-mnist
results=build/bench
repeat=3
for option in "$@"; do
  case $option in
    --quick) repeat=1 ;;
    *) echo "bench.sh: expected --quick or nothing, found '$option'" >&2; exit 2 ;;
  esac
done

scripts/install_dependencies.sh build bench data
configure build/release -Dbench=enabled
ninja -C build/release bench/lamina_bench bench/lamina_table bench/lamina_costs bench/lamina_fitting \
  bench/lamina_convolutions
mkdir -p "$results"

bench/compile_time.py --repeat "$repeat" --json "$results/compile_time.json"
build/release/bench/lamina_bench --benchmark_out="$results/benchmarks.json" \
  --benchmark_out_format=json
table=(--json "$results/table.json" --compile-time "$results/compile_time.json")
if [ -d "$data" ]; then table+=(--data "$data"); fi
build/release/bench/lamina_table "${table[@]}" "$@" | tee "$results/table.md"
build/release/bench/lamina_costs "$@" | tee "$results/costs.md"
build/release/bench/lamina_convolutions "$@" | tee "$results/convolutions.md"
build/release/bench/lamina_fitting "$@" | tee "$results/fitting.md"
