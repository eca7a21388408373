#pragma once

#include <filesystem>
#include <sys/stat.h>
#include <utility>

/// Files that are run, or that decide what is run: they are this user's, and nobody else writes to
/// them.
namespace lamina::program {

/// An open file, closed with this.
class OpenFile {
 public:
  explicit OpenFile(int file = -1) : file_{file} {}
  ~OpenFile();
  OpenFile(OpenFile&& other) noexcept : file_{std::exchange(other.file_, -1)} {}
  OpenFile& operator=(OpenFile&&) = delete;
  OpenFile(const OpenFile&) = delete;
  OpenFile& operator=(const OpenFile&) = delete;

  [[nodiscard]] int get() const { return file_; }
  [[nodiscard]] bool is_open() const { return file_ >= 0; }

 private:
  int file_;
};

/// Whatever this process and its children make is for this user alone, while this lives.
class PrivateMode {
 public:
  PrivateMode() : before_{umask(077)} {}
  ~PrivateMode() { umask(before_); }
  PrivateMode(const PrivateMode&) = delete;
  PrivateMode& operator=(const PrivateMode&) = delete;

 private:
  mode_t before_;
};

/// The directory, made with those above it where it is not there.
///
/// Errors: `Error` that says what to do, where it cannot be made, is a link, belongs to another
/// user or may be written to by others.
OpenFile open_private_directory(const std::filesystem::path& path);

/// The file `name` in such a directory, to be read; not open where there is none.
/// Errors: `Error` as for a directory.
OpenFile open_private_file(const OpenFile& directory, const std::filesystem::path& path);

/// The right to make a file, of one process at a time, until this or the process is gone; where
/// others have it, it is waited for. On file systems that know no locks nobody has it.
class FileLock {
 public:
  explicit FileLock(std::filesystem::path path);
  ~FileLock();
  FileLock(const FileLock&) = delete;
  FileLock& operator=(const FileLock&) = delete;

  [[nodiscard]] bool is_held() const { return held_; }

 private:
  std::filesystem::path path_;
  int file_ = -1;
  bool held_ = false;
};

}  // namespace lamina::program
