#pragma once

#include <cstddef>
#include <cstdint>
#include <csv.h>
#include <exception>
#include <filesystem>
#include <span>
#include <string>
#include <vector>

#include "io/byte_source.hpp"

namespace lamina::io {

/// One row of a CSV file, and the line in which each of its fields begins.
struct CsvRow {
  std::vector<std::string> fields;
  std::vector<std::uint64_t> lines;

  [[nodiscard]] std::uint64_t line() const { return lines.front(); }
};

/// The rows of a CSV file, one after another; lines without a field are left out.
class CsvRows {
 public:
  CsvRows(std::filesystem::path path, char delimiter, const ReadOptions& options);
  ~CsvRows();
  CsvRows(const CsvRows&) = delete;
  CsvRows& operator=(const CsvRows&) = delete;

  /// Reads the next row; false at the end of the file.
  bool next(CsvRow& row);

  /// Throws `Error` with the file's name, and with the line, before the message.
  [[noreturn]] void fail(const std::string& message) const;
  [[noreturn]] void fail(std::uint64_t line, const std::string& message) const;

 private:
  static void on_field(void* text, std::size_t size, void* self) noexcept;
  static void on_row(int end, void* self) noexcept;
  bool refill();
  void parse_line();
  void count_line(std::uint8_t last);
  void check_parser(bool all);

  std::filesystem::path path_;
  ByteSource source_;
  csv_parser parser_{};
  std::vector<std::uint8_t> buffer_;
  std::span<std::uint8_t> waiting_;  // what of the buffer is not yet used
  CsvRow row_;
  std::uint64_t line_ = 1;
  std::uint64_t field_line_ = 1;  // where the field that is being read begins
  bool begun_ = false;            // something of a row was read
  bool ended_ = false;            // a row is complete
  bool after_return_ = false;     // the last byte was CR: an LF after it ends the same line
  bool at_end_ = false;           // the file is read
  bool first_ = true;             // nothing was read yet
  std::exception_ptr thrown_;     // in a callback: C code is no way for exceptions
};

}  // namespace lamina::io
