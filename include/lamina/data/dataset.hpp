#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include <lamina/core/error.hpp>
#include <lamina/core/shape.hpp>
#include <lamina/core/types.hpp>

namespace lamina {

/// Samples and what belongs to them: row-major float inputs, and for every sample either a class
/// label or a row of float targets.
///
/// Shapes: inputs (size, features), labels (size), targets (size, outputs).
///
/// Errors: the constructors throw `Error` when a shape, a count or a label does not fit; accessors
/// throw `Error` for a row that is not there.
///
/// Examples:
///
///     Dataset digits{Shape{1, 28, 28}, pixels, labels};  // class labels
///     Dataset curve{2, points, values, 1};               // regression: 2 features, 1 output
class Dataset {
 public:
  /// No samples; something to assign to.
  Dataset() = default;

  /// Samples with class labels: `labels.size() * sample.features()` inputs, no label below 0.
  Dataset(Shape sample, std::vector<float> inputs, std::vector<Label> labels)
      : shape_{sample},
        features_{checked_features(sample)},
        size_{labels.size()},
        has_labels_{true},
        inputs_{std::move(inputs)},
        labels_{std::move(labels)} {
    check_inputs("labels");
    for (std::size_t row = 0; row < size_; ++row) {
      if (labels_[row] < 0) {
        throw Error(std::string("Dataset: expected labels of 0 and more, found ") +
                    std::to_string(labels_[row]) + " in row " + std::to_string(row));
      }
      classes_ = std::max(classes_, static_cast<std::size_t>(labels_[row]) + 1);
    }
  }

  /// The same with plain features: no channels, no space.
  Dataset(int features, std::vector<float> inputs, std::vector<Label> labels)
      : Dataset(Shape{features, 1, 1}, std::move(inputs), std::move(labels)) {}

  /// Samples with float targets, `outputs` of them a row: (size, outputs), row-major.
  Dataset(Shape sample, std::vector<float> inputs, std::vector<float> targets, std::size_t outputs)
      : shape_{sample},
        features_{checked_features(sample)},
        size_{checked_rows(targets.size(), outputs)},
        outputs_{outputs},
        inputs_{std::move(inputs)},
        targets_{std::move(targets)} {
    check_inputs("rows of targets");
  }

  /// The same with plain features: no channels, no space.
  Dataset(int features, std::vector<float> inputs, std::vector<float> targets, std::size_t outputs)
      : Dataset(Shape{features, 1, 1}, std::move(inputs), std::move(targets), outputs) {}

  /// Number of samples.
  [[nodiscard]] std::size_t size() const { return size_; }
  [[nodiscard]] bool empty() const { return size_ == 0; }

  /// Extents of one sample.
  [[nodiscard]] Shape shape() const { return shape_; }
  /// Values in one sample: channels * height * width.
  [[nodiscard]] std::size_t features() const { return features_; }

  /// All inputs: (size, features), row-major.
  [[nodiscard]] std::span<const float> inputs() const { return inputs_; }
  /// The inputs of one sample: (features).
  [[nodiscard]] std::span<const float> inputs(std::size_t row) const {
    check_row(row);
    return inputs().subspan(row * features_, features_);
  }

  /// True for class labels, false for float targets (and for a default-constructed data set).
  [[nodiscard]] bool has_labels() const { return has_labels_; }
  /// Class labels: (size); empty where the data set has float targets.
  [[nodiscard]] std::span<const Label> labels() const { return labels_; }
  /// One more than the largest label; 0 without labels.
  [[nodiscard]] std::size_t classes() const { return classes_; }

  /// Float targets: (size, outputs), row-major; empty where the data set has labels.
  [[nodiscard]] std::span<const float> targets() const { return targets_; }
  /// The targets of one sample: (outputs).
  [[nodiscard]] std::span<const float> targets(std::size_t row) const {
    check_row(row);
    return targets().subspan(row * outputs_, outputs_);
  }
  /// Float targets in a row; 0 where the data set has labels.
  [[nodiscard]] std::size_t outputs() const { return outputs_; }

  /// A copy of `count` samples from row `first` on; throws `Error` when they are not all there.
  /// `classes()` of the copy counts only the labels it holds.
  ///
  /// Example: `Dataset validation = all.slice(50'000, 10'000);`
  [[nodiscard]] Dataset slice(std::size_t first, std::size_t count) const {
    if (first > size_ || count > size_ - first) {
      throw Error(std::string("Dataset::slice: expected rows within ") + std::to_string(size_) +
                  ", found " + std::to_string(count) + " rows from row " + std::to_string(first) +
                  " on");
    }
    if (features_ == 0) return {};
    auto rows = cut(inputs(), first * features_, count * features_);
    if (has_labels_) return {shape_, std::move(rows), cut(labels(), first, count)};
    return {shape_, std::move(rows), cut(targets(), first * outputs_, count * outputs_), outputs_};
  }

 private:
  static std::size_t checked_features(Shape sample) {
    if (sample.channels < 1 || sample.height < 1 || sample.width < 1) {
      throw Error("Dataset: expected extents of 1 and more, found " + text(sample));
    }
    constexpr std::int64_t most = std::numeric_limits<int>::max();
    const std::int64_t plane = std::int64_t{sample.height} * sample.width;
    if (plane > most || plane * sample.channels > most) {
      throw Error(std::string("Dataset: expected at most ") + std::to_string(most) +
                  " features a sample, found " + text(sample));
    }
    return static_cast<std::size_t>(sample.features());
  }

  static std::size_t checked_rows(std::size_t targets, std::size_t outputs) {
    if (outputs == 0) throw Error("Dataset: expected 1 or more outputs a row, found 0");
    if (targets % outputs != 0) {
      throw Error(std::string("Dataset: expected whole rows of ") + std::to_string(outputs) +
                  " targets, found " + std::to_string(targets) + " targets");
    }
    return targets / outputs;
  }

  // Divides instead of multiplying: size times features may be more than a size_t holds.
  void check_inputs(const char* rows) const {
    if (inputs_.size() % features_ == 0 && inputs_.size() / features_ == size_) return;
    throw Error(std::string("Dataset: expected ") + std::to_string(features_) +
                " inputs for each of " + std::to_string(size_) + " " + rows + ", found " +
                std::to_string(inputs_.size()) + " inputs");
  }

  void check_row(std::size_t row) const {
    if (row < size_) return;
    throw Error(std::string("Dataset: expected a row below ") + std::to_string(size_) +
                ", found row " + std::to_string(row));
  }

  static std::string text(Shape shape) {
    std::string text = "(";
    text += std::to_string(shape.channels) + ", ";
    text += std::to_string(shape.height) + ", ";
    text += std::to_string(shape.width) + ")";
    return text;
  }

  template <class T>
  static std::vector<T> cut(std::span<const T> all, std::size_t first, std::size_t count) {
    const std::span<const T> part = all.subspan(first, count);
    return {part.begin(), part.end()};
  }

  Shape shape_{};
  std::size_t features_ = 0;
  std::size_t size_ = 0;
  std::size_t outputs_ = 0;
  std::size_t classes_ = 0;
  bool has_labels_ = false;
  std::vector<float> inputs_;
  std::vector<Label> labels_;
  std::vector<float> targets_;
};

}  // namespace lamina
