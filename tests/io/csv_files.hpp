#pragma once

#include <string>
#include <string_view>

#include <lamina/io/csv.hpp>

#include "errors.hpp"
#include "io/files.hpp"

/// CSV files made for the tests.
namespace lamina::testing {

inline Bytes bytes_of(std::string_view text) {
  return {text.begin(), text.end()};
}

struct CsvFile {
  explicit CsvFile(std::string_view text) { write(bytes_of(text)); }
  explicit CsvFile(const Bytes& bytes) { write(bytes); }

  [[nodiscard]] Dataset read(const CsvOptions& options = {}) const {
    return read_csv(path(), options);
  }
  [[nodiscard]] std::string error(const CsvOptions& options = {}) const {
    return error_of([&] { (void)read(options); });
  }
  /// "<file>:<line>: ", with which the errors of a line begin.
  [[nodiscard]] std::string at(int line) const {
    return path().string() + ":" + std::to_string(line) + ": ";
  }
  [[nodiscard]] std::filesystem::path path() const { return directory / "table.csv"; }

 private:
  void write(const Bytes& bytes) const { write_file(path(), bytes); }

  TemporaryDirectory directory;
};

}  // namespace lamina::testing
