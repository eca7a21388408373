#pragma once

#include <algorithm>
#include <vector>

namespace lamina::io {

/// The mean of some numbers, at least one.
[[nodiscard]] inline float mean(const std::vector<float>& values) {
  double sum = 0;
  for (const float value : values) sum += static_cast<double>(value);
  return static_cast<float>(sum / static_cast<double>(values.size()));
}

/// The number in the middle of some, at least one; of an even number the mean of the two there.
[[nodiscard]] inline float median(std::vector<float> values) {
  std::ranges::sort(values);
  const std::size_t half = values.size() / 2;
  if (values.size() % 2 != 0) return values[half];
  return mean({values[half - 1], values[half]});
}

}  // namespace lamina::io
