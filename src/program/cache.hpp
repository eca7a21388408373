#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "program/private_files.hpp"

namespace lamina::program {

/// An executable of the cache, open: what is run is the file that was looked at.
struct Executable {
  OpenFile file;
  std::filesystem::path path;
};

/// Where compiled networks are kept: `$XDG_CACHE_HOME/lamina`, or `~/.cache/lamina` where that
/// variable is not set, empty or a relative path, which the XDG specification wants ignored.
///
/// An executable lies there under its key, with its code (`.cpp`), the headers that it was made
/// from (`.d`) and its size and CRC-32 (`.sum`), which is written last.
class Cache {
 public:
  /// Errors: `Error` where there is no place for it, or one that others can write to.
  Cache();

  [[nodiscard]] const std::filesystem::path& directory() const { return path_; }

  /// The executable with that key; nothing where there is none, it is damaged, or a header that it
  /// was made from has changed since.
  /// Errors: `Error` where others can write to it.
  [[nodiscard]] std::optional<Executable> find(const std::string& key) const;

  /// Takes the files `stem` with `.tmp` (the executable), `.cpp` and `.d` for those of that key.
  /// Errors: `Error` where the system refuses.
  void keep(const std::filesystem::path& stem, const std::string& key) const;

 private:
  std::filesystem::path path_;
  OpenFile file_;
};

/// Errors: `Error` where no place is known.
[[nodiscard]] std::filesystem::path cache_directory();

}  // namespace lamina::program
