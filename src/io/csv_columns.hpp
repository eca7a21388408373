#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include <lamina/io/csv.hpp>

namespace lamina::io {

/// The columns of a CSV file, and what they are for; places count from 0.
struct CsvColumns {
  std::size_t count = 0;
  std::vector<std::string> names;  // empty without a header
  std::vector<std::size_t> features;
  std::vector<std::size_t> targets;

  /// As messages call a column: `column 3 "height"`.
  [[nodiscard]] std::string text(std::size_t column) const;
  /// The names of some columns; empty without a header.
  [[nodiscard]] std::vector<std::string> names_of(const std::vector<std::size_t>& columns) const;
};

/// Finds the columns that the options name. Throws `Error` without the file's name.
[[nodiscard]] CsvColumns choose_columns(std::size_t count, std::vector<std::string> names,
                                        const CsvOptions& options);

}  // namespace lamina::io
