#pragma once

#include <cstdint>
#include <limits>
#include <span>
#include <string>
#include <vector>

#include <lamina/core/error.hpp>
#include <lamina/metrics/row.hpp>

namespace lamina::metrics {

/// What the mean of a number of the classes is.
enum class ClassAverage {
  Macro,    ///< of all classes that were there or predicted, alike
  Weighted  ///< by their rows
};

/// How often each class was taken for each: counts by true and by predicted class. Of images and
/// signals every position is a row.
///
/// As `sklearn.metrics.confusion_matrix`. It has as many classes as the network outputs (two for a
/// single logit). `value` is the accuracy; NaN without rows.
///
/// Errors: classes that it does not have throw `Error`.
/// Example: `metrics::ConfusionMatrix confusion; evaluate(model, test, confusion);
/// std::cout << confusion.at(3, 5);`
class ConfusionMatrix {
 public:
  static constexpr bool higher_is_better = true;

  [[nodiscard]] std::string name() const { return "accuracy"; }

  void reset() {
    counts_.clear();
    unclassified_.clear();
    classes_ = 0;
  }
  void add(const EvaluatedRow& row) {
    row.for_each_position([this](const EvaluatedRow& position) { add_position(position); });
  }

  /// Rows of a class that were taken for another, or for itself.
  [[nodiscard]] std::int64_t at(std::size_t true_class, std::size_t predicted_class) const {
    return counts_[place(true_class, predicted_class)];
  }
  /// All counts: (classes, classes), a row for each true class.
  [[nodiscard]] std::span<const std::int64_t> counts() const { return counts_; }
  [[nodiscard]] std::size_t classes() const { return classes_; }

  /// Rows of a class, and of them those whose outputs are NaN: taken for no class, wrong, and in no
  /// column.
  [[nodiscard]] std::int64_t rows(std::size_t true_class) const { return sum(true_class, true); }
  [[nodiscard]] std::int64_t unclassified(std::size_t true_class) const {
    return unclassified_[place(0, true_class)];
  }

  /// Of the rows taken for a class, the share that is of it; 0 where none was.
  [[nodiscard]] double precision(std::size_t c) const { return share(at(c, c), sum(c, false)); }
  /// Of the rows of a class, the share that was taken for it; 0 where there is none.
  [[nodiscard]] double recall(std::size_t c) const { return share(at(c, c), sum(c, true)); }
  /// The harmonic mean of precision and recall; 0 where both are.
  [[nodiscard]] double f1(std::size_t c) const {
    return share(2 * at(c, c), sum(c, false) + sum(c, true));
  }

  /// Of the rows of a class, or taken for it, the share that are both; 0 where there is none.
  [[nodiscard]] double intersection_over_union(std::size_t c) const {
    return share(at(c, c), sum(c, false) + sum(c, true) - at(c, c));
  }

  [[nodiscard]] double value() const {
    std::int64_t right = 0;
    std::int64_t all = 0;
    for (std::size_t c = 0; c < classes_; ++c) {
      right += at(c, c);
      all += sum(c, true);
    }
    return all > 0 ? share(right, all) : std::numeric_limits<double>::quiet_NaN();
  }

  /// The mean of a number of the classes; NaN without rows.
  template <class F>
  [[nodiscard]] double mean_over_classes(const F& of_class, ClassAverage average) const {
    double total = 0;
    double weights = 0;
    for (std::size_t c = 0; c < classes_; ++c) {
      const bool met = sum(c, true) + sum(c, false) > 0;
      const double weight = average == ClassAverage::Weighted ? static_cast<double>(rows(c))
                            : met                             ? 1.0
                                                              : 0.0;
      total += weight * of_class(c);
      weights += weight;
    }
    return weights > 0 ? total / weights : std::numeric_limits<double>::quiet_NaN();
  }

