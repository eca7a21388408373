#pragma once

#include <cmath>
#include <string>

#include <lamina/core/error.hpp>
#include <lamina/core/text.hpp>
#include <lamina/metrics/row.hpp>

/// What metrics of images expect.
namespace lamina::metrics::detail {

/// Errors: `Error` for a range of values that is not finite or not above 0.
inline double checked_range(double data_range, const char* metric) {
  if (data_range > 0 && std::isfinite(data_range)) return data_range;
  throw Error(std::string(metric) + ": expected a finite data range above 0, found " +
              std::string((TextBuffer{} << data_range).view()));
}

/// Errors: `Error` for labels in place of float targets.
inline void expect_targets(const EvaluatedRow& row, const char* metric) {
  if (!row.targets.empty()) return;
  throw Error(std::string(metric) + ": expected float targets, found class labels");
}

/// Errors: `Error` for what is no image of at least `least` lines and columns.
inline void expect_image(const EvaluatedRow& row, int least, const char* metric) {
  const Shape& shape = row.shape;
  if (shape.dimensions == 2 && shape.height >= least && shape.width >= least) return;
  const std::string found =
      shape.channels == 0 ? "flat outputs" : std::string(words_of(shape).view());
  throw Error(std::string(metric) + ": expected images of at least " + std::to_string(least) +
              " x " + std::to_string(least) + " positions, found " + found);
}

}  // namespace lamina::metrics::detail
