#include "plot/data_file.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <limits>
#include <system_error>
#include <utility>

#include <lamina/core/error.hpp>
#include <lamina/core/printable.hpp>

#include "io/csv_rows.hpp"

namespace lamina::plot {

DataFile::DataFile(const std::filesystem::path& path, std::initializer_list<std::string_view> first)
    : path_{path} {
  constexpr std::uint64_t most_bytes = std::uint64_t{1} << 28U;  // of a picture a few megabytes
  std::error_code none;
  if (!std::filesystem::is_regular_file(path, none)) {
    throw Error(detail::printable_path(path.string()) +
                ": expected the data of a picture, found no file");
  }
  io::CsvRows rows{path, ',', {.max_bytes = most_bytes}};
  io::CsvRow row;
  while (rows.next(row)) {
    if (names_.empty()) {
      if (row.fields.size() < first.size() ||
          !std::equal(first.begin(), first.end(), row.fields.begin())) {
        fail_at(row.line(), "the names of the columns of this picture", "others");
      }
      names_ = row.fields;
      continue;
    }
    // Fields at the end may be left out.
    if (row.fields.size() > names_.size()) {
      fail_at(row.line(), std::to_string(names_.size()) + " fields at most",
              std::to_string(row.fields.size()));
    }
    row.fields.resize(names_.size());
    rows_.push_back({row.fields, row.line()});
  }
  if (rows_.empty()) fail_at(1, "the data of a picture", "none");
}

double DataFile::number(std::size_t row, std::size_t column) const {
  constexpr double most = 1e150;  // extents stay finite
  const std::string& field = text(row, column);
  if (field.empty()) return std::numeric_limits<double>::quiet_NaN();
  double number = 0;
  const char* const end = field.data() + field.size();
  const auto [stop, code] = std::from_chars(field.data(), end, number);
  const bool whole = stop == end && code == std::errc{};
  if (!whole || (std::isfinite(number) && std::abs(number) > most)) {
    fail(row, "a number in column " + detail::printable(names_[column]),
         "'" + detail::printable(field) + "'");
  }
  return number;
}

std::size_t DataFile::count(std::size_t row, std::size_t column, std::size_t most) const {
  const double number = this->number(row, column);
  if (number >= 0 && number <= static_cast<double>(most) && std::trunc(number) == number) {
    return static_cast<std::size_t>(number);
  }
  fail(row,
       "a whole number from 0 to " + std::to_string(most) + " in column " +
           detail::printable(names_[column]),
       "'" + detail::printable(text(row, column)) + "'");
}

void DataFile::fail(std::size_t row, const std::string& expected, const std::string& found) const {
  fail_at(rows_[row].line, expected, found);
}

void DataFile::fail_at(std::uint64_t line, const std::string& expected,
                       const std::string& found) const {
  throw Error(detail::printable_path(path_.string()) + ":" + std::to_string(line) + ": expected " +
              expected + ", found " + found);
}

}  // namespace lamina::plot
