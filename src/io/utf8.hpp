#pragma once

#include <cstddef>
#include <string_view>

namespace lamina::io {

/// The place of the first byte that is no UTF-8, or is a zero, as text in UTF-16 has them; the size
/// where there is none.
///
/// Source: The Unicode Standard, table 3-7, "Well-Formed UTF-8 Byte Sequences".
constexpr std::size_t find_no_utf8(std::string_view text) {
  const auto byte = [&](std::size_t at) -> unsigned {
    return at < text.size() ? static_cast<unsigned char>(text[at]) : 0;
  };
  for (std::size_t at = 0; at < text.size();) {
    const unsigned lead = byte(at);
    if (lead == 0) return at;
    if (lead < 0x80) {
      ++at;
      continue;
    }
    if (lead < 0xc2 || lead > 0xf4) return at;
    const std::size_t size = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : 2;
    // Overlong forms, surrogates and what is beyond the last character show in the second byte.
    const unsigned least = lead == 0xe0 ? 0xa0 : lead == 0xf0 ? 0x90 : 0x80;
    const unsigned most = lead == 0xed ? 0x9f : lead == 0xf4 ? 0x8f : 0xbf;
    if (byte(at + 1) < least || byte(at + 1) > most) return at;
    for (std::size_t i = 2; i < size; ++i) {
      if ((byte(at + i) & 0xc0U) != 0x80) return at;
    }
    at += size;
  }
  return text.size();
}

}  // namespace lamina::io
