#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>
#include <utility>

#include <lamina/core/error.hpp>
#include <lamina/core/printable.hpp>
#include <lamina/io/csv.hpp>

#include "io/averages.hpp"
#include "io/csv_columns.hpp"
#include "io/csv_header.hpp"
#include "io/csv_rows.hpp"
#include "io/csv_target.hpp"
#include "io/csv_values.hpp"
#include "io/out_of_memory.hpp"

namespace lamina {

namespace {

using io::CsvColumns;
using io::CsvRow;
using io::CsvRows;
using Missing = CsvOptions::Missing;

void check(const CsvOptions& options) {
  const auto refuse = [](const std::string& message) {
    throw Error(std::string("read_csv: expected ") + message);
  };
  if (std::string_view("\"\n\r \0", 5).find(options.delimiter) != std::string_view::npos) {
    refuse("a delimiter that is no quote, space or end of a line, found one");
  }
  std::vector<float> fills = options.fill_values;
  fills.push_back(options.fill_value);
  const auto infinite =
      std::ranges::find_if_not(fills, [](float fill) { return std::isfinite(fill); });
  if (options.missing == Missing::Value && infinite != fills.end()) {
    refuse("a finite fill_value, found " + std::to_string(*infinite));
  }
  if (options.missing != Missing::Value && !options.fill_values.empty()) {
    refuse("fill_values with Missing::Value alone, found them with another");
  }
  std::vector<std::string> classes = options.classes;
  std::ranges::sort(classes);
  const auto twice = std::ranges::adjacent_find(classes);
  if (twice != classes.end())
    refuse("each class once, found " + detail::in_quotes(*twice) + " twice");
  if (!options.classes.empty() &&
      (!options.targets.empty() || options.task == CsvOptions::Task::Regression)) {
    refuse("classes for labels alone, found them given for float targets");
  }
  if (!options.targets.empty() && options.task == CsvOptions::Task::Classification) {
    refuse("one target column for labels, found " + std::to_string(options.targets.size()) +
           " in targets");
  }
}

// The numbers of the columns chosen, row by row; NaN stands for what is missing.
class Table {
 public:
  Table(const CsvRows& rows, const CsvColumns& columns, const CsvOptions& options)
      : rows_{rows}, columns_{columns}, options_{options} {
    const std::size_t fills = options.fill_values.size();
    if (fills > 0 && fills != columns.features.size()) {
      rows.fail(std::string("expected ") + std::to_string(fills) +
                " features, one for each of fill_values, found " +
                std::to_string(columns.features.size()));
    }
    if (columns.targets.size() == 1 && options.targets.empty()) {
      target_.emplace(rows, columns, options);
    }
  }

  void add(const CsvRow& row) {
    if (row.fields.size() != columns_.count) {
      rows_.fail(row.line(), std::string("expected ") + std::to_string(columns_.count) +
                                 " columns, found " + std::to_string(row.fields.size()));
    }
    for (std::size_t at = 0; at < columns_.features.size(); ++at) {
      inputs_.push_back(feature(row, at));
    }
    if (target_) {
      target_->add(row);
    } else {
      for (const std::size_t column : columns_.targets) {
        targets_.push_back(number(row, column));
      }
    }
  }

  /// True where the first row's target is a text or number of its own among texts.
  [[nodiscard]] bool first_target_is_alone() const { return target_ && target_->first_is_alone(); }

  /// Takes back the first row, whose target is alone: it has the names.
  void drop_first() {
    inputs_.erase(inputs_.begin(),
                  inputs_.begin() + static_cast<std::ptrdiff_t>(columns_.features.size()));
    target_->drop_first();
  }

