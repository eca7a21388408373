#!/usr/bin/env bash
# Installs what is missing, builds the benchmarks and runs them all, about 15 minutes on two cores:
# bench.sh [--quick]. The table goes to the terminal and, as Markdown and as JSON with the raw
# figures of Google Benchmark beside it, to build/bench/.
#
# bench.sh --peers [--quick] measures lamina against PyTorch, JAX and ONNX Runtime instead, about
# 5 minutes, those that `python3` (or $PYTHON) finds: pip install torch jax onnxruntime onnx
source "$(dirname "$0")/common.sh"
data=/usr/share/datasets/fashion-mnist
results=build/bench
repeat=3 rounds=5 peers=
quick=()
for option in "$@"; do
  case $option in
    --quick) repeat=1 rounds=3 quick=(--quick) ;;
    --peers) peers=yes ;;
    *) echo "bench.sh: expected --quick, --peers or nothing, found '$option'" >&2; exit 2 ;;
  esac
done

scripts/install_dependencies.sh build bench data
configure build/release -Dbench=enabled
mkdir -p "$results"
if [ -n "$peers" ]; then
  ninja -C build/release bench/lamina_turns
  "${PYTHON:-python3}" bench/peers/run.py --lamina build/release/bench/lamina_turns \
    --rounds "$rounds" --json "$results/peers.json" | tee "$results/peers.md"
  exit
fi
ninja -C build/release bench/lamina_bench bench/lamina_table bench/lamina_costs bench/lamina_fitting \
  bench/lamina_convolutions

bench/compile_time.py --repeat "$repeat" --json "$results/compile_time.json"
build/release/bench/lamina_bench --benchmark_out="$results/benchmarks.json" \
  --benchmark_out_format=json
table=(--json "$results/table.json" --compile-time "$results/compile_time.json")
if [ -d "$data" ]; then table+=(--data "$data"); fi
build/release/bench/lamina_table "${table[@]}" "${quick[@]}" | tee "$results/table.md"
build/release/bench/lamina_costs "${quick[@]}" | tee "$results/costs.md"
build/release/bench/lamina_convolutions --json "$results/convolutions.json" "${quick[@]}" |
  tee "$results/convolutions.md"
build/release/bench/lamina_fitting "${quick[@]}" | tee "$results/fitting.md"
