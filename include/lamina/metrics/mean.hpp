#pragma once

#include <cmath>
#include <limits>
#include <string>
#include <utility>

#include <lamina/core/error.hpp>
#include <lamina/metrics/row.hpp>

namespace lamina::metrics {

/// The mean over samples of a number that is found for each: for metrics of one's own.
///
/// NaN without rows. Callbacks that watch it take a higher number for better, unless the last
/// argument is false, as for an error.
/// Example: `Mean{"certainty", [](const EvaluatedRow& row) { return certainty(row.outputs); }}`
template <class Function>
class Mean {
 public:
  Mean(std::string name, Function of_row, bool higher = true)
      : higher_is_better(higher), name_(std::move(name)), of_row_(std::move(of_row)) {}

  bool higher_is_better;

  [[nodiscard]] std::string name() const { return name_; }
  void reset() {
    sum_ = 0;
    count_ = 0;
  }
  void add(const EvaluatedRow& row) {
    sum_ += static_cast<double>(of_row_(row));
    count_ += 1;
  }
  [[nodiscard]] double value() const {
    return count_ > 0 ? sum_ / count_ : std::numeric_limits<double>::quiet_NaN();
  }

 private:
  std::string name_;
  Function of_row_;
  double sum_ = 0;
  double count_ = 0;
};

namespace detail {

/// The share of rows, or of their positions, that `Right` holds for.
template <class Right>
class Share {
 public:
  static constexpr bool higher_is_better = true;

  void reset() { right_ = count_ = 0; }
  void add(const EvaluatedRow& row) {
    row.for_each_position([&](const EvaluatedRow& position) {
      right_ += static_cast<const Right&>(*this).is_right(position) ? 1 : 0;
      count_ += 1;
    });
  }
  [[nodiscard]] double value() const {
    return count_ > 0 ? right_ / count_ : std::numeric_limits<double>::quiet_NaN();
  }

 private:
  double right_ = 0;
  double count_ = 0;
};

}  // namespace detail

/// Share of rows, or of the positions of images and signals, whose class is predicted, in [0, 1];
/// NaN without any. Also for one logit, and for targets that are probabilities of classes.
class Accuracy : public detail::Share<Accuracy> {
 public:
  [[nodiscard]] std::string name() const { return "accuracy"; }
  static bool is_right(const EvaluatedRow& row) {
    return row.predicted_class() == row.true_class();
  }
};

/// Share of rows, or of the positions of images and signals, whose class is among the k largest
/// outputs, in [0, 1]; NaN without any. An output as large as that of the class counts as larger
/// where its index is lower, and NaN above every number, as PyTorch's `topk`. A single logit stands
/// for two classes.
///
/// Errors: a k of 0 throws `Error`.
/// Example: `metrics::TopK five{5}; evaluate(model, test, five);`
class TopK : public detail::Share<TopK> {
 public:
  explicit TopK(std::size_t k = 5) : k_(k) {
    if (k == 0) throw Error("TopK: expected a k of at least 1, found 0");
  }

  [[nodiscard]] std::string name() const { return "top_" + std::to_string(k_); }
  [[nodiscard]] bool is_right(const EvaluatedRow& row) const {
    const std::size_t label = row.true_class();
    if (row.outputs.size() == 1) return k_ > 1 || row.predicted_class() == label;
    if (label >= row.outputs.size()) return false;
    const float own = row.outputs[label];
    std::size_t ahead = 0;
    for (std::size_t i = 0; i < row.outputs.size(); ++i) {
      // Asked the other way round, so that NaN is ahead.
      const bool behind = i < label ? row.outputs[i] < own : row.outputs[i] <= own;
      if (i != label && !behind) ++ahead;
    }
    return ahead < k_;
  }

 private:
  std::size_t k_;
};

}  // namespace lamina::metrics
