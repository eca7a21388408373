#pragma once

#include <string>

#include <lamina/core/error.hpp>
#include <lamina/core/optimizer.hpp>
#include <lamina/core/text.hpp>

namespace lamina::detail {

inline void expect_number(bool right, const char* expected, double found) {
  if (right) return;
  TextBuffer text;
  text << "step: " << expected << ", found " << found;
  throw Error(std::string(text.view()));
}

/// Errors: `Error` for numbers of a wrapped optimizer that make no sense. They may be changed
/// between steps, so every step asks.
template <class Optimizer>
void check_optimizer([[maybe_unused]] const Optimizer& optimizer) {
  if constexpr (LimitsNorm<Optimizer>) {
    const float limit = optimizer.norm_limit();
    expect_number(limit > 0, "expected ClipByNorm's max_norm above 0", static_cast<double>(limit));
  }
  if constexpr (LimitsBeforeNorm<Optimizer>) {
    const float limit = optimizer.limit_before_norm();
    expect_number(limit > 0, "expected ClipByValue's limit above 0", static_cast<double>(limit));
  }
  if constexpr (Accumulates<Optimizer>) {
    const int steps = optimizer.steps_per_update();
    expect_number(steps >= 1, "expected Accumulate's steps of at least 1", steps);
  }
  if constexpr (KeepsAverage<Optimizer>) {
    const float decay = optimizer.average_decay();
    expect_number(decay >= 0 && decay < 1, "expected Average's decay in [0, 1)",
                  static_cast<double>(decay));
  }
}

}  // namespace lamina::detail
