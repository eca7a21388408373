#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <span>
#include <string>
#include <vector>
#include <zlib.h>

#include <lamina/io/read_options.hpp>

#include "io/unpacked_bytes.hpp"

namespace lamina::io {

/// The bytes of a file, front to back, unpacked where the content is gzip.
///
/// Errors: `Error` naming the file, for a file that is missing or not a regular one, and for a gzip
/// stream that is truncated, corrupted, followed by something else or gives more than `max_bytes`.
class ByteSource {
 public:
  explicit ByteSource(std::filesystem::path path, const ReadOptions& options = {});
  ~ByteSource();
  ByteSource(const ByteSource&) = delete;
  ByteSource& operator=(const ByteSource&) = delete;

  /// Fills `to` as far as the content goes; returns the number of bytes written.
  std::size_t read(std::span<std::uint8_t> to);

  /// Reads at most `most` bytes. Memory grows with what is there, so `most` may come from a header.
  std::vector<std::uint8_t> read_up_to(std::uint64_t most);

  [[nodiscard]] bool gzip() const { return gzip_; }

  /// Throws `Error` with the file's name before the message.
  [[noreturn]] void fail(const std::string& message) const;

 private:
  bool refill();
  std::size_t read_plain(std::span<std::uint8_t> to);
  std::size_t read_gzip(std::span<std::uint8_t> to);
  void count(std::size_t unpacked);
  void next_member();

  std::filesystem::path path_;
  std::ifstream file_;
  std::array<std::uint8_t, 64 * 1024> buffer_;
  std::span<std::uint8_t> waiting_;  // what of the buffer is not yet used
  UnpackedBytes unpacked_;
  z_stream stream_{};
  bool gzip_ = false;
  bool ended_ = false;
};

}  // namespace lamina::io
