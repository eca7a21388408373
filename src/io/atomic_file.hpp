#pragma once

#include <cstddef>
#include <filesystem>
#include <optional>
#include <span>
#include <string>

#include "io/temporary_file.hpp"

namespace lamina::io {

/// A file that appears whole or not at all: written beside its place under another name, flushed
/// to the disk, then renamed. Without `commit` nothing is left behind. A link is followed to the
/// file that it means; what is no file, such as a pipe or `/dev/null`, is written to as it is, and
/// so is what stands behind a descriptor that has a name (`/dev/stdout`, `/dev/fd/3`).
///
/// Errors: `Error` naming the file and what the system said.
class AtomicFile {
 public:
  explicit AtomicFile(std::filesystem::path path);
  ~AtomicFile();
  AtomicFile(const AtomicFile&) = delete;
  AtomicFile& operator=(const AtomicFile&) = delete;

  void write(std::span<const std::byte> bytes);
  void commit();

 private:
  [[noreturn]] void fail(const char* what) const;
  [[nodiscard]] int file() const { return beside_ ? beside_->descriptor() : pipe_; }
  void sync_directory() const;

  std::filesystem::path path_;
  std::filesystem::path directory_;
  std::optional<TemporaryFile> beside_;
  int pipe_ = -1;  // or what else is no file
};

}  // namespace lamina::io
