#pragma once

#include <algorithm>
#include <cstddef>
#include <span>
#include <string>

#include <lamina/core/error.hpp>
#include <lamina/core/shape.hpp>
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

/// Of outputs with positions, `labels` are maps. `ignored` is the label that costs nothing.
inline void check_step_labels(std::span<const Label> labels, const Shape& outputs, Label ignored) {
  const auto wrong = std::find_if(labels.begin(), labels.end(), [&](Label label) {
    return (label < 0 || label >= outputs.channels) && (label != ignored || ignored == -1);
  });
  if (wrong == labels.end()) return;
  const auto at = static_cast<std::size_t>(wrong - labels.begin());
  const auto positions = static_cast<std::size_t>(outputs.positions());
  throw Error("step: expected labels in [0, " + std::to_string(outputs.channels) + ")" +
              (ignored == -1 ? "" : " or " + std::to_string(ignored)) + ", found " +
              std::to_string(*wrong) + " at row " + std::to_string(at / positions) +
              (positions == 1 ? "" : ", position " + std::to_string(at % positions)));
}

}  // namespace lamina::detail
