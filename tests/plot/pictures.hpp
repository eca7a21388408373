#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <limits>
#include <sstream>
#include <string>
#include <vector>

#include <lamina/lamina.hpp>
#include <lamina/plot/plot.hpp>

#include "io/files.hpp"

namespace lamina::testing::pictures {

using FilePath = std::filesystem::path;
using Row = std::vector<std::string>;

inline constexpr double none = std::numeric_limits<double>::quiet_NaN();

/// Sets an environment variable for as long as it lives.
class Environment {
 public:
  Environment(const char* name, const std::string& value) : name_(name) {
    const char* before = std::getenv(name);
    if (before != nullptr) before_ = before;
    setenv(name, value.c_str(), 1);
  }
  ~Environment() { setenv(name_, before_.c_str(), 1); }
  Environment(const Environment&) = delete;
  Environment& operator=(const Environment&) = delete;

 private:
  const char* name_;
  std::string before_;
};

inline bool has_gnuplot() {
  return std::system("command -v gnuplot > /dev/null 2>&1") == 0;
}

inline std::string text_of(const FilePath& path) {
  const auto bytes = read_file(path);
  return {bytes.begin(), bytes.end()};
}

/// The rows of a table without quoted fields; blank lines are left out.
inline std::vector<Row> rows_of(const FilePath& path) {
  std::vector<Row> rows;
  std::istringstream lines{text_of(path)};
  for (std::string line; std::getline(lines, line);) {
    if (line.empty()) continue;
    Row row;
    std::istringstream fields{line + ","};
    for (std::string field; std::getline(fields, field, ',');) row.push_back(field);
    rows.push_back(row);
  }
  return rows;
}

inline double number(const std::string& field) {
  return field.empty() ? none : std::stod(field);
}

inline std::vector<std::string> names_in(const FilePath& directory) {
  std::vector<std::string> names;
  for (const auto& entry : std::filesystem::directory_iterator{directory}) {
    names.push_back(entry.path().filename().string());
  }
  std::sort(names.begin(), names.end());
  return names;
}

inline History history_of(int epochs) {
  History history;
  history.metrics = {{"F1", true}, {"mean absolute error", false}};
  for (int epoch = 1; epoch <= epochs; ++epoch) {
    history.epochs.push_back({.epoch = epoch,
                              .loss = 1.0 / (epoch + 2),
                              .validation_loss = epoch == 2 ? none : 1.1 / epoch,
                              .validation_accuracy = 1 - 1.0 / (epoch + 3),
                              .learning_rate = 0.1F / static_cast<float>(epoch),
                              .metrics = {0.7, 3.0 * epoch}});
  }
  return history;
}

inline LearningRateCurve curve_of(int steps) {
  LearningRateCurve curve;
  for (int step = 0; step < steps; ++step) {
    curve.learning_rates.push_back(std::pow(10.0F, 0.1F * static_cast<float>(step - 50)));
    curve.losses.push_back(2 + std::cos(0.3 * step));
    curve.smoothed.push_back(2 + 0.9 * std::cos(0.3 * step));
  }
  curve.steepest = curve.learning_rates[1];
  curve.valley = curve.learning_rates[2];
  return curve;
}

inline const std::vector<std::int64_t> counts{5, 1, 0, 2, 6, 2, 0, 0, 0};
inline const std::vector<std::string> animals{"cat", "dog", "eel"};

using Classifier = Network<Input<2>, Linear<5>, ReLU, Linear<3>, CrossEntropy<>>;
using Binary = Network<Input<2>, Linear<5>, Tanh, Linear<1>, BinaryCrossEntropy<>>;
using Regression = Network<Input<2>, Linear<5>, Tanh, Linear<1>, MeanSquaredError>;
using Wide = Network<Input<3>, Linear<4>, ReLU, Linear<3>, CrossEntropy<>>;

inline Dataset triangle() {
  return Dataset(2, {0, 0, 1, 0, 0, 2}, std::vector<Label>{0, 1, 2});
}

}  // namespace lamina::testing::pictures
