#pragma once

#include <algorithm>
#include <cstddef>

#include <lamina/core/tile.hpp>
#include <lamina/plan/plan.hpp>
#include <lamina/plan/sample_scratch.hpp>

namespace lamina {

/// The memory that inference of a network works in, beside weights, inputs and outputs: for each
/// row of a block an array as wide as the widest stage, for each value that is alive at a time.
///
/// Small blocks lie on the stack of the calling thread, which has 128 KiB in some threads; others
/// in memory that the model and its predictors keep. See `runtime::InferenceScratch`.
template <class Net>
struct InferenceMemory {
  using P = Plan<Net>;

  /// Floats of a row, the same for the code of one sample, which has two arrays.
  static constexpr std::size_t row_floats =
      static_cast<std::size_t>(P::widest) *
      static_cast<std::size_t>(std::max(P::inference_slots, 2));

  /// Rows that one task takes through all layers: blocks of at most 192 KiB, which stay in the L2
  /// cache (one row, where a single row is more), in steps of a tile.
  static constexpr int rows = [] {
    const int fit = static_cast<int>(std::min<std::size_t>(49152 / row_floats, 48));
    return fit >= tile_rows ? fit / tile_rows * tile_rows : std::max(fit, 1);
  }();
  /// What operations over positions need beside it, of one sample.
  static constexpr std::size_t operation_floats = [] {
    std::size_t most = 0;
    for (const Stage& stage : P::stages) most = std::max(most, sample_scratch(stage));
    return most;
  }();
  static constexpr std::size_t block_floats =
      static_cast<std::size_t>(rows) * row_floats + operation_floats;

  /// Rows of a block on the stack, which takes at most 12 KiB; 0 where a single row is more.
  static constexpr int stack_rows = P::spatial
                                        ? 0
                                        : static_cast<int>(std::min<std::size_t>(
                                              3072 / row_floats, static_cast<std::size_t>(rows)));
  static constexpr std::size_t stack_floats = static_cast<std::size_t>(stack_rows) * row_floats;

  /// Floats of a kept block; 0 where blocks of all rows lie on the stack.
  static constexpr std::size_t kept_floats = stack_rows == rows ? 0 : block_floats;

  /// Bytes of stack that a prediction needs, one sample or a batch: the block on it, and what the
  /// functions take, of which 2.7 KiB were measured (tests/laws/test_prediction_stack.cpp).
  static constexpr std::size_t stack_bytes = stack_floats * sizeof(float) + 4096;
};

}  // namespace lamina
