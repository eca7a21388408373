#pragma once

#include <algorithm>
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <stdexcept>
#include <string>
#include <zlib.h>

#include <lamina/io/idx.hpp>

#include "errors.hpp"
#include "io/files.hpp"

/// IDX files made for the tests.
namespace lamina::testing {

inline Bytes big_endian(std::initializer_list<std::uint32_t> numbers) {
  Bytes bytes;
  for (const std::uint32_t number : numbers) {
    for (const int shift : {24, 16, 8, 0}) {
      bytes.push_back(static_cast<std::uint8_t>(number >> shift));
    }
  }
  return bytes;
}

// Pixels count up, so that every place differs from its neighbours.
inline Bytes images(std::uint32_t count, std::uint32_t rows, std::uint32_t columns) {
  Bytes bytes = big_endian({0x00000803, count, rows, columns});
  for (std::uint32_t i = 0; i < count * rows * columns; ++i) {
    bytes.push_back(static_cast<std::uint8_t>(i * 5));
  }
  return bytes;
}

inline Bytes labels(const Bytes& values) {
  return big_endian({0x00000801, static_cast<std::uint32_t>(values.size())}) + values;
}

inline Bytes gzip(Bytes bytes) {
  z_stream stream{};
  constexpr int gzip_window = 15 + 16;
  if (deflateInit2(&stream, 9, Z_DEFLATED, gzip_window, 8, Z_DEFAULT_STRATEGY) != Z_OK) {
    throw std::runtime_error("deflateInit2");
  }
  Bytes packed(deflateBound(&stream, static_cast<uLong>(bytes.size())) + 32);
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

// Reads what it is given as files; a good pair of 3 images of 2 x 2 where not said otherwise.
struct Pair {
  TemporaryDirectory directory;
  Bytes images_file = images(3, 2, 2);
  Bytes labels_file = labels({4, 0, 7});

  Dataset read() const {
    write_file(directory / "images", images_file);
    write_file(directory / "labels", labels_file);
    return read_idx(directory / "images", directory / "labels");
  }
  std::string error() const {
    return error_of([this] { (void)read(); });
  }
  // Nothing, where the files are refused; any exception but `Error` ends the test.
  std::optional<Dataset> try_read() const {
    try {
      return read();
    } catch (const Error&) {
      return std::nullopt;
    }
  }
};

inline bool same(const Dataset& left, const Dataset& right) {
  return std::ranges::equal(left.inputs(), right.inputs()) &&
         std::ranges::equal(left.labels(), right.labels()) && left.shape() == right.shape();
}

}  // namespace lamina::testing
