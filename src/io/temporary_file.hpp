#pragma once

#include <filesystem>
#include <string>

namespace lamina::io {

/// A new file under a name that nobody else uses, gone with this unless it was put in place.
///
/// It is locked (flock) for as long as its writer lives: whoever finds the file may take the lock
/// only where the writer is gone, be that another process, one in another container, whose process
/// id means nothing here, or on another machine. The name says under which start of which machine
/// the file was made, for where locks do not reach from one machine to another (some network file
/// systems).
class TemporaryFile {
 public:
  /// `ending`: of the name, for what goes by it. `descriptor` is -1 and `errno` says why where the
  /// file cannot be made.
  TemporaryFile(std::filesystem::path directory, const char* ending);
  ~TemporaryFile();
  TemporaryFile(const TemporaryFile&) = delete;
  TemporaryFile& operator=(const TemporaryFile&) = delete;

  [[nodiscard]] int descriptor() const { return file_; }
  [[nodiscard]] const std::filesystem::path& path() const { return path_; }

  /// Gives the file its own name, and replaces what has it.
  /// Returns whether that was possible; `errno` says why not.
  bool put(const std::filesystem::path& place);

 private:
  bool open_new(const std::string& name);

  std::filesystem::path directory_;
  std::filesystem::path path_;
  int file_ = -1;
};

/// What all names of temporary files begin with, also of the lock of a run.
inline constexpr const char* temporary_mark = ".lamina-";

/// True where a lock on an open file was taken, or the file system knows none; false where another
/// holds it.
[[nodiscard]] bool lock_file(int file);

/// True where a lock on an open file was taken.
[[nodiscard]] bool is_free(int file);

}  // namespace lamina::io
