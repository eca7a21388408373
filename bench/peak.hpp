#pragma once

#include <cstddef>

/// What the machine can do, measured beside everything that is compared with it.
namespace lamina::bench {

/// Multiply-adds, two operations each, in GFLOP/s.
struct Peak {
  double best = 0;  ///< of many short runs: what the cores can do
  double mean = 0;  ///< over all the time: less, where something else runs on the cores

  /// True when nothing else took a tenth of the time or more.
  [[nodiscard]] bool calm() const { return mean > 0.9 * best; }
};

/// The peak of `threads` threads at once, their sum. Takes about 10 ms.
Peak measure_peak(int threads = 1);

/// Reading `bytes` again and again on this thread, at its best: GB/s. Takes about 10 ms.
double read_bandwidth(std::size_t bytes);

}  // namespace lamina::bench
