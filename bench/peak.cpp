#include "bench/peak.hpp"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <thread>
#include <vector>

#include <lamina/core/simd.hpp>

namespace lamina::bench {

namespace {

using simd::Register;
using Clock = std::chrono::steady_clock;

double seconds_since(Clock::time_point start) {
  return std::chrono::duration<double>(Clock::now() - start).count();
}

/// A number that the compiler cannot know: with start values it knows, clang folds the whole loop
/// and reports a peak no machine has.
float opaque(float number) {
  volatile float hidden = number;
  return hidden;
}

// Chains of multiply-adds, each waiting for its own last result alone: with a latency of 4 cycles
// and 2 a cycle, 8 chains would do; 12 leave slack and fit the 16 registers of AVX2 with two
// factors.
constexpr int chains = 12;
constexpr int links = 20'000;
constexpr double operations = 2.0 * chains * links * simd::lanes;

/// x -> 0.5 x + 1 tends to 2: no denormals, no infinities.
double run_chains() {
  const Register factor(opaque(0.5f));
  const Register addend(opaque(1.0f));
  Register x[chains];
  for (int i = 0; i < chains; ++i) x[i] = Register(opaque(static_cast<float>(i)));
  const Clock::time_point start = Clock::now();
  for (int link = 0; link < links; ++link) {
    for (int i = 0; i < chains; ++i) x[i] = multiply_add(x[i], factor, addend);
  }
  Register total = x[0];
  for (int i = 1; i < chains; ++i) total += x[i];
  volatile float used = simd::sum(total);
  static_cast<void>(used);
  return operations / seconds_since(start) * 1e-9;
}

Peak peak_of_this_thread() {
  Peak peak;
  double runs = 0;
  const Clock::time_point start = Clock::now();
  while (seconds_since(start) < 0.01) {
    peak.best = std::max(peak.best, run_chains());
    ++runs;
  }
  peak.mean = runs * operations * 1e-9 / seconds_since(start);
  return peak;
}

}  // namespace

Peak measure_peak(int threads) {
  std::vector<Peak> peaks(static_cast<std::size_t>(threads));
  std::atomic<int> waiting{threads};
  std::vector<std::thread> team;
  for (Peak& own : peaks) {
    team.emplace_back([&] {
      --waiting;
      while (waiting.load() > 0) std::this_thread::yield();
      own = peak_of_this_thread();
    });
  }
  for (std::thread& member : team) member.join();
  Peak sum;
  for (const Peak& own : peaks) sum = {sum.best + own.best, sum.mean + own.mean};
  return sum;
}

double read_bandwidth(std::size_t bytes) {
  constexpr std::size_t step = 8 * static_cast<std::size_t>(simd::lanes);
  const std::size_t count = bytes / sizeof(float) / step * step;
  const std::vector<float> data(count, opaque(1.0f));
  double best = 0;
  const Clock::time_point begin = Clock::now();
  while (seconds_since(begin) < 0.01) {
    const Clock::time_point start = Clock::now();
    Register sums[8];
    for (Register& sum : sums) sum = Register(0.0f);
    for (std::size_t i = 0; i < count; i += step) {
      for (std::size_t j = 0; j < 8; ++j) {
        sums[j] += Register::load_unaligned(&data[i + j * static_cast<std::size_t>(simd::lanes)]);
      }
    }
    volatile float used =
        simd::sum(sums[0] + sums[1] + sums[2] + sums[3] + sums[4] + sums[5] + sums[6] + sums[7]);
    static_cast<void>(used);
    best = std::max(best, static_cast<double>(count * sizeof(float)) / seconds_since(start) * 1e-9);
  }
  return best;
}

}  // namespace lamina::bench
