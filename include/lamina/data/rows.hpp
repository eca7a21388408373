#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <type_traits>
#include <vector>

namespace lamina::detail {

/// A copy of `count` values from `first` on, which are there.
template <class T>
std::vector<std::remove_const_t<T>> cut(std::span<T> all, std::size_t first, std::size_t count) {
  const auto part = all.subspan(first, count);
  return {part.begin(), part.end()};
}

/// A copy of these rows of `columns` values, which are there.
template <class T>
std::vector<std::remove_const_t<T>> gather(std::span<T> all, std::span<const std::uint32_t> rows,
                                           std::size_t columns) {
  std::vector<std::remove_const_t<T>> chosen(rows.size() * columns);
  auto* to = chosen.data();
  for (const std::uint32_t row : rows) {
    to = std::copy_n(all.data() + std::size_t{row} * columns, columns, to);
  }
  return chosen;
}

}  // namespace lamina::detail
