#pragma once

#include <algorithm>
#include <cstddef>
#include <functional>
#include <span>
#include <utility>
#include <vector>

#include <lamina/data/dataset.hpp>
#include <lamina/runtime/parallel.hpp>

namespace lamina::detail {

/// Samples `first` to `first + rows` - 1 of a data set: those that lie in memory, or read into
/// `buffer` by all threads. Errors: what reading throws.
inline std::span<const float> inputs_of(const Dataset& data, std::size_t first, std::size_t rows,
                                        std::vector<float>& buffer) {
  const std::size_t features = data.features();
  if (data.in_memory()) return data.inputs().subspan(first * features, rows * features);
  buffer.resize(rows * features);
  runtime::for_each_task(static_cast<int>(rows), true, [&](int task) {
    const auto row = static_cast<std::size_t>(task);
    data.read_inputs(first + row, std::span(buffer).subspan(row * features, features));
  });
  return buffer;
}

/// Samples to take at once, at most `most`: of those that are read, some 4 MB.
inline std::size_t part_of(const Dataset& data, std::size_t most) {
  if (data.in_memory() || data.empty()) return most;
  return std::min(
      most, std::clamp(std::size_t{1 << 20} / data.features(), std::size_t{16}, std::size_t{1024}));
}

/// Calls visit(inputs, first sample) for all inputs in order, of those that are read some at a
/// time.
inline void for_each_part(const Dataset& data,
                          const std::function<void(std::span<const float>, std::size_t)>& visit) {
  std::vector<float> buffer;
  const std::size_t part = part_of(data, data.size());
  for (std::size_t first = 0; first < data.size(); first += part) {
    visit(inputs_of(data, first, std::min(part, data.size() - first), buffer), first);
  }
}

/// A copy of all inputs of a data set, in memory or not.
inline std::vector<float> all_inputs(const Dataset& data) {
  std::vector<float> all;
  const std::span<const float> inputs = inputs_of(data, 0, data.size(), all);
  return data.in_memory() ? std::vector<float>(inputs.begin(), inputs.end()) : std::move(all);
}

}  // namespace lamina::detail
