#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <utility>

#include <lamina/core/error.hpp>
#include <lamina/io/texts.hpp>

#include "io/utf8.hpp"
#include "io/whole_file.hpp"

namespace lamina::io {

/// Takes texts in, which are whole and of UTF-8, up to a number of bytes.
class TextCollector {
 public:
  TextCollector(Texts& to, std::uint64_t max_bytes) : to_{to}, left_{max_bytes} {}

  /// `line` is that in which the text begins.
  void add(const std::filesystem::path& path, std::uint64_t line, std::string text) {
    check(path, line, text);
    count(path, line, text.size());
    to_.texts.push_back(std::move(text));
  }

  static void check(const std::filesystem::path& path, std::uint64_t line, std::string_view text) {
    const std::size_t place = io::find_no_utf8(text);
    if (place == text.size()) return;
    const std::string_view before = text.substr(0, place);
    const auto lines = static_cast<std::uint64_t>(std::ranges::count(before, '\n'));
    const std::size_t begin = before.rfind('\n') + 1;  // 0 where there is none
    constexpr std::string_view digits = "0123456789abcdef";
    const auto byte = static_cast<unsigned char>(text[place]);
    std::string found = "0x";
    found += digits[byte >> 4U];
    found += digits[byte & 15U];
    fail(path, line + lines,
         "expected UTF-8 (other encodings: iconv), found the byte " + found + " as byte " +
             std::to_string(place - begin + 1) + " of the line");
  }

  void count(const std::filesystem::path& path, std::uint64_t line, std::uint64_t bytes) {
    // A text of nothing takes memory, too.
    const std::uint64_t whole = bytes + sizeof(std::string);
    if (whole > left_) fail(path, line, "expected texts within max_bytes up to here, found more");
    left_ -= whole;
  }

  [[nodiscard]] std::uint64_t left() const { return left_; }

 private:
  [[noreturn]] static void fail(const std::filesystem::path& path, std::uint64_t line,
                                const std::string& message) {
    throw Error(in_words(path) + ":" + std::to_string(line) + ": " + message);
  }

  Texts& to_;
  std::uint64_t left_;
};

}  // namespace lamina::io
