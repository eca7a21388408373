#pragma once

#include <algorithm>
#include <cstdint>
#include <filesystem>
#include <string>
#include <system_error>

#include <lamina/core/error.hpp>

namespace lamina::io {

/// Counts what comes out of a packed file.
class UnpackedBytes {
 public:
  /// At most `max_bytes` may, or as many as the file has itself.
  UnpackedBytes(const std::filesystem::path& path, std::uint64_t max_bytes) : most_{max_bytes} {
    std::error_code code;
    const std::uint64_t size = std::filesystem::file_size(path, code);
    if (!code) most_ = std::max(most_, size);
  }

  /// Counts more of them. Throws `Error` without the file's name where they are too many.
  void add(std::uint64_t bytes) {
    if (bytes > most_ - done_) {
      throw Error("expected at most " + std::to_string(most_) +
                  " bytes when unpacked (max_bytes; what is unpacked beforehand has no such bound),"
                  " found more");
    }
    done_ += bytes;
  }

 private:
  std::uint64_t most_;
  std::uint64_t done_ = 0;
};

}  // namespace lamina::io
