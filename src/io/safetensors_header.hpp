#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <lamina/core/tensor.hpp>

namespace lamina::io {

/// The element types that are read.
enum class ElementType { f32, f64, f16, bf16, i64, i32, i16, i8, u64, u32, u16, u8, boolean };

/// Bytes of one element.
[[nodiscard]] std::uint64_t size_of(ElementType type);

/// What a safetensors header says of one tensor; `begin` and `end` count from the first byte after
/// the header.
struct Entry {
  std::string name;
  ElementType type = ElementType::f32;
  std::vector<std::int64_t> shape;
  std::uint64_t begin = 0;
  std::uint64_t end = 0;
};

/// What a header says.
struct Header {
  std::vector<Entry> entries;  ///< in the order of their data
  Metadata metadata;
};

/// The longest header that is read, the same limit as other readers have.
inline constexpr std::uint64_t longest_header = 100'000'000;

/// A header, checked: no name twice, every shape as large as its bytes, the ranges side by side
/// from 0 to `data_size`.
///
/// Errors: `Error` with what was expected and found; the caller knows the file.
[[nodiscard]] Header parse_header(std::string_view json, std::uint64_t data_size);

/// Product of a shape's extents; throws `Error` for a negative one and where 64 bits do not do.
[[nodiscard]] std::uint64_t count_of(std::span<const std::int64_t> shape, const std::string& name);

}  // namespace lamina::io
