#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <vector>
#include <zip.h>

namespace lamina::io {

/// A zip archive that is read.
///
/// Errors: `Error` naming the file, and the entry where there is one, for what is no archive,
/// damaged (checksums are compared) or encrypted.
class ZipArchive {
 public:
  explicit ZipArchive(std::filesystem::path path);

  /// The names of its entries, in their order.
  [[nodiscard]] const std::vector<std::string>& names() const { return names_; }

  /// One entry that is being read.
  class Entry {
   public:
    /// Fills `to` as far as the entry goes; returns the number of bytes written.
    std::size_t read(std::span<std::uint8_t> to);

   private:
    friend ZipArchive;
    struct Close {
      void operator()(zip_file_t* file) const { zip_fclose(file); }
    };
    Entry(zip_file_t* file) : file_{file} {}
    std::unique_ptr<zip_file_t, Close> file_;
  };

  /// Opens the entry of that place among `names()`. Its errors come without names.
  [[nodiscard]] Entry open(std::size_t entry) const;

 private:
  struct Close {
    void operator()(zip_t* archive) const { zip_discard(archive); }
  };

  std::filesystem::path path_;
  std::unique_ptr<zip_t, Close> archive_;
  std::vector<std::string> names_;
};

}  // namespace lamina::io
