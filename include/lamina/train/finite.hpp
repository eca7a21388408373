#pragma once

#include <algorithm>
#include <atomic>
#include <bit>
#include <cmath>
#include <cstdint>
#include <span>
#include <string>
#include <variant>
#include <vector>

#include <lamina/core/tensor.hpp>
#include <lamina/data/dataset.hpp>
#include <lamina/runtime/parallel.hpp>

/// Numbers that are NaN or infinite, where a fit begins and where one ends by its loss.
namespace lamina::detail {

inline std::string name_of_number(double number) {
  if (std::isnan(number)) return "NaN";
  if (std::isinf(number)) return number > 0 ? "infinity" : "-infinity";
  return std::to_string(number);
}

/// By the bits and not by comparisons: loops of integers are made SIMD without -ffast-math, and
/// mean the same with it.
inline bool are_finite(std::span<const float> values) {
  constexpr std::uint32_t infinity = 0x7f800000;
  std::uint32_t largest = 0;
  for (const float value : values) {
    largest = std::max(largest, std::bit_cast<std::uint32_t>(value) & 0x7fffffff);
  }
  return largest < infinity;
}

/// True where all floats are finite; integers are.
inline bool are_finite(const std::vector<Tensor>& tensors) {
  return std::ranges::all_of(tensors, [](const Tensor& tensor) {
    const auto* values = std::get_if<std::vector<float>>(&tensor.values);
    return values == nullptr || are_finite(std::span<const float>(*values));
  });
}

/// The place of the first value that is not finite; their number where all are. Reads them once, at
/// the speed of memory.
inline std::size_t first_not_finite(std::span<const float> values) {
  constexpr std::size_t part = 65536;
  std::atomic<bool> found{false};
  const auto parts = static_cast<int>((values.size() + part - 1) / part);
  runtime::for_each_task(parts, parts >= 8, [&](int task) {
    const std::size_t first = static_cast<std::size_t>(task) * part;
    if (!are_finite(values.subspan(first, std::min(part, values.size() - first)))) found = true;
  });
  if (!found) return values.size();
  const auto at = std::ranges::find_if(values, [](float value) { return !std::isfinite(value); });
  return static_cast<std::size_t>(at - values.begin());
}

/// Errors: `Error` naming sample and feature, or output, of the first number that is not finite,
/// where the values are those from sample `first` on.
inline void expect_finite(std::span<const float> values, std::size_t width, std::size_t first,
                          bool inputs, const std::string& where) {
  const std::size_t at = first_not_finite(values);
  if (at == values.size()) return;
  throw Error(where + ": expected finite " + (inputs ? "inputs" : "targets") + ", found " +
              name_of_number(static_cast<double>(values[at])) + " in sample " +
              std::to_string(first + at / width) + ", " + (inputs ? "feature " : "output ") +
              std::to_string(at % width));
}

/// The same of a data set. Inputs that are not in memory are checked when they are read: a pass
/// over all files before the first step may take hours.
inline void expect_finite(const Dataset& data, const std::string& where) {
  if (data.in_memory()) expect_finite(data.inputs(), data.features(), 0, true, where);
  expect_finite(data.targets(), data.outputs(), 0, false, where);
}

}  // namespace lamina::detail
