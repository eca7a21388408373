#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>

#include <lamina/core/error.hpp>
#include <lamina/core/shape.hpp>

namespace lamina::detail {

inline std::string extents_text(Shape shape) {
  std::string text = "(";
  text += std::to_string(shape.channels) + ", ";
  text += std::to_string(shape.height) + ", ";
  text += std::to_string(shape.width) + ")";
  return text;
}

/// Values in one sample of this shape; `Error` for extents below 1 and for more than an int holds.
inline std::size_t checked_features(Shape sample) {
  if (sample.channels < 1 || sample.height < 1 || sample.width < 1) {
    throw Error("Dataset: expected extents of 1 and more, found " + extents_text(sample));
  }
  constexpr std::int64_t most = std::numeric_limits<int>::max();
  const std::int64_t plane = std::int64_t{sample.height} * sample.width;
  if (plane > most || plane * sample.channels > most) {
    throw Error(std::string("Dataset: expected at most ") + std::to_string(most) +
                " features a sample, found " + extents_text(sample));
  }
  return static_cast<std::size_t>(sample.features());
}

/// The shape of a row of that many plain features.
inline Shape row_shape(std::size_t features) {
  constexpr auto most = static_cast<std::size_t>(std::numeric_limits<int>::max());
  if (features > most) {
    throw Error(std::string("Dataset: expected at most ") + std::to_string(most) +
                " features a sample, found " + std::to_string(features));
  }
  return {static_cast<int>(features), 1, 1};
}

/// Rows of that many float targets; `Error` for rows of nothing, or that are not whole.
inline std::size_t checked_rows(std::size_t targets, std::size_t outputs) {
  if (outputs == 0) throw Error("Dataset: expected 1 or more outputs a row, found 0");
  if (targets % outputs != 0) {
    throw Error(std::string("Dataset: expected whole rows of ") + std::to_string(outputs) +
                " targets, found " + std::to_string(targets) + " targets");
  }
  return targets / outputs;
}

}  // namespace lamina::detail
