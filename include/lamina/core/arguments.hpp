#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <type_traits>
#include <utility>

#include <lamina/core/diagnosis.hpp>
#include <lamina/core/error.hpp>

/// Sizes of arguments: what is known at compile time is checked there, the rest throws `Error`.
namespace lamina {

namespace detail {

template <class Range>
consteval std::size_t find_extent() {
  using Value = std::remove_reference_t<Range>;
  if constexpr (requires { std::span(std::declval<Value&>()); }) {
    return decltype(std::span(std::declval<Value&>()))::extent;
  } else {
    return std::dynamic_extent;
  }
}

}  // namespace detail

/// Number of values of a range where its type says so, else std::dynamic_extent.
template <class Range>
inline constexpr std::size_t extent_of = detail::find_extent<Range>();

/// A range whose type says how many values it has: `std::array`, `std::span<T, N>`, an array.
template <class Range>
concept FixedSize = extent_of<Range> != std::dynamic_extent;

/// Finds a sample of another size than the input, where its type tells the size.
template <std::size_t Found, std::size_t Expected>
struct CheckSample {
  static constexpr TextBuffer found = [] {
    TextBuffer wrong;
    if (Found != Expected) {
      wrong << "predict: sample: expected " << Expected << " values, got " << Found;
    }
    return wrong;
  }();
};

/// What a batch is given to.
enum class BatchUse { Predict, Step };

/// Finds what is wrong with a batch as far as the types of its ranges tell: both are whole rows, of
/// `InputWidth` and `ResultWidth` values, as many of one as of the other.
template <BatchUse Use, class Inputs, std::size_t InputWidth, class Results,
          std::size_t ResultWidth>
struct CheckBatch {
  static constexpr std::size_t inputs = extent_of<Inputs>;
  static constexpr std::size_t results = extent_of<Results>;

  static constexpr TextBuffer found = [] {
    constexpr bool predicts = Use == BatchUse::Predict;
    constexpr bool known_rows = inputs != std::dynamic_extent;
    TextBuffer wrong;
    if (known_rows && inputs % InputWidth != 0) {
      wrong << (predicts ? "predict" : "step") << ": inputs: expected rows of " << InputWidth
            << " values, got " << inputs << " values, which are no whole rows";
    } else if (results == std::dynamic_extent) {
      return wrong;
    } else if (known_rows && inputs / InputWidth * ResultWidth != results) {
      wrong << (predicts ? "predict: outputs" : "step: targets") << ": expected "
            << inputs / InputWidth * ResultWidth << " values, got " << results;
    } else if (results % ResultWidth != 0) {
      wrong << (predicts ? "predict: outputs" : "step: targets") << ": expected rows of "
            << ResultWidth << " values, got " << results << " values, which are no whole rows";
    }
    return wrong;
  }();
};

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
