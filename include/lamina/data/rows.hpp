#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace lamina::detail {

/// A copy of `count` values from `first` on, which are there.
template <class T>
std::vector<T> cut(std::span<const T> all, std::size_t first, std::size_t count) {
  const std::span<const T> part = all.subspan(first, count);
  return {part.begin(), part.end()};
}

/// A copy of these rows of `columns` values, which are there.
template <class T>
std::vector<T> gather(std::span<const T> all, std::span<const std::uint32_t> rows,
                      std::size_t columns) {
  std::vector<T> chosen(rows.size() * columns);
  T* to = chosen.data();
  for (const std::uint32_t row : rows) {
    to = std::copy_n(all.data() + std::size_t{row} * columns, columns, to);
  }
  return chosen;
}

}  // namespace lamina::detail
