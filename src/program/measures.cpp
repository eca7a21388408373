#include "program/measures.hpp"

#include <algorithm>
#include <cmath>
#include <iomanip>
#include <sstream>

#include "program/predictions.hpp"

namespace lamina::program {

namespace {

// The classes of samples, also where a loss takes them as floats.
std::size_t true_class(const Dataset& data, std::size_t row) {
  if (data.has_labels()) return static_cast<std::size_t>(data.labels()[row]);
  return class_of(data.targets(row), Outputs::Scores);
}

// The mean over the classes of 2 right / (right + wrong + missed + right); 0 for a class that
// neither occurs nor is predicted.
double mean_f1(const std::vector<std::int64_t>& counts, std::size_t classes) {
  double sum = 0;
  for (std::size_t each = 0; each < classes; ++each) {
    std::int64_t occurs = 0;
    std::int64_t predicted = 0;
    for (std::size_t other = 0; other < classes; ++other) {
      occurs += counts[each * classes + other];
      predicted += counts[other * classes + each];
    }
    const std::int64_t right = counts[each * classes + each];
    if (occurs + predicted > 0) {
      sum += 2 * static_cast<double>(right) / static_cast<double>(occurs + predicted);
    }
  }
  return sum / static_cast<double>(classes);
}

std::vector<Measure> measure_classes(const std::vector<std::int64_t>& counts, std::size_t classes) {
  std::int64_t right = 0;
  std::int64_t all = 0;
  for (std::size_t i = 0; i < counts.size(); ++i) {
    all += counts[i];
    if (i / classes == i % classes) right += counts[i];
  }
  return {{"accuracy", static_cast<double>(right) / static_cast<double>(all)},
          {"mean F1", mean_f1(counts, classes)}};
}

// R2 of several targets is the mean of theirs.
std::vector<Measure> measure_values(std::span<const float> found, std::span<const float> wanted,
                                    std::size_t columns) {
  double squares = 0;
  double distances = 0;
  double r2 = 0;
  const double rows = static_cast<double>(wanted.size() / columns);
  for (std::size_t column = 0; column < columns; ++column) {
    double mean = 0;
    double error = 0;
    double spread = 0;
    for (std::size_t at = column; at < wanted.size(); at += columns) {
      mean += static_cast<double>(wanted[at]) / rows;
    }
    for (std::size_t at = column; at < wanted.size(); at += columns) {
      const double value = static_cast<double>(wanted[at]);
      const double distance = static_cast<double>(found[at]) - value;
      error += distance * distance;
      distances += std::abs(distance);
      spread += (value - mean) * (value - mean);
    }
    squares += error;
    r2 += spread > 0 ? 1 - error / spread : 0;
  }
  const auto count = static_cast<double>(wanted.size());
  return {{"root mean squared error", std::sqrt(squares / count)},
          {"mean absolute error", distances / count},
          {"R2", r2 / static_cast<double>(columns)}};
}

}  // namespace

std::vector<std::int64_t> count_confusions(std::span<const float> outputs, const Dataset& data,
                                           const NetworkFacts& facts,
                                           const DataDescription& description) {
  const std::size_t classes = std::max(description.outputs, facts.targets.outputs);
  const std::size_t width = facts.targets.outputs;
  std::vector<std::int64_t> counts(classes * classes);
  for (std::size_t row = 0; row < data.size(); ++row) {
    const std::size_t predicted = class_of(outputs.subspan(row * width, width), facts.outputs);
    ++counts[true_class(data, row) * classes + predicted];
  }
  return counts;
}

std::vector<Measure> measure(std::span<const float> outputs, const Dataset& data,
                             const NetworkFacts& facts, const DataDescription& description) {
  if (description.task == Task::Classification) {
    const std::vector<std::int64_t> counts = count_confusions(outputs, data, facts, description);
    return measure_classes(counts, static_cast<std::size_t>(std::sqrt(counts.size())));
  }
  const std::vector<float> found = in_units(outputs, description);
  const std::vector<float> wanted = in_units(data.targets(), description);
  return measure_values(found, wanted, data.outputs());
}

std::string measures_text(std::span<const Measure> measures) {
  std::ostringstream text;
  for (const Measure& each : measures) {
    text << "  " << std::left << std::setw(24) << each.name << std::setprecision(6) << each.value
         << '\n';
  }
  return text.str();
}

}  // namespace lamina::program
