#pragma once

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <functional>
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
/// Samples with nothing to learn.
[[nodiscard]] Dataset to_dataset(const NamedArray& inputs);

}  // namespace lamina::io
