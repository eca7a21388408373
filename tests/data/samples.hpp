#pragma once

#include <algorithm>
#include <cstddef>
#include <span>
#include <vector>

#include <lamina/data/dataset.hpp>

/// Data sets for tests whose samples can be told apart.
namespace lamina::testing {

template <class T>
std::vector<T> copy(std::span<const T> values) {
  return {values.begin(), values.end()};
}

/// One feature, which is the sample's row; labels by `labels`.
inline Dataset numbered(std::vector<Label> labels) {
  std::vector<float> rows(labels.size());
  for (std::size_t row = 0; row < rows.size(); ++row) rows[row] = static_cast<float>(row);
  return {1, std::move(rows), std::move(labels)};
}

/// The same with a target that is the row, too.
inline Dataset numbered_targets(std::size_t size) {
  std::vector<float> rows(size);
  for (std::size_t row = 0; row < size; ++row) rows[row] = static_cast<float>(row);
  return {1, rows, rows, 1};
}

/// The rows of a numbered data set that are in some parts, in ascending order.
template <class... Parts>
std::vector<float> sorted_rows(const Parts&... parts) {
  std::vector<float> rows;
  (rows.insert(rows.end(), parts.inputs().begin(), parts.inputs().end()), ...);
  std::sort(rows.begin(), rows.end());
  return rows;
}

/// Samples of a class.
inline std::size_t count_of(const Dataset& data, Label label) {
  return static_cast<std::size_t>(std::count(data.labels().begin(), data.labels().end(), label));
}

}  // namespace lamina::testing
