#include "io/csv_target.hpp"

#include <algorithm>
#include <limits>
#include <optional>

#include <lamina/core/printable.hpp>

#include "io/csv_values.hpp"

namespace lamina::io {

namespace {

constexpr std::size_t most_classes = 100;  // of whole numbers that nobody said to be labels

// One name for a whole number however it is written, so that files agree.
std::string class_text(const std::string& text) {
  const auto whole = to_whole(text);
  return whole ? std::to_string(*whole) : text;
}

bool all_whole(const std::vector<std::string>& texts) {
  return std::ranges::all_of(texts, [](const auto& text) { return to_whole(text).has_value(); });
}

std::vector<std::string> numbers_up_to(std::int64_t last) {
  std::vector<std::string> names;
  for (std::int64_t label = 0; label <= last; ++label) names.push_back(std::to_string(label));
  return names;
}

}  // namespace

float csv_float(const CsvRows& rows, const CsvColumns& columns, std::uint64_t line,
                std::size_t column, std::string_view text) {
  const auto number = to_number(text);
  if (number && fits_float(*number)) return static_cast<float>(*number);
  rows.fail(line, columns.text(column) + ": expected a " + (number ? "finite " : "") +
                      "number, found " + detail::in_quotes(text));
}

CsvTarget::CsvTarget(const CsvRows& rows, const CsvColumns& columns, const CsvOptions& options)
    : rows_{rows}, columns_{columns}, options_{options}, column_{columns.targets.front()} {}

void CsvTarget::add(const CsvRow& row) {
  const std::string& text = row.fields[column_];
  if (is_missing(text)) fail({text, row.lines[column_]}, "expected a target");
  if (values_.size() == std::numeric_limits<std::uint32_t>::max()) {
    fail({text, row.lines[column_]}, "expected fewer than 2^32 different targets");
  }
  const auto [known, is_new] = known_.try_emplace(text, values_.size());
  if (is_new) values_.push_back({text, row.lines[column_]});
  places_.push_back(static_cast<std::uint32_t>(known->second));
}

bool CsvTarget::first_is_alone() const {
  std::vector<std::size_t> times(values_.size());
  for (const std::uint32_t place : places_) ++times[place];
  const auto is_often = [](std::size_t count) { return count > 1; };
  const auto is_text = [](const Value& value) { return !to_number(value.text); };
  return values_.size() > 1 && times.front() == 1 &&
         std::all_of(times.begin() + 1, times.end(), is_often) &&
         std::all_of(values_.begin() + 1, values_.end(), is_text);
}

void CsvTarget::drop_first() {
  values_.erase(values_.begin());
  places_.erase(places_.begin());
  for (std::uint32_t& place : places_) --place;
  known_.clear();  // no row comes after this
}

bool CsvTarget::labels() const {
  if (!options_.classes.empty()) return true;
  if (options_.task != CsvOptions::Task::Auto) {
    return options_.task == CsvOptions::Task::Classification;
  }
  const Value* text = nullptr;
  const Value* broken = nullptr;
  for (const Value& value : values_) {
    const bool number = to_number(value.text).has_value();
    const bool whole = to_whole(value.text) && value.text.find_first_of(".eE") == std::string::npos;
    if (!number && text == nullptr) text = &value;
    if (number && !whole && broken == nullptr) broken = &value;
  }
  if (text != nullptr && broken != nullptr) {
    fail(*text, "expected a number like " + detail::printable(broken->text) + " in line " +
                    std::to_string(broken->line) + " (class labels: Task::Classification)");
  }
  if (text != nullptr) return true;
  return broken == nullptr && values_.size() <= most_classes &&
         values_.size() * 2 <= places_.size();
}

// What the values are called, in their order of the file, each once.
std::vector<std::string> CsvTarget::class_texts() const {
  std::vector<std::string> texts;
  for (const Value& value : values_) texts.push_back(class_text(value.text));
  return texts;
}

std::vector<std::string> CsvTarget::class_names() const {
  if (!options_.classes.empty()) return options_.classes;
  std::vector<std::string> names = class_texts();
  if (!all_whole(names)) {
    std::ranges::sort(names);
  } else {
    std::ranges::sort(names, {}, [](const std::string& name) { return *to_whole(name); });
    constexpr std::int64_t most = 1'000'000;  // a name for each is in reason
    const std::int64_t last = *to_whole(names.back());
    if (names.front() == "0" && last < most) return numbers_up_to(last);
  }
  names.erase(std::ranges::unique(names).begin(), names.end());
  return names;
}

CsvTarget::Labels CsvTarget::to_labels() const {
  Labels labels{{}, class_names()};
  std::unordered_map<std::string, Label> label_of;
  for (std::size_t i = 0; i < labels.classes.size(); ++i) {
    label_of.try_emplace(class_text(labels.classes[i]), static_cast<Label>(i));
  }
  std::vector<Label> of_values;
  for (const Value& value : values_) {
    const auto found = label_of.find(class_text(value.text));
    if (found == label_of.end()) {
      fail(value, std::string("expected one of the ") + std::to_string(labels.classes.size()) +
                      " classes given");
    }
    of_values.push_back(found->second);
  }
  labels.values.reserve(places_.size());
  for (const std::uint32_t place : places_) labels.values.push_back(of_values[place]);
  return labels;
}

std::vector<float> CsvTarget::to_floats() const {
  std::vector<float> of_values;
  for (const Value& value : values_) {
    of_values.push_back(csv_float(rows_, columns_, value.line, column_, value.text));
  }
  std::vector<float> floats;
  floats.reserve(places_.size());
  for (const std::uint32_t place : places_) floats.push_back(of_values[place]);
  return floats;
}

void CsvTarget::fail(const Value& value, const std::string& expected) const {
  rows_.fail(value.line,
             columns_.text(column_) + ": " + expected + ", found " +
                 (value.text.empty() ? "an empty field" : detail::in_quotes(value.text)));
}

}  // namespace lamina::io
