#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <utility>

#include <lamina/core/error.hpp>

/// Sizes of arguments: what is known at compile time is checked there, the rest throws `Error`.
namespace lamina {

/// Number of values of a range where its type says so, else std::dynamic_extent.
template <class Range>
inline constexpr std::size_t extent_of =
    decltype(std::span(std::declval<const Range&>()))::extent;

/// False where the type of a range already says that it is not whole rows of `Width` values.
template <class Range, std::size_t Width>
inline constexpr bool whole_rows =
    extent_of<Range> == std::dynamic_extent || extent_of<Range> % Width == 0;

/// False where the type of a range already says that it has other than `Size` values.
template <class Range, std::size_t Size>
inline constexpr bool has_size =
    extent_of<Range> == std::dynamic_extent || extent_of<Range> == Size;

/// The number of rows of `size` values at `width` a row.
/// Errors: `Error` naming `where` when the rows are not whole.
inline std::size_t rows_of(std::size_t size, std::size_t width, const char* where) {
  if (size % width != 0) {
    throw Error(std::string(where) + ": expected rows of " + std::to_string(width) +
                " values, found " + std::to_string(size) + " values, which are no whole rows");
  }
  return size / width;
}

/// Errors: `Error` naming `where` when `found` is not `expected`.
inline void expect_size(std::size_t found, std::size_t expected, const char* where) {
  if (found != expected) {
    throw Error(std::string(where) + ": expected " + std::to_string(expected) + " values, found " +
                std::to_string(found));
  }
}

}  // namespace lamina
