#pragma once

#include <cstddef>
#include <vector>

#include <lamina/plan/stage.hpp>
#include <lamina/runtime/step_loops.hpp>

namespace lamina::runtime {

/// Targets that have positions, as the loss reads them: row by row, the channels of a position
/// behind each other. Users have them channel by channel.
class RowTargets {
 public:
  const float* by_rows(const Stage& last, const StepBatch<float>& batch) {
    const auto positions = static_cast<std::size_t>(last.positions());
    if (positions == 1) return batch.targets;
    const auto channels = static_cast<std::size_t>(last.outputs());
    const auto samples = static_cast<std::size_t>(batch.size);
    rows_.resize(samples * positions * channels);
    float* to = rows_.data();
    for (std::size_t sample = 0; sample < samples; ++sample) {
      const float* from = batch.targets + sample * positions * channels;
      for (std::size_t p = 0; p < positions; ++p) {
        for (std::size_t c = 0; c < channels; ++c) *to++ = from[c * positions + p];
      }
    }
    return rows_.data();
  }

 private:
  std::vector<float> rows_;
};

}  // namespace lamina::runtime
