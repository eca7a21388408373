#include "io/safetensors_checksum.hpp"

#include <algorithm>
#include <utility>
#include <zlib.h>

#include <lamina/core/error.hpp>
#include <lamina/core/printable.hpp>

#include "io/little_endian.hpp"

namespace lamina::io {

namespace {

constexpr std::string_view no_digits = "00000000";

/// Where the digits of the header's checksum lie. A quote within a string of JSON has a backslash
/// before it, so that these characters cannot be part of a name; the data's checksum stands before
/// it, so that there is a comma.
std::size_t digits_of(std::string_view header) {
  const std::string before = std::string{",\""} + header_checksum_name + "\":\"";
  const std::size_t at = header.find(before);
  if (at == header.npos || header.size() - at < before.size() + no_digits.size()) {
    return header.npos;
  }
  return at + before.size();
}

std::string checksum_of_header(std::string_view header, std::size_t digits) {
  std::array<std::byte, 8> length{};
  to_little_endian(std::uint64_t{header.size()}, length);
  Checksum checksum;
  checksum.add(length);
  const auto add = [&](std::string_view part) {
    checksum.add(std::as_bytes(std::span{part.data(), part.size()}));
  };
  add(header.substr(0, digits));
  add(no_digits);
  add(header.substr(digits + no_digits.size()));
  return checksum.text();
}

std::optional<std::string> take(Metadata& metadata, const char* name) {
  auto node = metadata.extract(name);
  if (node.empty()) return std::nullopt;
  return std::move(node.mapped());
}

[[noreturn]] void fail(const std::string& expected, const std::string& found) {
  throw Error("expected " + expected + ", found " + found +
              ": the file is damaged, or was changed by a program that kept " +
              std::string{checksum_prefix} + "*");
}

}  // namespace

void Checksum::add(std::span<const std::byte> bytes) {
  if (bytes.empty()) return;  // zlib starts anew where there is a null pointer
  value_ = static_cast<std::uint32_t>(
      crc32_z(value_, reinterpret_cast<const Bytef*>(bytes.data()), bytes.size()));
}

std::string Checksum::text() const {
  std::string text;
  for (int shift = 28; shift >= 0; shift -= 4) text += "0123456789abcdef"[value_ >> shift & 15];
  return text;
}

void seal_header(std::string& header) {
  const std::size_t digits = digits_of(header);
  header.replace(digits, no_digits.size(), checksum_of_header(header, digits));
}

std::optional<std::string> open_seal(std::string_view header, Metadata& metadata) {
  const std::optional<std::string> own = take(metadata, header_checksum_name);
  std::optional<std::string> of_data = take(metadata, data_checksum_name);
  if (!own && !of_data) return std::nullopt;
  if (!own || !of_data) {
    fail("both checksums",
         std::string{"one without "} + (own ? data_checksum_name : header_checksum_name));
  }
  const std::size_t digits = digits_of(header);
  if (digits == header.npos) fail("a header as lamina writes it", "another");
  const std::string found = checksum_of_header(header, digits);
  if (found != *own)
    fail("a header of checksum " + detail::tensor_name(*own), detail::tensor_name(found));
  return of_data;
}

}  // namespace lamina::io