 private:
  void add_position(const EvaluatedRow& row) {
    if (classes_ == 0) {
      classes_ = std::max<std::size_t>(2, row.outputs.size());
      counts_.assign(classes_ * classes_, 0);
      unclassified_.assign(classes_, 0);
    }
    const std::size_t predicted = row.predicted_class();
    if (predicted == EvaluatedRow::no_class) {
      ++unclassified_[place(0, row.true_class())];
    } else {
      ++counts_[place(row.true_class(), predicted)];
    }
  }
  [[nodiscard]] std::size_t place(std::size_t true_class, std::size_t predicted_class) const {
    for (const std::size_t c : {true_class, predicted_class}) {
      if (c < classes_) continue;
      throw Error(std::string("ConfusionMatrix: expected classes below ") +
                  std::to_string(classes_) + ", found " + std::to_string(c));
    }
    return true_class * classes_ + predicted_class;
  }
  static double share(std::int64_t part, std::int64_t whole) {
    return whole > 0 ? static_cast<double>(part) / static_cast<double>(whole) : 0.0;
  }
  [[nodiscard]] std::int64_t sum(std::size_t c, bool of_true) const {
    std::int64_t total = of_true ? unclassified_[c] : 0;
    for (std::size_t other = 0; other < classes_; ++other) {
      total += of_true ? at(c, other) : at(other, c);
    }
    return total;
  }

  std::size_t classes_ = 0;
  std::vector<std::int64_t> counts_;
  std::vector<std::int64_t> unclassified_;
};

namespace detail {

/// A number of a confusion matrix. A single logit has a positive class, whose number it is; else it
/// is the mean over classes (scikit-learn's `average="binary"`, `"macro"` and `"weighted"`; its
/// `"micro"` is the accuracy).
template <double (ConfusionMatrix::*of_class)(std::size_t) const>
class OfConfusion {
 public:
  static constexpr bool higher_is_better = true;

  explicit OfConfusion(ClassAverage average = ClassAverage::Macro) : average_(average) {}

  void reset() {
    confusion_.reset();
    single_ = false;
  }
  void add(const EvaluatedRow& row) {
    single_ = row.outputs.size() == static_cast<std::size_t>(row.shape.positions());
    confusion_.add(row);
  }
  [[nodiscard]] double value() const {
    if (single_ && confusion_.classes() > 0) return (confusion_.*of_class)(1);
    return confusion_.mean_over_classes([this](std::size_t c) { return (confusion_.*of_class)(c); },
                                        average_);
  }
  [[nodiscard]] const ConfusionMatrix& confusion() const { return confusion_; }

 protected:
  [[nodiscard]] std::string named(const char* name) const {
    return average_ == ClassAverage::Weighted ? std::string(name) + "_weighted" : name;
  }

 private:
  ClassAverage average_;
  ConfusionMatrix confusion_;
  bool single_ = false;
};

}  // namespace detail

/// Of the rows taken for a class the share that is of it: of class 1 for a single logit, else the
/// mean over classes. As `sklearn.metrics.precision_score`.
/// Example: `metrics::Precision weighted{metrics::ClassAverage::Weighted};`
class Precision : public detail::OfConfusion<&ConfusionMatrix::precision> {
 public:
  using OfConfusion::OfConfusion;
  [[nodiscard]] std::string name() const { return named("precision"); }
};

/// Of the rows of a class the share that was taken for it: of class 1 for a single logit, else the
/// mean over classes. As `sklearn.metrics.recall_score`.
class Recall : public detail::OfConfusion<&ConfusionMatrix::recall> {
 public:
  using OfConfusion::OfConfusion;
  [[nodiscard]] std::string name() const { return named("recall"); }
};

/// The harmonic mean of precision and recall: of class 1 for a single logit, else the mean of the
/// classes'. As `sklearn.metrics.f1_score`.
class F1 : public detail::OfConfusion<&ConfusionMatrix::f1> {
 public:
  using OfConfusion::OfConfusion;
  [[nodiscard]] std::string name() const { return named("f1"); }
};

/// Of the positions of a class, or taken for it, the share that are both: of class 1 for a single
/// logit, else the mean over classes. Classes that neither a label nor a prediction names are left
/// out of the mean. As `sklearn.metrics.jaccard_score` over the positions of all samples together.
/// Example: `metrics::IntersectionOverUnion iou; evaluate(model, test, iou);
/// std::cout << iou.value() << iou.of_class(3);`
class IntersectionOverUnion
    : public detail::OfConfusion<&ConfusionMatrix::intersection_over_union> {
 public:
  using OfConfusion::OfConfusion;
  [[nodiscard]] std::string name() const { return named("intersection_over_union"); }
  /// Of one class; 0 where no position is of it or taken for it.
  [[nodiscard]] double of_class(std::size_t c) const {
    return confusion().intersection_over_union(c);
  }
};

}  // namespace lamina::metrics
