#pragma once

#include <algorithm>
#include <cstddef>
#include <span>
#include <string>

#include <lamina/core/error.hpp>
#include <lamina/core/shape.hpp>
#include <lamina/core/types.hpp>
#include <lamina/data/sample_shape.hpp>

/// Labels of samples: one each, or class maps of one a position.
namespace lamina::detail {

/// What belongs to a sample, in words: `one label`, `a class map of 4 x 6`.
inline std::string words_of_labels(const Shape& map) {
  if (map.positions() == 1) return "one label";
  const std::string width = std::to_string(map.width);
  return "a class map of " +
         (map.height == 1 ? width + " positions" : std::to_string(map.height) + " x " + width);
}

/// How many samples labels are for; `Error` where a map is none or is not whole.
inline std::size_t checked_maps(std::size_t labels, const Shape& map) {
  const std::size_t a_sample = checked_features(map);
  if (map.channels != 1) {
    throw Error("Dataset: expected class maps of 1 channel, found " + extents_text(map));
  }
  if (labels % a_sample != 0) {
    throw Error("Dataset: expected for each sample " + words_of_labels(map) + ", found " +
                std::to_string(labels) + " labels, which are no whole maps");
  }
  return labels / a_sample;
}

/// One more than the largest label; `Error` for one below 0.
inline std::size_t count_classes(std::span<const Label> labels, std::size_t a_sample) {
  std::size_t classes = 0;
  for (std::size_t i = 0; i < labels.size(); ++i) {
    if (labels[i] < 0) {
      throw Error(std::string("Dataset: expected labels of 0 and more, found ") +
                  std::to_string(labels[i]) + " in row " + std::to_string(i / a_sample) +
                  (a_sample == 1 ? "" : ", position " + std::to_string(i % a_sample)));
    }
    classes = std::max(classes, static_cast<std::size_t>(labels[i]) + 1);
  }
  return classes;
}

}  // namespace lamina::detail
