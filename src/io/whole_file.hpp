#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include <lamina/core/error.hpp>
#include <lamina/core/printable.hpp>

#include "io/byte_source.hpp"
#include "io/out_of_memory.hpp"

namespace lamina::io {

/// A path as messages begin with it.
inline std::string in_words(const std::filesystem::path& path) {
  return detail::printable_path(path.string());
}

/// All bytes of a file, packed or not. `is_wanted` judges the first 12 of them, so that a long file
/// of another kind is not read; `wanted` says what it looks for.
template <class IsWanted>
std::vector<std::uint8_t> read_whole(const std::filesystem::path& path, std::string_view wanted,
                                     IsWanted is_wanted) {
  constexpr std::uint64_t most = std::uint64_t{1} << 30;
  ByteSource source{path, {.max_bytes = most}};
  std::vector<std::uint8_t> bytes = source.read_up_to(12);
  const std::string_view begin{reinterpret_cast<const char*>(bytes.data()), bytes.size()};
  if (!is_wanted(begin)) {
    source.fail(
        "expected " + std::string(wanted) + ", found " +
        (begin.empty() ? "an empty file" : "a file that begins with " + detail::in_quotes(begin)));
  }
  const std::vector<std::uint8_t> rest = source.read_up_to(most);
  if (rest.size() == most) source.fail("expected a file of at most 1 GiB, found a larger one");
  bytes.insert(bytes.end(), rest.begin(), rest.end());
  return bytes;
}

/// What `action` makes of a file; its errors, which come without the file's name, with it.
template <class Action>
auto with_name(const std::filesystem::path& path, Action&& action) {
  try {
    return action();
  } catch (const Error& error) {
    throw Error(in_words(path) + ": " + error.what());
  }
}

}  // namespace lamina::io
