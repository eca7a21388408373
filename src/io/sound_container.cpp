#include <algorithm>
#include <array>
#include <bit>
#include <cstring>
#include <map>
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

// Written into a pipe, a file has sizes of nothing or of nearly all.
bool is_open(std::uint64_t size) {
  return size == 0 || size >= 0x7ff00000;
}

void check_riff(Bytes file) {
  if (file.size() < 36) throw Error("expected a whole WAV file, found its beginning");
  const bool large = letters(file).starts_with("RF64");
  const std::uint64_t size = little_endian(large ? file.subspan(20, 8) : file.subspan(4, 4));
  const bool open = !large && is_open(size);

  std::uint64_t at = 12;
  std::uint64_t length = 0;  // of the chunk at this byte
  const auto padding = [&] { return length % 2; };
  for (;; at += 8 + length + padding()) {
    if (at > file.size() - 8) throw Error("expected a WAV file with samples, found no data chunk");
    const Bytes chunk = file.subspan(at);
    length = little_endian(chunk.subspan(4, 4));
    if (letters(chunk).starts_with("data")) break;
  }
  if (large && length == 0xffffffff) length = little_endian(file.subspan(28, 8));
  if (open && is_open(length)) return;
  const std::uint64_t there = file.size() - at - 8;
  if (length > there) {
    throw Error("expected a whole WAV file of " + std::to_string(length) +
                " bytes of samples, found " + std::to_string(there));
  }
  // At the file's end samples of an odd number of bytes may lack their byte of padding.
  const std::uint64_t lacking = length == there ? padding() : 0;
  if (!open && size > file.size() - 8 + lacking) {
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
  std::map<std::uint64_t, std::uint32_t> next;  // page of each stream that has not ended
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
    const std::uint64_t stream = little_endian(rest.subspan(14, 4));
    const auto page = static_cast<std::uint32_t>(little_endian(rest.subspan(18, 4)));
    const bool is_first = (rest[5] & 2) != 0;
    const bool is_last = (rest[5] & 4) != 0;
    const auto [expected, is_new] = next.try_emplace(stream, page);
    if (is_first != is_new || expected->second != page) fail("a gap before the page");
    ++expected->second;
    if (is_last) next.erase(expected);
    at += size;
  }
  if (!next.empty()) throw Error("expected a whole OGG file, found no last page at its end");
}

}  // namespace

void check_sound_container(Bytes file) {
  const std::string_view begin = letters(file);
  if (begin.starts_with("OggS")) check_ogg(file);
  if (begin.starts_with("RIFF") || begin.starts_with("RF64")) check_riff(file);
}

}  // namespace lamina::io
