#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include <lamina/core/tensor.hpp>

/// The checksums that a safetensors file carries in its metadata; see `write_safetensors`. There
/// are two names, so that a flipped bit in one of them does not make the file one of another
/// writer's: the other is still there and misses it.
namespace lamina::io {

inline constexpr std::string_view checksum_prefix = "lamina.crc32.";
inline constexpr const char* data_checksum_name = "lamina.crc32.data";
inline constexpr const char* header_checksum_name = "lamina.crc32.header";

/// A CRC-32 of bytes that come in parts.
class Checksum {
 public:
  void add(std::span<const std::byte> bytes);
  /// 8 lower-case hexadecimal digits.
  [[nodiscard]] std::string text() const;

 private:
  std::uint32_t value_ = 0;
};

/// Sets the header's own checksum, for which it has 8 digits, in place.
void seal_header(std::string& header);

/// Takes the checksums out of metadata and checks the header against its own. Returns what the data
/// should have; nothing for a file without checksums.
/// Errors: `Error` for a header that is damaged.
[[nodiscard]] std::optional<std::string> open_seal(std::string_view header, Metadata& metadata);

}  // namespace lamina::io
