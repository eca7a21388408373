#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace lamina::io {

/// What the header of an NPY array says.
struct NpyHeader {
  char kind = 'f';  // 'f' float, 'i' signed, 'u' unsigned integer, 'b' boolean
  std::size_t size = 4;
  bool big_endian = false;
  bool fortran_order = false;
  std::vector<std::int64_t> shape;

  /// Values in all; checked to fit, with their bytes, 63 bits.
  [[nodiscard]] std::uint64_t count() const;
};

/// Reads the Python dictionary of an NPY header. Throws `Error`, without a file's name but with the
/// place in the header, for what is none or describes other data.
[[nodiscard]] NpyHeader parse_npy_header(std::string_view text);

/// As numpy shows a shape: "(3, 4)", "(3,)".
[[nodiscard]] std::string text(const std::vector<std::int64_t>& shape);

}  // namespace lamina::io
