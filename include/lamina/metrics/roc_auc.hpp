#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>
#include <string>
#include <vector>

#include <lamina/metrics/row.hpp>

namespace lamina::metrics {

/// Area under the receiver operating characteristic: the probability that a row of the class has a
/// higher score than one that is not, ties counted half. Of images and signals every position is a
/// row.
///
/// A single logit is the score of class 1; of two outputs their difference is, which orders rows as
/// the softmax does but has no ties where that rounds to 1; of more, the softmax of each class
/// against the rest, the mean of all. As `sklearn.metrics.roc_auc_score` (`multi_class="ovr"`,
/// macro). NaN where a class has no rows, and where an output is NaN. Keeps all scores: memory
/// grows with rows times classes.
///
/// Example: `metrics::RocAuc area; evaluate(model, test, area); std::cout << area.value();`
class RocAuc {
 public:
  static constexpr bool higher_is_better = true;

  [[nodiscard]] std::string name() const { return "roc_auc"; }
  void reset() {
    scores_.clear();
    labels_.clear();
    outputs_ = 0;
  }
  void add(const EvaluatedRow& row) {
    row.for_each_position([this](const EvaluatedRow& position) { add_position(position); });
  }
  [[nodiscard]] double value() const {
    if (labels_.empty()) return std::numeric_limits<double>::quiet_NaN();
    if (outputs_ <= 2) return area(0, 1, 1);
    double total = 0;
    for (std::size_t c = 0; c < outputs_; ++c) total += area(c, outputs_, c);
    return total / static_cast<double>(outputs_);
  }

 private:
  void add_position(const EvaluatedRow& row) {
    outputs_ = row.outputs.size();
    labels_.push_back(row.true_class());
    if (outputs_ <= 2) {
      const double zero = outputs_ == 2 ? static_cast<double>(row.outputs[0]) : 0.0;
      scores_.push_back(static_cast<double>(row.outputs[outputs_ - 1]) - zero);
      return;
    }
    const double most =
        static_cast<double>(*std::max_element(row.outputs.begin(), row.outputs.end()));
    double total = 0;
    for (const float x : row.outputs) total += std::exp(static_cast<double>(x) - most);
    for (const float x : row.outputs) {
      scores_.push_back(std::exp(static_cast<double>(x) - most) / total);
    }
  }

  /// Of one of some columns of scores for one class, by the mean ranks of its rows.
  [[nodiscard]] double area(std::size_t column, std::size_t columns, std::size_t label) const {
    struct Scored {
      double score;
      bool positive;
    };
    std::vector<Scored> rows;
    for (std::size_t row = 0; row < labels_.size(); ++row) {
      const double score = scores_[row * columns + column];
      if (std::isnan(score)) return score;  // has no place in an order
      rows.push_back({score, labels_[row] == label});
    }
    std::sort(rows.begin(), rows.end(),
              [](const Scored& a, const Scored& b) { return a.score < b.score; });
    double positives = 0;
    double ranks = 0;
    for (std::size_t first = 0; first < rows.size();) {
      std::size_t end = first;
      double here = 0;
      while (end < rows.size() && rows[end].score == rows[first].score) {
        here += rows[end++].positive ? 1 : 0;
      }
      // Ranks from 1 of the rows [first, end): their mean.
      ranks += here * (static_cast<double>(first + end + 1) / 2);
      positives += here;
      first = end;
    }
    const double negatives = static_cast<double>(rows.size()) - positives;
    return (ranks - positives * (positives + 1) / 2) / (positives * negatives);
  }

  std::size_t outputs_ = 0;
  std::vector<double> scores_;
  std::vector<std::size_t> labels_;
};

}  // namespace lamina::metrics
