#include "io/csv_columns.hpp"

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <optional>
#include <string_view>
#include <unordered_map>
#include <utility>

#include <lamina/core/error.hpp>
#include <lamina/core/printable.hpp>

#include "io/csv_values.hpp"

namespace lamina::io {

namespace {

// "#3" is the third column, "#-1" the last.
std::optional<std::size_t> numbered(const std::string& name, std::size_t count) {
  if (!name.starts_with('#')) return std::nullopt;
  std::int64_t number = 0;
  const char* const end = name.data() + name.size();
  const auto [stop, code] = std::from_chars(name.data() + 1, end, number);
  const auto columns = static_cast<std::int64_t>(count);
  if (stop != end || code != std::errc{} || number == 0 || number < -columns || number > columns) {
    return std::nullopt;
  }
  return static_cast<std::size_t>(number > 0 ? number - 1 : columns + number);
}

std::size_t find(const std::string& name, const CsvColumns& columns) {
  const auto place = std::ranges::find(columns.names, name);
  if (place != columns.names.end()) {
    return static_cast<std::size_t>(place - columns.names.begin());
  }
  if (const auto column = numbered(name, columns.count)) return *column;
  const std::string last = std::to_string(columns.count);
  throw Error(
      std::string("expected a column ") + detail::in_quotes(name) +
      (name.starts_with('#') ? " from #1 to #" + last + " or from #-" + last + " to #-1" : "") +
      ", found " + last + " columns" +
      (columns.names.empty() ? " without names" : ": " + detail::in_quotes(columns.names)));
}

void check_names(const CsvColumns& columns) {
  std::unordered_map<std::string_view, std::size_t> first;
  for (std::size_t column = 0; column < columns.names.size(); ++column) {
    const auto [known, is_new] = first.try_emplace(columns.names[column], column);
    if (is_new || columns.names[column].empty()) continue;
    throw Error(std::string("expected a name of its own for each column, found ") +
                columns.text(column) + " named as column " + std::to_string(known->second + 1));
  }
}

}  // namespace

std::string CsvColumns::text(std::size_t column) const {
  const std::string number = std::string("column ") + std::to_string(column + 1);
  return names.empty() ? number : number + " " + detail::in_quotes(names[column]);
}

std::vector<std::string> CsvColumns::names_of(const std::vector<std::size_t>& columns) const {
  std::vector<std::string> chosen;
  if (names.empty()) return chosen;
  for (const std::size_t column : columns) chosen.push_back(names[column]);
  return chosen;
}

CsvColumns choose_columns(std::size_t count, std::vector<std::string> names,
                          const CsvOptions& options) {
  CsvColumns columns{count, std::move(names), {}, {}};
  check_names(columns);
  for (const std::string& name : options.targets) columns.targets.push_back(find(name, columns));
  if (options.targets.empty() && !options.target.empty()) {
    columns.targets.push_back(find(options.target, columns));
  }
  for (const std::string& name : options.features) columns.features.push_back(find(name, columns));

  std::vector<bool> used(count, false);
  for (const auto* chosen : {&columns.targets, &columns.features}) {
    for (const std::size_t column : *chosen) {
      if (used[column]) {
        throw Error(std::string("expected each column once among features and targets, found ") +
                    columns.text(column) + " twice");
      }
      used[column] = true;
    }
  }
  for (std::size_t column = 0; options.features.empty() && column < count; ++column) {
    if (!used[column]) columns.features.push_back(column);
  }
  if (columns.features.empty()) {
    throw Error(std::string("expected a column beside the targets, found ") +
                std::to_string(count) + " in all between delimiters '" +
                detail::printable({&options.delimiter, 1}) + "'");
  }
  return columns;
}

}  // namespace lamina::io
