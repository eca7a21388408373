#pragma once

#include <cmath>
#include <cstddef>
#include <limits>
#include <string>
#include <vector>

#include <lamina/metrics/row.hpp>

namespace lamina::metrics {

/// Coefficient of determination, 1 - sum (target - output)^2 / sum (target - mean)^2: the mean over
/// outputs. At most 1; NaN without rows, and where a target never changes.
///
/// As `sklearn.metrics.r2_score` with `multioutput="uniform_average"`.
class R2 {
 public:
  static constexpr bool higher_is_better = true;

  [[nodiscard]] std::string name() const { return "r2"; }
  void reset() {
    outputs_.clear();
    count_ = 0;
  }
  void add(const EvaluatedRow& row) {
    outputs_.resize(row.targets.size());
    count_ += 1;
    for (std::size_t i = 0; i < outputs_.size(); ++i) {
      const double target = static_cast<double>(row.targets[i]);
      const double error = target - static_cast<double>(row.outputs[i]);
      Sums& sums = outputs_[i];
      // Welford's recurrence: squares about the mean so far, without their cancellation.
      const double before = target - sums.mean;
      sums.mean += before / count_;
      sums.spread += before * (target - sums.mean);
      sums.errors += error * error;
    }
  }
  [[nodiscard]] double value() const {
    double total = 0;
    for (const Sums& sums : outputs_) {
      if (!(sums.spread > 0)) return std::numeric_limits<double>::quiet_NaN();
      total += 1 - sums.errors / sums.spread;
    }
    return total / static_cast<double>(outputs_.size());
  }

 private:
  struct Sums {
    double mean = 0;
    double spread = 0;
    double errors = 0;
  };
  std::vector<Sums> outputs_;
  double count_ = 0;
};

/// Mean of |output - target| over rows and outputs; NaN without rows.
class MeanAbsoluteError {
 public:
  static constexpr bool higher_is_better = false;

  [[nodiscard]] std::string name() const { return "mean_absolute_error"; }
  void reset() { sum_ = count_ = 0; }
  void add(const EvaluatedRow& row) {
    for (std::size_t i = 0; i < row.targets.size(); ++i) {
      sum_ += std::abs(static_cast<double>(row.outputs[i]) - static_cast<double>(row.targets[i]));
      count_ += 1;
    }
  }
  [[nodiscard]] double value() const { return sum_ / count_; }

 private:
  double sum_ = 0;
  double count_ = 0;
};

/// Root of the mean of (output - target)^2 over rows and outputs; NaN without rows.
class RootMeanSquaredError {
 public:
  static constexpr bool higher_is_better = false;

  [[nodiscard]] std::string name() const { return "root_mean_squared_error"; }
  void reset() { sum_ = count_ = 0; }
  void add(const EvaluatedRow& row) {
    for (std::size_t i = 0; i < row.targets.size(); ++i) {
      const double error =
          static_cast<double>(row.outputs[i]) - static_cast<double>(row.targets[i]);
      sum_ += error * error;
      count_ += 1;
    }
  }
  [[nodiscard]] double value() const { return std::sqrt(sum_ / count_); }

 private:
  double sum_ = 0;
  double count_ = 0;
};

}  // namespace lamina::metrics
