#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace lamina::text {

enum class Kind : std::uint8_t { Space, Letter, Mark };

/// A character of a text that is known to be UTF-8.
struct CodePoint {
  char32_t value = 0;
  std::size_t size = 0;  ///< in bytes
};

inline CodePoint code_point_at(std::string_view text, std::size_t at) {
  const auto lead = static_cast<unsigned char>(text[at]);
  if (lead < 0x80) return {lead, 1};
  const std::size_t size = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : 2;
  char32_t value = lead & (0x7fU >> size);
  for (std::size_t i = 1; i < size; ++i) {
    value = (value << 6U) | (static_cast<unsigned char>(text[at + i]) & 0x3fU);
  }
  return {value, size};
}

constexpr Kind kind_of(char32_t c) {
  const auto in = [c](char32_t first, char32_t last) { return c >= first && c <= last; };
  // What steers a terminal or a line parts words, too.
  if (c <= 0x20 || in(0x7f, 0xa0) || c == 0x1680 || in(0x2000, 0x200a) || c == 0x2028 ||
      c == 0x2029 || c == 0x202f || c == 0x205f || c == 0x3000) {
    return Kind::Space;
  }
  if (c < 0x80) {
    return in('0', '9') || in('a', 'z') || in('A', 'Z') || c == '_' ? Kind::Letter : Kind::Mark;
  }
  const bool letter_of_latin =
      c == 0xaa || c == 0xb5 || c == 0xba || in(0xb2, 0xb3) || c == 0xb9 || in(0xbc, 0xbe);
  if (c < 0xc0) return letter_of_latin ? Kind::Letter : Kind::Mark;
  if (c == 0xd7 || c == 0xf7 || in(0x200b, 0x206f) || in(0x20a0, 0x20cf) || in(0x2190, 0x245f) ||
      in(0x2500, 0x2775) || in(0x2794, 0x2bff) || in(0x3001, 0x3004) || in(0x3008, 0x3020) ||
      c == 0x3030 || in(0xff01, 0xff0f) || in(0xff1a, 0xff20) || in(0xff3b, 0xff3e) ||
      c == 0xff40 || in(0xff5b, 0xff65)) {
    return Kind::Mark;
  }
  return Kind::Letter;
}

/// Lower case of ASCII, Latin-1, Greek and Cyrillic, which are runs of the alphabet.
constexpr char32_t lower(char32_t c) {
  const auto in = [c](char32_t first, char32_t last) { return c >= first && c <= last; };
  if (in('A', 'Z') || (in(0xc0, 0xde) && c != 0xd7)) return c + 32;
  if ((in(0x391, 0x3ab) && c != 0x3a2) || in(0x410, 0x42f)) return c + 32;
  if (in(0x400, 0x40f)) return c + 80;
  return c;
}

/// The one letter of the same alphabets in upper case.
constexpr char32_t upper(char32_t c) {
  const char32_t by_32 = c - 32;
  if (c >= 32 && by_32 < c && lower(by_32) == c) return by_32;
  if (c >= 0x450 && c <= 0x45f) return c - 80;
  return c;
}

/// All of the alphabets lie below U+0800: one or two bytes, or the character is not changed.
inline void append(std::string& to, char32_t c) {
  if (c < 0x80) {
    to += static_cast<char>(c);
  } else {
    to += static_cast<char>(0xc0U | (c >> 6U));
    to += static_cast<char>(0x80U | (c & 0x3fU));
  }
}

/// The character, or, of those that cannot be changed, the bytes it has.
inline void append_or_copy(std::string& to, char32_t c, std::string_view bytes) {
  if (c < 0x800) {
    append(to, c);
  } else {
    to += bytes;
  }
}

/// Throws `Error` where the text is no UTF-8; `who` begins the message.
void check_utf8(std::string_view text, const char* who);

}  // namespace lamina::text
