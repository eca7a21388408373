#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include <lamina/core/types.hpp>

#include "io/csv_columns.hpp"
#include "io/csv_rows.hpp"

namespace lamina::io {

/// The target column of a CSV file, of which only the end shows whether it holds labels or floats.
/// Each different text is kept once.
class CsvTarget {
 public:
  CsvTarget(const CsvRows& rows, const CsvColumns& columns, const CsvOptions& options);

  void add(const CsvRow& row);

  /// True where the first row has a value of its own, and all others are text that comes twice or
  /// more, as where it names the column.
  [[nodiscard]] bool first_is_alone() const;
  /// Takes back the first row, whose value is its own.
  void drop_first();

  /// Whether the values are class labels, after the options or, where these leave it open, after
  /// the values.
  [[nodiscard]] bool labels() const;

  struct Labels {
    std::vector<Label> values;
    std::vector<std::string> classes;
  };
  [[nodiscard]] Labels to_labels() const;
  [[nodiscard]] std::vector<float> to_floats() const;

 private:
  struct Value {
    std::string text;
    std::uint64_t line = 0;  // the first that has it
  };

  [[nodiscard]] std::vector<std::string> class_names() const;
  [[nodiscard]] std::vector<std::string> class_texts() const;
  [[noreturn]] void fail(const Value& value, const std::string& expected) const;

  const CsvRows& rows_;
  const CsvColumns& columns_;
  const CsvOptions& options_;
  std::size_t column_;
  std::unordered_map<std::string, std::size_t> known_;
  std::vector<Value> values_;          // each once, in the order of the file
  std::vector<std::uint32_t> places_;  // of each row's value among them
};

/// The float of a field, or an error that names its place.
[[nodiscard]] float csv_float(const CsvRows& rows, const CsvColumns& columns, std::uint64_t line,
                              std::size_t column, std::string_view text);

}  // namespace lamina::io
