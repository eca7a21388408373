#pragma once

#include <cstddef>
#include <span>
#include <string>

#include <lamina/core/error.hpp>
#include <lamina/core/types.hpp>

/// What a batch of a training step must be.
namespace lamina::detail {

inline void check_step_rows(std::size_t rows, std::size_t least, std::size_t positions) {
  if (rows < least) {
    throw Error("step: expected a batch of at least " + std::to_string(least) + " rows" +
                (least > 1 ? " for the statistics of BatchNorm" : "") + ", found " +
                std::to_string(rows));
  }
  // Rows are counted by int: positions of all samples.
  const std::size_t most = (std::size_t{1} << 30) / positions;
  if (rows > most) {
    throw Error("step: expected a batch of at most " + std::to_string(most) + " rows, found " +
                std::to_string(rows));
  }
}

inline void check_step_labels(std::span<const Label> labels, int outputs) {
  for (std::size_t i = 0; i < labels.size(); ++i) {
    if (labels[i] < 0 || labels[i] >= outputs) {
      throw Error("step: expected labels in [0, " + std::to_string(outputs) + "), found " +
                  std::to_string(labels[i]) + " at row " + std::to_string(i));
    }
  }
}

}  // namespace lamina::detail
