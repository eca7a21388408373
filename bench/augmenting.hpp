#pragma once

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <functional>
#include <vector>

namespace lamina::bench {

/// Microseconds of a call: the best of several rounds.
inline double microseconds(const std::function<void()>& call, int calls = 400) {
  using Clock = std::chrono::steady_clock;
  double best = 1e12;
  for (int round = 0; round < 25; ++round) {
    const auto start = Clock::now();
    for (int i = 0; i < calls; ++i) call();
    best = std::min(best, std::chrono::duration<double, std::micro>(Clock::now() - start).count());
  }
  return best / calls;
}

inline void print(const char* name, double number) {
  std::printf("%s\t%.3f\n", name, number);
}

inline std::vector<float> numbers(std::size_t count) {
  std::vector<float> made(count);
  for (std::size_t i = 0; i < count; ++i) made[i] = static_cast<float>(i * 61 % 97) / 97;
  return made;
}

/// Lists of items over a batch, and what share of a training step they take.
void measure_lists();

}  // namespace lamina::bench
