#include <algorithm>
#include <benchmark/benchmark.h>
#include <string>
#include <tbb/task_arena.h>
#include <vector>

#include "bench/contenders.hpp"
#include "bench/peak.hpp"

// Google Benchmark's cases. The counters: `GFLOP/s` of useful operations, and `of_peak`, their
// share of the FMA peak of as many cores, measured right before each case. For figures to compare
// take `lamina_table`, which lets the compared take turns.

namespace {

using namespace lamina;
using bench::Contender;

void run(benchmark::State& state, Contender (*make)(int), int argument, int threads) {
  const Contender contender = make(argument);
  const double peak = bench::measure_peak(threads).best;
  tbb::task_arena arena(threads);
  arena.execute([&] {
    for (auto _ : state) benchmark::DoNotOptimize(contender.run());
  });
  const double calls = static_cast<double>(state.iterations()) * contender.calls;
  using benchmark::Counter;
  if (contender.calls > 1) {
    state.counters["s/call"] = Counter(calls, Counter::kIsRate | Counter::kInvert);
  }
  if (contender.flops > 0) {
    const double operations = contender.flops * calls * 1e-9;
    state.counters["GFLOP/s"] = Counter(operations, Counter::kIsRate);
    state.counters["of_peak"] = Counter(operations / peak, Counter::kIsRate);
  }
}

void add(const std::string& name, Contender (*make)(int), std::vector<int> arguments,
         std::vector<int> thread_counts) {
  for (const int argument : arguments) {
    for (const int threads : thread_counts) {
      const std::string full =
          name + "/" + std::to_string(argument) + "/threads:" + std::to_string(threads);
      benchmark::RegisterBenchmark(full.c_str(), run, make, argument, threads)
          ->Unit(benchmark::kMicrosecond)
          ->UseRealTime();
    }
  }
}

void peak(benchmark::State& state) {
  const auto threads = static_cast<int>(state.range(0));
  double best = 0;
  for (auto _ : state) best = std::max(best, bench::measure_peak(threads).best);
  state.counters["GFLOP/s"] = best;
}

void read_weights(benchmark::State& state) {
  double best = 0;
  for (auto _ : state) best = std::max(best, bench::read_bandwidth(bench::inference_bytes()));
  state.counters["GB/s"] = best;
}

void add_all() {
  benchmark::RegisterBenchmark("fma_peak/threads", peak)->Arg(1)->Arg(2)->UseRealTime();
  benchmark::RegisterBenchmark("read_weights", read_weights)->UseRealTime();
  const std::vector<int> both{1, 2};
  const std::vector<int> one{1};
  add("step/fused", bench::fused_step, {32, 128, 512}, both);
  add("step/fused_bias_relu_alone", bench::plain_step, {32, 128, 512}, both);
  add("step/eigen", bench::eigen_step, {32, 128, 512}, one);
  add("step/textbook", bench::textbook_step, {32, 128, 512}, one);
  add("inference/frozen", bench::fused_inference, {1, 32, 128, 512}, both);
  add("inference/eigen", bench::eigen_inference, {1, 32, 128, 512}, one);
  add("inference/textbook", bench::textbook_inference, {1, 32, 128, 512}, one);
  add("small/4-32-16-4_tanh_adam_epoch", bench::small_step, {10'000}, both);
  add("small/4-32-16-4_tanh_adam_step", bench::small_step, {16, 128}, both);
  add("small/one_sample_n-n-n-1_tanh", bench::one_sample, {4, 16, 32, 64}, one);
}

}  // namespace

int main(int argc, char** argv) {
  benchmark::Initialize(&argc, argv);
  if (benchmark::ReportUnrecognizedArguments(argc, argv)) return 1;
  add_all();
  benchmark::RunSpecifiedBenchmarks();
  benchmark::Shutdown();
}
