#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include <lamina/core/error.hpp>

#include "io/byte_source.hpp"
#include "io/utf8.hpp"
#include "io/whole_file.hpp"

namespace lamina::text {

/// Most bytes of a vocabulary or a table of synonyms: WordNet's largest file has 15 MB.
inline constexpr std::uint64_t most_bytes = std::uint64_t{1} << 28;

[[noreturn]] inline void fail_at(const std::filesystem::path& path, std::size_t line,
                                 const std::string& message) {
  throw Error(io::in_words(path) + ":" + std::to_string(line) + ": " + message);
}

/// Calls line(number, text) for the lines of a file, which end with LF or CR LF.
template <class Line>
void for_each_line(const std::filesystem::path& path, const Line& line) {
  io::ByteSource source{path, {.max_bytes = most_bytes}};
  const std::vector<std::uint8_t> bytes = source.read_up_to(most_bytes);
  if (bytes.size() == most_bytes) source.fail("expected a file below 256 MiB, found a larger one");
  std::string_view rest{reinterpret_cast<const char*>(bytes.data()), bytes.size()};
  for (std::size_t number = 1; !rest.empty(); ++number) {
    const std::size_t end = std::min(rest.find('\n'), rest.size());
    std::string_view text = rest.substr(0, end);
    if (text.ends_with('\r')) text.remove_suffix(1);
    line(number, text);
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
}

inline void expect_utf8(const std::filesystem::path& path, std::size_t line,
                        std::string_view text) {
  if (const std::size_t place = io::find_no_utf8(text); place != text.size()) {
    fail_at(path, line,
            "expected UTF-8 without zeros, found another byte as byte " +
                std::to_string(place + 1) + " of the line");
  }
}

}  // namespace lamina::text