  [[nodiscard]] Dataset finish() {
    fill();
    Names names{.features = columns_.names_of(columns_.features)};
    const auto features = static_cast<int>(columns_.features.size());
    if (columns_.targets.empty()) {
      return Dataset(features, std::move(inputs_)).named(std::move(names));
    }
    names.targets = columns_.names_of(columns_.targets);
    if (target_ && target_->labels()) {
      auto [labels, classes] = target_->to_labels();
      names.classes = std::move(classes);
      return Dataset(features, std::move(inputs_), std::move(labels)).named(std::move(names));
    }
    if (target_) targets_ = target_->to_floats();
    return Dataset(features, std::move(inputs_), std::move(targets_), columns_.targets.size())
        .named(std::move(names));
  }

 private:
  float number(const CsvRow& row, std::size_t column) const {
    if (io::is_missing(row.fields[column])) {
      rows_.fail(row.lines[column], columns_.text(column) +
                                        ": expected a number, found a missing value " +
                                        detail::in_quotes(row.fields[column]));
    }
    return io::csv_float(rows_, columns_, row.lines[column], column, row.fields[column]);
  }

  float feature(const CsvRow& row, std::size_t at) const {
    const std::size_t column = columns_.features[at];
    const bool missing = io::is_missing(row.fields[column]);
    if (!missing || options_.missing == Missing::Error) return number(row, column);
    if (options_.missing == Missing::Value) {
      return options_.fill_values.empty() ? options_.fill_value : options_.fill_values[at];
    }
    return std::numeric_limits<float>::quiet_NaN();
  }

  void fill() {
    if (options_.missing != Missing::Mean && options_.missing != Missing::Median) return;
    const std::size_t features = columns_.features.size();
    for (std::size_t feature = 0; feature < features; ++feature) {
      std::vector<float> known;
      for (std::size_t i = feature; i < inputs_.size(); i += features) {
        if (!std::isnan(inputs_[i])) known.push_back(inputs_[i]);
      }
      if (known.size() * features == inputs_.size()) continue;
      if (known.empty()) {
        rows_.fail(columns_.text(columns_.features[feature]) +
                   ": expected a number in one row at least, found missing values alone");
      }
      const float value = options_.missing == Missing::Mean ? io::mean(known) : io::median(known);
      for (std::size_t i = feature; i < inputs_.size(); i += features) {
        if (std::isnan(inputs_[i])) inputs_[i] = value;
      }
    }
  }

  const CsvRows& rows_;
  const CsvColumns& columns_;
  const CsvOptions& options_;
  std::vector<float> inputs_;
  std::vector<float> targets_;
  std::optional<io::CsvTarget> target_;
};

CsvColumns columns_of(const CsvRows& rows, const CsvRow& first, bool header,
                      const CsvOptions& options) {
  try {
    return io::choose_columns(first.fields.size(),
                              header ? first.fields : std::vector<std::string>{}, options);
  } catch (const Error& error) {
    rows.fail(first.line(), error.what());
  }
}

Dataset read_rows(const std::filesystem::path& path, const CsvOptions& options) {
  CsvRows rows{path, options.delimiter, {.max_bytes = options.max_bytes}};
  CsvRow first;
  if (!rows.next(first)) rows.fail("expected rows of numbers, found none");
  std::optional<CsvRow> second{std::in_place};
  if (!rows.next(*second)) second.reset();

  const bool header = io::is_header(first, second, options);
  if (header && !second) rows.fail("expected rows of numbers, found a header alone");
  CsvColumns columns = columns_of(rows, first, header, options);
  Table table{rows, columns, options};
  if (!header) table.add(first);
  if (second) table.add(*second);
  for (CsvRow row; rows.next(row);) table.add(row);
  // The target column as a whole may say what the first two rows do not.
  if (!header && options.header == CsvOptions::Header::Auto && table.first_target_is_alone() &&
      io::is_header_by_target(rows, first, columns)) {
    columns = columns_of(rows, first, true, options);
    table.drop_first();
  }
  return table.finish();
}

}  // namespace

Dataset read_csv(const std::filesystem::path& path, const CsvOptions& options) {
  check(options);
  return io::within_memory(path, [&] { return read_rows(path, options); });
}

}  // namespace lamina
