#pragma once

#include <cstddef>
#include <vector>

#include <lamina/kernel/loss.hpp>
#include <lamina/plan/stage.hpp>
#include <lamina/runtime/step_loops.hpp>

namespace lamina::runtime {

/// Float targets that have positions, as the loss reads them: row by row. Labels lie so already.
class RowTargets {
 public:
  const float* by_rows(const Stage& last, const StepBatch<float>& batch) {
    if (last.positions() == 1) return batch.targets;
    const auto samples = static_cast<std::size_t>(batch.size);
    rows_.resize(samples * static_cast<std::size_t>(last.values_out()));
    kernel::put_in_rows(batch.targets, samples, last.out, rows_.data());
    return rows_.data();
  }

 private:
  std::vector<float> rows_;
};

}  // namespace lamina::runtime
