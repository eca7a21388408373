#pragma once

#include <cstddef>
#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace lamina::figures {

/// How many digits a table shows, and what it multiplies by (100 for percent).
struct Format {
  int digits = 1;
  double factor = 1;
};

/// What runs gave: values by row (an abscissa or a name) and column (a curve), of several seeds.
/// Rows and columns stand in the order in which they first came, rows of numbers by size.
class Results {
 public:
  explicit Results(std::string abscissa) : abscissa_(std::move(abscissa)) {}

  void add(std::string_view row, std::string_view column, double value);
  void add(double row, std::string_view column, double value);

  /// For gnuplot: row, then mean and sample deviation of each column; what is not there is empty.
  void save_csv(const std::filesystem::path& file) const;
  /// For a page: means, and deviations where there are several values.
  [[nodiscard]] std::string markdown(const Format& format) const;
  void save_markdown(const std::filesystem::path& file, const Format& format) const;

 private:
  std::string abscissa_;
  std::vector<std::string> rows_;
  std::vector<std::string> columns_;
  std::map<std::string, std::vector<double>> values_;
};

}  // namespace lamina::figures
