#pragma once

#include <algorithm>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <limits>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include <lamina/core/error.hpp>
#include <lamina/core/text.hpp>
#include <lamina/core/types.hpp>

/// What a data set can be made of: any range or matrix of numbers, converted once. Floating numbers
/// are inputs and targets, integers are inputs and class labels.
namespace lamina {

/// A number a float is made of: any integer or floating type.
template <class T>
concept Number = std::is_arithmetic_v<T>;

/// A number a class label is made of: any integer, `bool` too; characters are text.
template <class T>
concept Integer =
    std::integral<T> && !std::same_as<T, char> && !std::same_as<T, wchar_t> &&
    !std::same_as<T, char8_t> && !std::same_as<T, char16_t> && !std::same_as<T, char32_t>;

/// A matrix of numbers: `rows()`, `cols()` and `m(row, col)`. Eigen's matrices, arrays and maps
/// are, row- or column-major, and so is a class of your own; what Eigen has not computed yet, such
/// as a product, is to be stored in a matrix first.
template <class T>
concept NumberMatrix = requires(const std::remove_cvref_t<T>& m) {
  { m.rows() } -> std::integral;
  { m.cols() } -> std::integral;
  { m(m.rows(), m.cols()) };
  requires Number<std::remove_cvref_t<decltype(m(m.rows(), m.cols()))>>;
};

/// Numbers one after another, and how many: a `std::vector`, `std::span`, `std::array`, `T[n]`.
template <class T>
concept NumberRange = !NumberMatrix<T> && requires(const std::remove_cvref_t<T>& range) {
  { std::begin(range) != std::end(range) } -> std::convertible_to<bool>;
  { std::size(range) } -> std::integral;
  requires Number<std::remove_cvref_t<decltype(*std::begin(range))>>;
};

/// Numbers in either form.
template <class T>
concept NumberSource = NumberRange<T> || NumberMatrix<T>;

namespace detail {

template <class T>
struct NumberOf;
template <NumberMatrix T>
struct NumberOf<T> {
  using type = std::remove_cvref_t<decltype(std::declval<const std::remove_cvref_t<T>&>()(0, 0))>;
};
template <NumberRange T>
struct NumberOf<T> {
  using type =
      std::remove_cvref_t<decltype(*std::begin(std::declval<const std::remove_cvref_t<T>&>()))>;
};

template <class T>
using number_of = typename NumberOf<T>::type;

}  // namespace detail

/// A range or a one-column matrix of integers.
template <class T>
concept LabelSource = NumberSource<T> && Integer<detail::number_of<T>>;

/// A range or a matrix of floating numbers.
template <class T>
concept TargetSource = NumberSource<T> && std::floating_point<detail::number_of<T>>;

namespace detail {

/// NaN and infinity are floats; a finite number beyond the largest float would become infinity
/// silently, and the standard leaves its conversion undefined. `where` makes the words for it.
template <Number T, class Where>
float to_float(T number, Where where) {
  if constexpr (std::floating_point<T> && sizeof(T) > sizeof(float)) {
    constexpr T most = std::numeric_limits<float>::max();
    const bool finite = number - number == T{0};
    if (finite && (number > most || number < -most)) {
      TextBuffer text;
      text << static_cast<double>(number) << " at " << where();
      throw Error(std::string("Dataset: expected numbers that a float can hold, found ") +
                  std::string(text.view()));
    }
  }
  return static_cast<float>(number);
}

template <Integer T>
Label to_label(T number, std::size_t row) {
  constexpr Label most = std::numeric_limits<Label>::max();
  bool fits = true;
  if constexpr (std::signed_integral<T>) fits = number >= 0;
  if constexpr (!std::same_as<T, bool> && sizeof(T) >= sizeof(Label)) {
    fits = fits && static_cast<std::make_unsigned_t<T>>(number) <= std::uint32_t{most};
  }
  if (!fits) {
    throw Error(std::string("Dataset: expected labels from 0 to ") + std::to_string(most) +
                ", found " + std::to_string(number) + " in row " + std::to_string(row));
  }
  return static_cast<Label>(number);
}

/// A matrix's extent as what it is, whatever the type of its indices.
template <std::integral Index>
std::size_t extent(Index count) {
  return static_cast<std::size_t>(count);
}

/// The numbers of a range as floats; a vector of floats that is given away is not copied.
template <NumberRange Range>
std::vector<float> to_floats(Range&& range) {
  if constexpr (std::same_as<Range, std::vector<float>>) {
    return std::move(range);
  } else {
    std::vector<float> floats;
    floats.reserve(extent(std::size(range)));
    const auto where = [&] { return TextBuffer{} << "index " << floats.size(); };
    for (const auto& number : range) floats.push_back(to_float(number_of<Range>(number), where));
    return floats;
  }
}

/// The numbers of a matrix as floats, row-major. It is walked in blocks of rows: 16 floats down a
/// column-major column are a cache line, and 16 rows of a row-major matrix are 16 streams.
template <NumberMatrix Matrix>
std::vector<float> to_floats(const Matrix& matrix) {
  using Index = decltype(matrix.rows());
  constexpr std::size_t block = 16;
  const std::size_t rows = extent(matrix.rows());
  const std::size_t columns = extent(matrix.cols());
  std::vector<float> floats(rows * columns);
  for (std::size_t first = 0; first < rows; first += block) {
    for (std::size_t column = 0; column < columns; ++column) {
      for (std::size_t row = first; row < std::min(rows, first + block); ++row) {
        const auto where = [&] { return TextBuffer{} << "(" << row << ", " << column << ")"; };
        const number_of<Matrix> number =
            matrix(static_cast<Index>(row), static_cast<Index>(column));
        floats[row * columns + column] = to_float(number, where);
      }
    }
  }
  return floats;
}

template <NumberRange Range>
std::vector<Label> to_labels(const Range& range) {
  std::vector<Label> labels;
  labels.reserve(extent(std::size(range)));
  for (const auto& number : range) {
    labels.push_back(to_label(number_of<Range>(number), labels.size()));
  }
  return labels;
}

template <NumberMatrix Matrix>
std::vector<Label> to_labels(const Matrix& matrix) {
  using Index = decltype(matrix.rows());
  if (matrix.cols() != 1) {
    throw Error(std::string("Dataset: expected labels in 1 column, found ") +
                std::to_string(matrix.cols()) + " columns of integers");
  }
  std::vector<Label> labels;
  labels.reserve(extent(matrix.rows()));
  for (Index row = 0; row < matrix.rows(); ++row) {
    labels.push_back(to_label(number_of<Matrix>(matrix(row, 0)), labels.size()));
  }
  return labels;
}

/// Features in a row of a matrix, or targets; a range has one a row.
template <class Source>
std::size_t columns_of(const Source& source) {
  if constexpr (NumberMatrix<Source>) {
    return extent(source.cols());
  } else {
    return 1;
  }
}

}  // namespace detail

}  // namespace lamina
