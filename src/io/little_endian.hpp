#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace lamina::io {

/// An unsigned number from the first sizeof(Unsigned) bytes, lowest first; compilers make it one
/// load where the machine agrees.
template <class Unsigned>
[[nodiscard]] Unsigned from_little_endian(std::span<const std::byte> bytes) {
  Unsigned number = 0;
  for (std::size_t i = 0; i < sizeof(Unsigned); ++i) {
    number = static_cast<Unsigned>(number | std::to_integer<Unsigned>(bytes[i]) << (8 * i));
  }
  return number;
}

/// Writes an unsigned number to the first sizeof(Unsigned) bytes, lowest first.
template <class Unsigned>
void to_little_endian(Unsigned number, std::span<std::byte> bytes) {
  for (std::size_t i = 0; i < sizeof(Unsigned); ++i) {
    bytes[i] = static_cast<std::byte>(number >> (8 * i) & 0xff);
  }
}

}  // namespace lamina::io
