#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

namespace lamina::plot {

/// The data of a picture, read from its file: `Table::text` read back.
///
/// Errors: `Error` naming the file and the line, what was expected and what was found, for a file
/// that is not there, has other columns or rows of other lengths, and for numbers that are none.
class DataFile {
 public:
  /// `first`: the names that the columns begin with.
  DataFile(const std::filesystem::path& path, std::initializer_list<std::string_view> first);

  [[nodiscard]] std::size_t rows() const { return rows_.size(); }
  [[nodiscard]] const std::vector<std::string>& names() const { return names_; }
  [[nodiscard]] const std::string& text(std::size_t row, std::size_t column) const {
    return rows_[row].fields[column];
  }
  /// NaN for an empty field; what is finite leaves room for sums.
  [[nodiscard]] double number(std::size_t row, std::size_t column) const;
  /// A whole number from 0 to `most`.
  [[nodiscard]] std::size_t count(std::size_t row, std::size_t column,
                                  std::size_t most = std::size_t{1} << 53U) const;

  /// Throws `Error` of a row.
  [[noreturn]] void fail(std::size_t row, const std::string& expected,
                         const std::string& found) const;

 private:
  struct Row {
    std::vector<std::string> fields;
    std::uint64_t line;
  };
  [[noreturn]] void fail_at(std::uint64_t line, const std::string& expected,
                            const std::string& found) const;

  std::filesystem::path path_;
  std::vector<std::string> names_;
  std::vector<Row> rows_;
};

}  // namespace lamina::plot
