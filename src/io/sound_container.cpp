#include <algorithm>
#include <array>
#include <bit>
#include <cstring>
#include <string>
#include <string_view>

#include <lamina/core/error.hpp>

#include "io/decoded_sound.hpp"

namespace lamina::io {

namespace {

using Bytes = std::span<const std::uint8_t>;

std::string_view letters(Bytes bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

std::uint64_t little_endian(Bytes bytes) {
  std::uint64_t number = 0;
  for (std::size_t i = bytes.size(); i-- > 0;) number = number << 8 | bytes[i];
  return number;
}

void check_riff(Bytes file) {
  if (file.size() < 28) throw Error("expected a whole WAV file, found its beginning");
  std::uint64_t size = little_endian(file.subspan(4, 4));
  // Written into a pipe, a file has a size of nothing or of nearly all.
  constexpr std::uint64_t unknown = 0x7ff00000;
  if (letters(file).starts_with("RF64")) {
    size = little_endian(file.subspan(20, 8));
  } else if (size == 0 || size >= unknown) {
    return;
  }
  // A last chunk of odd length may lack its byte of padding.
  if (size > file.size() - 8 + 1) {
    throw Error("expected a whole WAV file of " + std::to_string(size) +
                " bytes behind the first 8, found " + std::to_string(file.size() - 8));
  }
}

constexpr std::array<std::uint32_t, 256> ogg_table = [] {
  std::array<std::uint32_t, 256> table{};
  for (std::uint32_t byte = 0; byte < 256; ++byte) {
    std::uint32_t sum = byte << 24;
    for (int bit = 0; bit < 8; ++bit) sum = sum << 1 ^ (sum >> 31 != 0 ? 0x04c11db7U : 0U);
    table[byte] = sum;
  }
  return table;
}();

// The checksum of a page counts its own four bytes as zeros.
std::uint32_t ogg_checksum(Bytes page) {
  std::uint32_t sum = 0;
  for (std::size_t i = 0; i < page.size(); ++i) {
    const std::uint32_t byte = i >= 22 && i < 26 ? 0 : page[i];
    sum = sum << 8 ^ ogg_table[sum >> 24 ^ byte];
  }
  return sum;
}

// Source: RFC 3533, "The Ogg Encapsulation Format Version 0".
void check_ogg(Bytes file) {
  constexpr std::size_t header = 27;
  bool ended = false;
  for (std::size_t at = 0; at < file.size();) {
    const Bytes rest = file.subspan(at);
    const auto fail = [&](const char* found) {
      throw Error("expected a whole OGG file, found " + std::string(found) + " at byte " +
                  std::to_string(at));
    };
    if (!letters(rest).starts_with("OggS")) fail("no page");
    if (rest.size() < header || rest.size() < header + rest[26]) fail("half a page");
    std::size_t size = header + rest[26];
    for (const std::uint8_t segment : rest.subspan(header, rest[26])) size += segment;
    if (size > rest.size()) fail("half a page");
    if (ogg_checksum(rest.first(size)) != little_endian(rest.subspan(22, 4))) {
      fail("a damaged page");
    }
    ended = (rest[5] & 4) != 0;
    at += size;
  }
  if (!ended) throw Error("expected a whole OGG file, found no last page at its end");
}

}  // namespace

void check_sound_container(Bytes file) {
  const std::string_view begin = letters(file);
  if (begin.starts_with("OggS")) check_ogg(file);
  if (begin.starts_with("RIFF") || begin.starts_with("RF64")) check_riff(file);
}

}  // namespace lamina::io
