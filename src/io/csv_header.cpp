#include "io/csv_header.hpp"

#include <algorithm>
#include <cstddef>
#include <string>
#include <vector>

#include <lamina/core/printable.hpp>

#include "io/csv_values.hpp"

namespace lamina::io {

namespace {

using Fields = std::vector<std::string>;

bool is_number(const std::string& field) {
  return to_number(field).has_value();
}

bool is_text(const std::string& field) {
  return !is_missing(field) && !is_number(field);
}

// "7" as a name would have it: not "7.0", "+7" or "07".
bool is_plain_whole(const std::string& field) {
  const auto whole = to_whole(field);
  return whole && std::to_string(*whole) == field;
}

// True where the fields from `first` on are 0, 1, 2, ...: what pandas calls columns without names.
bool counts_from(const Fields& fields, std::size_t first) {
  for (std::size_t i = first; i < fields.size(); ++i) {
    if (fields[i] != std::to_string(i - first)) return false;
  }
  return true;
}

// True for whole numbers each of which is one more than that before it: such rows are samples.
bool goes_on_counting(const Fields& fields) {
  for (std::size_t i = 0; i < fields.size(); ++i) {
    if (!is_plain_whole(fields[i])) return false;
    if (i > 0 && *to_whole(fields[i]) != *to_whole(fields[i - 1]) + 1) return false;
  }
  return true;
}

// The header that pandas makes up, with or without a first column for its index. Two columns are
// too few: 0,1 is a likely sample.
bool is_counted(const Fields& first, const Fields& second) {
  if (first.size() < 3) return false;
  if (first.front().empty() && counts_from(first, 1)) return true;
  return counts_from(first, 0) && !goes_on_counting(second);
}

// True where the options ask for a column by a name that stands in this row.
bool is_asked_for(const Fields& first, const CsvOptions& options) {
  const auto there = [&](const std::string& name) {
    return !name.empty() && !name.starts_with('#') && std::ranges::find(first, name) != first.end();
  };
  return there(options.target) || std::ranges::any_of(options.targets, there) ||
         std::ranges::any_of(options.features, there);
}

bool could_be_names(Fields fields) {
  if (!std::ranges::all_of(fields, is_plain_whole)) return false;
  std::ranges::sort(fields);
  return std::ranges::adjacent_find(fields) == fields.end();
}

}  // namespace

bool is_header(const CsvRow& first, const std::optional<CsvRow>& second,
               const CsvOptions& options) {
  if (options.header != CsvOptions::Header::Auto) {
    return options.header == CsvOptions::Header::Yes;
  }
  if (is_asked_for(first.fields, options)) return true;
  if (!second) return std::ranges::none_of(first.fields, is_number);
  const std::size_t columns = std::min(first.fields.size(), second->fields.size());
  for (std::size_t column = 0; column < columns; ++column) {
    if (is_text(first.fields[column]) && !is_text(second->fields[column])) return true;
  }
  return is_counted(first.fields, second->fields);
}

bool is_header_by_target(const CsvRows& rows, const CsvRow& first, const CsvColumns& columns) {
  const std::string& target = first.fields[columns.targets.front()];
  Fields names;
  for (const std::size_t column : columns.features) names.push_back(first.fields[column]);
  const bool counted = names.size() > 1 && counts_from(names, 0);
  if (counted || (is_number(target) && could_be_names(names))) return true;
  rows.fail(first.line(), columns.text(columns.targets.front()) +
                              ": expected a class that other rows have, too, found " +
                              detail::in_quotes(target) +
                              " here alone: Header::Yes makes this row the columns' names, "
                              "Header::No a sample");
}

}  // namespace lamina::io
