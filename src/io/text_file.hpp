#pragma once

#include <charconv>
#include <concepts>
#include <filesystem>
#include <string>
#include <string_view>

namespace lamina::io {

/// Writes a file whole or not at all, see `AtomicFile`.
void write_text(const std::filesystem::path& path, std::string_view text);

/// A field of CSV (RFC 4180): in quotes where it must be.
std::string csv_field(std::string_view text);

/// The shortest text that reads back as the same number.
template <class Number>
  requires std::integral<Number> || std::floating_point<Number>
std::string text_of_number(Number number) {
  char digits[64];
  return {digits, std::to_chars(digits, digits + sizeof digits, number).ptr};
}

}  // namespace lamina::io
