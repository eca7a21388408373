#pragma once

#include <cstdint>
#include <stdexcept>
#include <string>
#include <vector>
#include <zlib.h>

#include "io/files.hpp"

/// Zip archives made for the tests.
namespace lamina::testing {

/// A number of so many bytes, lowest first.
inline Bytes little_endian(std::uint64_t number, int bytes) {
  Bytes made;
  for (int i = 0; i < bytes; ++i, number >>= 8) made.push_back(static_cast<std::uint8_t>(number));
  return made;
}

inline Bytes deflated(Bytes bytes) {
  z_stream stream{};
  if (deflateInit2(&stream, 9, Z_DEFLATED, -15, 8, Z_DEFAULT_STRATEGY) != Z_OK) {
    throw std::runtime_error("deflateInit2");
  }
  Bytes packed(deflateBound(&stream, static_cast<uLong>(bytes.size())));
  stream.next_in = bytes.data();
  stream.avail_in = static_cast<uInt>(bytes.size());
  stream.next_out = packed.data();
  stream.avail_out = static_cast<uInt>(packed.size());
  const int result = deflate(&stream, Z_FINISH);
  packed.resize(stream.total_out);
  deflateEnd(&stream);
  if (result != Z_STREAM_END) throw std::runtime_error("deflate");
  return packed;
}

struct ZipEntry {
  std::string name;
  Bytes content;
  bool packed = true;
};

/// An archive as `numpy.savez` and `savez_compressed` write it.
inline Bytes zip(const std::vector<ZipEntry>& entries) {
  Bytes files;
  Bytes directory;
  for (const ZipEntry& entry : entries) {
    const Bytes data = entry.packed ? deflated(entry.content) : entry.content;
    const auto sum = crc32_z(0, entry.content.data(), entry.content.size());
    // Version, flags, method, time, date, checksum, sizes, lengths of name and extra field.
    const Bytes facts = little_endian(20, 2) + little_endian(0, 2) +
                        little_endian(entry.packed ? 8 : 0, 2) + little_endian(0x21 << 16, 4) +
                        little_endian(sum, 4) + little_endian(data.size(), 4) +
                        little_endian(entry.content.size(), 4) +
                        little_endian(entry.name.size(), 2) + little_endian(0, 2);
    const Bytes name(entry.name.begin(), entry.name.end());
    directory = directory + little_endian(0x02014b50, 4) + little_endian(20, 2) + facts +
                little_endian(0, 10) + little_endian(files.size(), 4) + name;
    files = files + little_endian(0x04034b50, 4) + facts + name + data;
  }
  const std::size_t count = entries.size();
  return files + directory + little_endian(0x06054b50, 4) + little_endian(0, 4) +
         little_endian(count, 2) + little_endian(count, 2) + little_endian(directory.size(), 4) +
         little_endian(files.size(), 4) + little_endian(0, 2);
}

}  // namespace lamina::testing
