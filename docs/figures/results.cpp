#include "results.hpp"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <fstream>
#include <sstream>
#include <utility>

#include <lamina/core/error.hpp>

namespace lamina::figures {

namespace {

std::string key(const std::string& row, const std::string& column) {
  return row + '\n' + column;
}

void remember(std::vector<std::string>& names, const std::string& name) {
  if (std::find(names.begin(), names.end(), name) == names.end()) names.push_back(name);
}

struct Summary {
  double mean = 0;
  double deviation = 0;
};

Summary summarize(const std::vector<double>& values) {
  Summary summary;
  for (const double value : values) summary.mean += value;
  summary.mean /= static_cast<double>(values.size());
  if (values.size() < 2) return summary;
  for (const double value : values) {
    summary.deviation += (value - summary.mean) * (value - summary.mean);
  }
  summary.deviation = std::sqrt(summary.deviation / static_cast<double>(values.size() - 1));
  return summary;
}

std::string number(double value, int digits) {
  char text[64];
  std::snprintf(text, sizeof text, "%.*f", digits, value);
  return text;
}

std::string short_number(double value) {
  char text[64];
  std::snprintf(text, sizeof text, "%.6g", value);
  return text;
}

/// Markdown would take what stands between < and > for a tag.
std::string as_code(const std::string& name) {
  if (name.find('<') == std::string::npos) return name;
  std::string code(1, '`');
  return code.append(name).append(1, '`');
}

/// Mean and deviation.
std::string cell(const std::vector<double>& values, const Format& format) {
  const Summary summary = summarize(values);
  if (!std::isfinite(summary.mean)) return " diverged";
  std::ostringstream text;
  text << ' ' << number(format.factor * summary.mean, format.digits);
  if (values.size() > 1) text << " ± " << number(format.factor * summary.deviation, format.digits);
  return text.str();
}

std::ofstream opened(const std::filesystem::path& file) {
  std::ofstream out(file);
  if (!out) throw Error(file.string() + ": expected a file that can be written");
  return out;
}

}  // namespace

void Results::add(std::string_view row, std::string_view column, double value) {
  const std::string row_name(row);
  const std::string column_name(column);
  remember(rows_, row_name);
  remember(columns_, column_name);
  values_[key(row_name, column_name)].push_back(value);
}

void Results::add(double row, std::string_view column, double value) {
  const std::string name = short_number(row);
  if (std::find(rows_.begin(), rows_.end(), name) == rows_.end()) {
    const auto larger = [&](const std::string& other) { return std::stod(other) > row; };
    rows_.insert(std::find_if(rows_.begin(), rows_.end(), larger), name);
  }
  add(name, column, value);
}

void Results::save_csv(const std::filesystem::path& file) const {
  std::ofstream out = opened(file);
  out << abscissa_;
  for (const std::string& column : columns_) out << ';' << column << ";deviation";
  out << '\n';
  for (const std::string& row : rows_) {
    out << row;
    for (const std::string& column : columns_) {
      const auto found = values_.find(key(row, column));
      const Summary summary = found == values_.end() ? Summary{} : summarize(found->second);
      if (found == values_.end() || !std::isfinite(summary.mean)) {
        out << ";;";
      } else {
        out << ';' << short_number(summary.mean) << ';' << short_number(summary.deviation);
      }
    }
    out << '\n';
  }
}

std::string Results::markdown(const Format& format) const {
  std::ostringstream text;
  text << "| " << abscissa_ << " |";
  for (const std::string& column : columns_) text << ' ' << as_code(column) << " |";
  text << "\n|---|";
  for (std::size_t i = 0; i < columns_.size(); ++i) text << "---|";
  for (const std::string& row : rows_) {
    text << "\n| " << as_code(row) << " |";
    for (const std::string& column : columns_) {
      const auto found = values_.find(key(row, column));
      if (found != values_.end()) text << cell(found->second, format);
      text << " |";
    }
  }
  text << '\n';
  return text.str();
}

void Results::save_markdown(const std::filesystem::path& file, const Format& format) const {
  opened(file) << markdown(format);
}

}  // namespace lamina::figures
