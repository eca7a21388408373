#pragma once

#include <array>
#include <bit>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <limits>
#include <memory>
#include <span>
#include <string>
#include <type_traits>
#include <vector>

#include <lamina/core/tensor.hpp>
#include <lamina/data/dataset.hpp>

#include "io/half.hpp"
#include "io/little_endian.hpp"
#include "io/npy_header.hpp"

namespace lamina::io {

/// Fills a span with the next bytes as far as there are some, and returns how many.
using ReadBytes = std::function<std::size_t(std::span<std::uint8_t>)>;

/// An array as a file has it.
struct NpyArray {
  NpyHeader header;
  std::vector<std::uint8_t> bytes;

  [[nodiscard]] bool integers() const { return header.kind != 'f'; }
};

/// Reads what is before the values. Throws `Error` without a file's name.
[[nodiscard]] NpyHeader read_npy_header(const ReadBytes& read);
/// Throws the `Error` of a file that has not as many bytes of values as its header says.
[[noreturn]] void fail_length(const NpyHeader& header, const std::string& found);

/// Reads an array to the end of the bytes. Throws `Error` without a file's name.
[[nodiscard]] NpyArray read_npy_array(const ReadBytes& read);

/// The values row-major, as a named tensor.
[[nodiscard]] Tensor to_tensor(const NpyArray& array, std::string name);

/// An array and where it came from, for messages.
struct NamedArray {
  std::string where;
  NpyArray array;
};

[[nodiscard]] Dataset to_dataset(const NamedArray& inputs, const NamedArray& targets);
/// Samples of rows that are read when asked for: an array without its bytes says what they are.
[[nodiscard]] Dataset to_dataset(const NamedArray& inputs, std::shared_ptr<const InputRows> rows,
                                 const NamedArray& targets);
/// Samples with nothing to learn.
[[nodiscard]] Dataset to_dataset(const NamedArray& inputs);

/// Extents of the samples that an array holds.
[[nodiscard]] Shape sample_shape(const NamedArray& named);

[[noreturn]] void fail_finite(double number, const std::string& where, const NpyHeader& header,
                              std::size_t value);

/// A finite number as a float; `Error` for another, where `value` is its place among all.
template <class Number>
float finite_float(Number number, const std::string& where, const NpyHeader& header,
                   std::size_t value) {
  constexpr auto most = static_cast<double>(std::numeric_limits<float>::max());
  const auto wide = static_cast<double>(number);
  if (!(std::abs(wide) <= most)) fail_finite(wide, where, header, value);
  return header.kind == 'b' ? static_cast<float>(number != 0) : static_cast<float>(number);
}

}  // namespace lamina::io
