#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

/// Text from outside - names of files, columns, classes, tensors - in messages: a terminal that
/// shows one is moved by nothing in it, and a line stays a line.
namespace lamina::detail {

/// True for what steers a terminal or a line of text and is not seen itself: C1 controls, marks of
/// direction and of width 0, separators of lines, tags.
[[nodiscard]] constexpr bool is_unseen(std::uint32_t code) {
  struct Range {
    std::uint32_t first, last;
  };
  constexpr std::array<Range, 9> ranges{{{0x80, 0x9f},
                                         {0xad, 0xad},
                                         {0x61c, 0x61c},
                                         {0x180e, 0x180e},
                                         {0x200b, 0x200f},
                                         {0x2028, 0x202e},
                                         {0x2060, 0x206f},
                                         {0xfeff, 0xfeff},
                                         {0xe0000, 0xe007f}}};
  return std::any_of(ranges.begin(), ranges.end(),
                     [&](const Range& range) { return code >= range.first && code <= range.last; });
}

/// The bytes of the character that a text begins with; 0 where it is no UTF-8 or not to be seen.
[[nodiscard]] constexpr std::size_t visible_bytes(std::string_view text) {
  const auto byte = [&](std::size_t at) { return static_cast<unsigned char>(text[at]); };
  if (byte(0) < 0x80) return byte(0) >= 0x20 && byte(0) != 0x7f ? 1 : 0;
  const std::size_t size = byte(0) >= 0xf0 ? 4 : byte(0) >= 0xe0 ? 3 : 2;
  if (byte(0) < 0xc2 || byte(0) > 0xf4 || text.size() < size) return 0;
  std::uint32_t code = byte(0) & (0x7fU >> size);
  for (std::size_t at = 1; at < size; ++at) {
    if ((byte(at) & 0xc0U) != 0x80) return 0;
    code = code << 6U | (byte(at) & 0x3fU);
  }
  constexpr std::array<std::uint32_t, 5> least{0, 0, 0x80, 0x800, 0x10000};
  const bool surrogate = code >= 0xd800 && code <= 0xdfff;
  if (code < least[size] || code > 0x10ffff || surrogate || is_unseen(code)) return 0;
  return size;
}

/// A text as messages show it: in visible characters of UTF-8, other bytes as `\x1b`, cut with
/// `...` where it would be longer than `most` bytes.
///
/// Example: `printable("a\nb")` is `a\x0ab`.
[[nodiscard]] inline std::string printable(std::string_view text, std::size_t most = 80) {
  constexpr std::string_view digits = "0123456789abcdef";
  std::string shown;
  while (!text.empty()) {
    const std::size_t visible = visible_bytes(text);
    const auto code = static_cast<unsigned char>(text[0]);
    const std::string next = visible > 0
                                 ? std::string(text.substr(0, visible))
                                 : std::string{'\\', 'x', digits[code >> 4U], digits[code & 15U]};
    if (shown.size() + next.size() > most) return shown + "...";
    shown += next;
    text.remove_prefix(std::max<std::size_t>(visible, 1));
  }
  return shown;
}

/// The name of a tensor, as messages have it: `'0.weight'`.
[[nodiscard]] inline std::string tensor_name(std::string_view name) {
  // Appended: g++ 12 takes an insertion in front for an overflow and warns.
  std::string quoted = "'";
  quoted += printable(name);
  return quoted += "'";
}

/// The same between quotation marks.
[[nodiscard]] inline std::string in_quotes(std::string_view text) {
  std::string quoted = "\"";
  quoted += printable(text);
  return quoted += '"';
}

/// The first ten of several names between quotation marks, after commas.
[[nodiscard]] inline std::string in_quotes(std::span<const std::string> names) {
  constexpr std::size_t most = 10;
  std::string joined;
  for (const std::string& name : names.first(std::min(names.size(), most))) {
    joined += (joined.empty() ? "" : ", ") + in_quotes(name);
  }
  return joined + (names.size() > most ? ", ..." : "");
}

/// The name of a file or directory: its beginning and its end where it is longer than 400 bytes,
/// for it may be what a stranger's archive made it.
[[nodiscard]] inline std::string printable_path(std::string_view path) {
  constexpr std::size_t most = 400;
  if (path.size() <= most) return printable(path, 4 * most);
  std::size_t rest = path.size() - most / 2;
  while (rest < path.size() && (static_cast<unsigned char>(path[rest]) & 0xc0U) == 0x80) ++rest;
  return printable(path, most / 2) + printable(path.substr(rest), 2 * most);
}

}  // namespace lamina::detail
