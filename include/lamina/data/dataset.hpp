#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include <lamina/core/error.hpp>
#include <lamina/core/shape.hpp>
#include <lamina/core/types.hpp>
#include <lamina/data/boxes.hpp>
#include <lamina/data/input_rows.hpp>
#include <lamina/data/labels.hpp>
#include <lamina/data/names.hpp>
#include <lamina/data/numbers.hpp>
#include <lamina/data/rows.hpp>
#include <lamina/data/sample_shape.hpp>

namespace lamina {

/// Samples and what belongs to them: row-major float inputs, and for every sample either a class
/// label, or a class map (a label at every position of an image or a signal), or a row of float
/// targets.
///
/// Shapes: inputs (size, features), labels (size) or (size, height, width), targets (size,
/// outputs).
///
/// Made of numbers of any type, which become floats and `Label`s once: ranges (`std::vector`,
/// `std::span`, arrays) and matrices (Eigen's and its maps, row- or column-major, or your own; see
/// `NumberRange` and `NumberMatrix`). Vectors of `float` and `Label` that are given away are taken
/// over without a copy.
///
/// Errors: the constructors throw `Error` when a shape, a count or a label does not fit, or a
/// number is beyond the largest float; accessors throw `Error` for a row that is not there.
///
/// Examples:
///
///     Dataset digits{Shape{1, 28, 28}, pixels, labels};  // class labels
///     Dataset streets{Shape{3, 64, 96}, pixels, classes, Shape{1, 64, 96}};  // class maps
///     Dataset curve{2, points, values, 1};               // regression: 2 features, 1 output
///     Dataset mine{Eigen::Map<Eigen::MatrixXd>(numbers, 150, 4), std::span(species, 150)};
class Dataset {
 public:
  /// No samples; something to assign to.
  Dataset() = default;

  /// Samples with class labels: `labels.size() * sample.features()` inputs, no label below 0.
  Dataset(Shape sample, std::vector<float> inputs, std::vector<Label> labels)
      : Dataset(sample, std::move(inputs), std::move(labels), Shape{1, 1, 1}) {}

  /// Samples with class maps, which have one channel, `Shape{1, height, width}`, and need not have
  /// the positions of the samples: (size, height, width) labels, none below 0.
  Dataset(Shape sample, std::vector<float> inputs, std::vector<Label> labels, Shape label_shape)
      : Dataset(detail::SampleInputs(std::move(inputs)), sample, std::move(labels), label_shape) {}

  /// The same with plain features: no channels, no space.
  Dataset(int features, std::vector<float> inputs, std::vector<Label> labels)
      : Dataset(Shape{features, 1, 1}, std::move(inputs), std::move(labels)) {}

  /// Samples with float targets, `outputs` of them a row: (size, outputs), row-major.
  Dataset(Shape sample, std::vector<float> inputs, std::vector<float> targets, std::size_t outputs)
      : Dataset(detail::SampleInputs(std::move(inputs)), sample, std::move(targets), outputs) {}

  /// The same with plain features: no channels, no space.
  Dataset(int features, std::vector<float> inputs, std::vector<float> targets, std::size_t outputs)
      : Dataset(Shape{features, 1, 1}, std::move(inputs), std::move(targets), outputs) {}

  /// Samples with nothing to learn, for predictions: neither labels nor targets.
  Dataset(Shape sample, std::vector<float> inputs)
      : Dataset(detail::SampleInputs(std::move(inputs)), sample) {}

  /// The same with plain features: no channels, no space.
  Dataset(int features, std::vector<float> inputs)
      : Dataset(Shape{features, 1, 1}, std::move(inputs)) {}

  /// Samples whose inputs are read when they are asked for, with the same kinds of labels and
  /// targets, which lie in memory. Copies and parts share the source.
  template <std::derived_from<InputRows> Rows>
  Dataset(Shape sample, std::shared_ptr<Rows> inputs, std::vector<Label> labels,
          Shape label_shape = {1, 1, 1})
      : Dataset(detail::SampleInputs(std::shared_ptr<const InputRows>(std::move(inputs))), sample,
                std::move(labels), label_shape) {}
  template <std::derived_from<InputRows> Rows>
  Dataset(Shape sample, std::shared_ptr<Rows> inputs, std::vector<float> targets,
          std::size_t outputs)
      : Dataset(detail::SampleInputs(std::shared_ptr<const InputRows>(std::move(inputs))), sample,
                std::move(targets), outputs) {}
  template <std::derived_from<InputRows> Rows>
  Dataset(Shape sample, std::shared_ptr<Rows> inputs)
      : Dataset(detail::SampleInputs(std::shared_ptr<const InputRows>(std::move(inputs))), sample) {
  }

  /// Samples with class labels, from ranges or matrices of any numbers and any integers.
  template <NumberSource Inputs, LabelSource Labels>
  Dataset(Shape sample, Inputs&& inputs, const Labels& labels)
      : Dataset(sample, detail::to_floats(std::forward<Inputs>(inputs)),
                detail::to_labels(labels)) {}
  template <NumberSource Inputs, LabelSource Labels>
  Dataset(int features, Inputs&& inputs, const Labels& labels)
      : Dataset(Shape{features, 1, 1}, std::forward<Inputs>(inputs), labels) {}
  template <NumberSource Inputs, LabelSource Labels>
  Dataset(Shape sample, Inputs&& inputs, const Labels& labels, Shape label_shape)
      : Dataset(sample, detail::to_floats(std::forward<Inputs>(inputs)), detail::to_labels(labels),
                label_shape) {}

  /// Samples with float targets, `outputs` of them a row, from ranges or matrices of any numbers.
  template <NumberSource Inputs, NumberSource Targets>
  Dataset(Shape sample, Inputs&& inputs, Targets&& targets, std::size_t outputs)
      : Dataset(sample, detail::to_floats(std::forward<Inputs>(inputs)),
                detail::to_floats(std::forward<Targets>(targets)), outputs) {}
  template <NumberSource Inputs, NumberSource Targets>
  Dataset(int features, Inputs&& inputs, Targets&& targets, std::size_t outputs)
      : Dataset(Shape{features, 1, 1}, std::forward<Inputs>(inputs), std::forward<Targets>(targets),
                outputs) {}

  /// Rows of a matrix (size, features), and integers (a range, or a matrix of one column): labels.
  template <NumberMatrix Inputs, LabelSource Labels>
  Dataset(const Inputs& inputs, const Labels& labels)
      : Dataset(detail::row_shape(detail::columns_of(inputs)), detail::to_floats(inputs),
                detail::to_labels(labels)) {}

  /// Rows of a matrix (size, features), and floating numbers: targets (size, outputs) from a
  /// matrix, one a row from a range.
  template <NumberMatrix Inputs, TargetSource Targets>
  Dataset(const Inputs& inputs, const Targets& targets)
      : Dataset(detail::row_shape(detail::columns_of(inputs)), detail::to_floats(inputs),
                detail::to_floats(targets), detail::columns_of(targets)) {}

  /// Number of samples.
  [[nodiscard]] std::size_t size() const { return size_; }
  [[nodiscard]] bool empty() const { return size_ == 0; }

  /// Extents of one sample.
  [[nodiscard]] Shape shape() const { return shape_; }
  /// Values in one sample: channels * height * width.
  [[nodiscard]] std::size_t features() const { return features_; }

  /// False where inputs are read when they are asked for.
  [[nodiscard]] bool in_memory() const { return inputs_.in_memory(); }

  /// All inputs: (size, features), row-major. Throws `Error` where they are not `in_memory()`.
  [[nodiscard]] std::span<const float> inputs() const {
    if (in_memory()) return inputs_.values();
    throw Error(
        "Dataset::inputs: expected a data set in memory, found one that reads its rows when "
        "asked (read_inputs(row, to) gives them)");
  }
  /// The inputs of one sample: (features).
  [[nodiscard]] std::span<const float> inputs(std::size_t row) const {
    check_row(row);
    return inputs().subspan(row * features_, features_);
  }
  /// Writes the inputs of one sample, (features), wherever they are. May be called from several
  /// threads at once. Errors: another size, and what a source throws.
  void read_inputs(std::size_t row, std::span<float> to) const {
    check_row(row);
    if (to.size() != features_) {
      throw Error("Dataset::read_inputs: expected place for " + std::to_string(features_) +
                  " features, found " + std::to_string(to.size()));
    }
    inputs_.read(row, to);
  }

  /// True for class labels, false for float targets (and for a default-constructed data set).
  [[nodiscard]] bool has_labels() const { return has_labels_; }
  /// Class labels: (size), or (size, height, width); empty where the data set has float targets.
  [[nodiscard]] std::span<const Label> labels() const { return labels_; }
  /// The labels of one sample: one, or a class map (height, width).
  [[nodiscard]] std::span<const Label> labels(std::size_t row) const {
    check_row(row);
    return labels().subspan(row * labels_a_sample(), labels_a_sample());
  }
  /// Extents of a class map, of one channel; one position where samples have one label.
  [[nodiscard]] Shape label_shape() const { return label_shape_; }
  /// Labels of a sample: 1, or the positions of a class map; 0 without labels.
  [[nodiscard]] std::size_t labels_a_sample() const {
    return has_labels_ ? static_cast<std::size_t>(label_shape_.positions()) : 0;
  }
  /// One more than the largest label, those to be ignored too; 0 without labels.
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

  /// A copy of `count` samples (of inputs that are read when asked, a view) from row `first` on;
  /// throws `Error` when they are not all there. `classes()` of the copy counts only the labels it
  /// holds.
  ///
  /// Example: `Dataset validation = all.slice(50'000, 10'000);`
  [[nodiscard]] Dataset slice(std::size_t first, std::size_t count) const {
    if (first > size_ || count > size_ - first) {
      throw Error(std::string("Dataset::slice: expected rows within ") + std::to_string(size_) +
                  ", found " + std::to_string(count) + " rows from row " + std::to_string(first) +
                  " on");
    }
    if (features_ == 0) return {};
    return part(inputs_.slice(first, count, features_), [&](const auto& all, std::size_t width) {
      return detail::cut(std::span(all), first * width, count * width);
    });
  }

  /// A copy, or such a view, of these rows in this order; a row may come more than once. Throws
  /// `Error` for a row that is not there. `classes()` of the copy counts only the labels it holds.
  ///
  /// Example: `Dataset odd = all.select(std::vector<std::uint32_t>{1, 3, 5});`
  [[nodiscard]] Dataset select(std::span<const std::uint32_t> rows) const {
    for (const std::uint32_t row : rows) check_row(row);
    if (features_ == 0) return {};
    return part(inputs_.select(rows, features_), [&](const auto& all, std::size_t width) {
      return detail::gather(std::span(all), rows, width);
    });
  }

  /// The same samples, with these targets in place of what they had, and no names. Errors: as the
  /// constructors.
  [[nodiscard]] Dataset with_targets(std::vector<float> targets, std::size_t outputs) const {
    Dataset made(inputs_, shape_, std::move(targets), outputs);
    made.boxes_ = boxes_;
    made.points_ = points_;
    return made;
  }

  /// The same samples with a list of boxes, or of key points, for each, any number of them, which
  /// `slice` and `select` keep: for transforms of a fit, which change them with the image and may
  /// make targets of them. Throws `Error` when there is not one list for each sample (or none, for
  /// no lists).
  ///
  /// Example: `Dataset faces = Dataset(shape, pixels, heat_maps, outputs).with_points(eyes);`
  [[nodiscard]] Dataset with_boxes(std::vector<std::vector<augment::Box>> boxes) && {
    check_lists(boxes.size(), "with_boxes");
    boxes_ = std::move(boxes);
    return std::move(*this);
  }
  [[nodiscard]] Dataset with_points(std::vector<std::vector<augment::KeyPoint>> points) && {
    check_lists(points.size(), "with_points");
    points_ = std::move(points);
    return std::move(*this);
  }
  [[nodiscard]] Dataset with_boxes(std::vector<std::vector<augment::Box>> boxes) const& {
    return Dataset(*this).with_boxes(std::move(boxes));
  }
  [[nodiscard]] Dataset with_points(std::vector<std::vector<augment::KeyPoint>> points) const& {
    return Dataset(*this).with_points(std::move(points));
  }

  /// The boxes of every sample: (size) lists; empty where the data set has none.
  [[nodiscard]] std::span<const std::vector<augment::Box>> boxes() const { return boxes_; }
  /// Those of one sample; none where the data set has none.
  [[nodiscard]] std::span<const augment::Box> boxes(std::size_t row) const {
    check_row(row);
    return boxes_.empty() ? std::span<const augment::Box>() : std::span(boxes_[row]);
  }
  /// The key points of every sample: (size) lists; empty where the data set has none.
  [[nodiscard]] std::span<const std::vector<augment::KeyPoint>> points() const { return points_; }
  /// Those of one sample; none where the data set has none.
  [[nodiscard]] std::span<const augment::KeyPoint> points(std::size_t row) const {
    check_row(row);
    return points_.empty() ? std::span<const augment::KeyPoint>() : std::span(points_[row]);
  }

  /// Names of the features, classes and targets; each list empty where there are none.
  [[nodiscard]] const std::vector<std::string>& feature_names() const { return names_.features; }
  [[nodiscard]] const std::vector<std::string>& class_names() const { return names_.classes; }
  [[nodiscard]] const std::vector<std::string>& target_names() const { return names_.targets; }
  [[nodiscard]] const Names& names() const { return names_; }

  /// The same samples under other names, which `slice` and `select` keep. Throws `Error` when a
  /// list is neither empty nor of the right length: `features()`, `classes()` or more (a part may
  /// lack the last classes), `outputs()`, or 1 for labels.
  [[nodiscard]] Dataset named(Names names) && {
    detail::check_names(names.features, names.features.size() == features_,
                        std::to_string(features_), "feature");
    detail::check_names(names.classes, has_labels_ && names.classes.size() >= classes_,
                        has_labels_ ? std::to_string(classes_) + " or more" : "0", "class");
    const std::size_t targets = has_labels_ ? 1 : outputs_;
    detail::check_names(names.targets, names.targets.size() == targets, std::to_string(targets),
                        "target");
    names_ = std::move(names);
    return std::move(*this);
  }
  [[nodiscard]] Dataset named(Names names) const& { return Dataset(*this).named(std::move(names)); }

 private:
  Dataset(detail::SampleInputs inputs, Shape sample, std::vector<Label> labels, Shape label_shape)
      : shape_{sample},
        features_{detail::checked_features(sample)},
        label_shape_{label_shape},
        size_{detail::checked_maps(labels.size(), label_shape)},
        has_labels_{true},
        inputs_{std::move(inputs)},
        labels_{std::move(labels)} {
    check_inputs(labels_a_sample() == 1 ? "labels" : "class maps");
    classes_ = detail::count_classes(labels_, labels_a_sample());
  }
  Dataset(detail::SampleInputs inputs, Shape sample, std::vector<float> targets,
          std::size_t outputs)
      : shape_{sample},
        features_{detail::checked_features(sample)},
        size_{detail::checked_rows(targets.size(), outputs)},
        outputs_{outputs},
        inputs_{std::move(inputs)},
        targets_{std::move(targets)} {
    check_inputs("rows of targets");
  }
  Dataset(detail::SampleInputs inputs, Shape sample)
      : shape_{sample}, features_{detail::checked_features(sample)}, inputs_{std::move(inputs)} {
    size_ = in_memory() ? inputs_.values().size() / features_ : inputs_.rows();
    check_inputs("rows");
  }

  // Divides instead of multiplying: size times features may be more than a size_t holds.
  void check_inputs(const char* rows) const {
    const std::size_t found = inputs_.values().size();
    if (in_memory() ? found % features_ == 0 && found / features_ == size_
                    : inputs_.rows() == size_) {
      return;
    }
    const std::string each = std::string(" for each of ") + std::to_string(size_) + " " + rows;
    if (!in_memory()) {
      throw Error("Dataset: expected a row of inputs" + each + ", found " +
                  std::to_string(inputs_.rows()) + " rows");
    }
    throw Error("Dataset: expected " + std::to_string(features_) + " inputs" + each + ", found " +
                std::to_string(found) + " inputs");
  }

  void check_row(std::size_t row) const {
    if (row < size_) return;
    throw Error(std::string("Dataset: expected a row below ") + std::to_string(size_) +
                ", found row " + std::to_string(row));
  }

  // Some of the samples: `some_of(values, width)` gives their part of values, so many a sample.
  template <class SomeOf>
  [[nodiscard]] Dataset part(detail::SampleInputs inputs, SomeOf some_of) const {
    Dataset made =
        has_labels_
            ? Dataset(std::move(inputs), shape_, some_of(labels_, labels_a_sample()), label_shape_)
        : outputs_ == 0 ? Dataset(std::move(inputs), shape_)
                        : Dataset(std::move(inputs), shape_, some_of(targets_, outputs_), outputs_);
    made.names_ = names_;
    if (!boxes_.empty()) made.boxes_ = some_of(boxes_, 1);
    if (!points_.empty()) made.points_ = some_of(points_, 1);
    return made;
  }

  void check_lists(std::size_t found, const char* function) const {
    if (found == size_ || found == 0) return;
    throw Error(std::string("Dataset::") + function + ": expected a list for each of " +
                std::to_string(size_) + " samples, or none, found " + std::to_string(found));
  }

  Shape shape_{};
  std::size_t features_ = 0;
  Shape label_shape_{1, 1, 1};
  std::size_t size_ = 0;
  std::size_t outputs_ = 0;
  std::size_t classes_ = 0;
  bool has_labels_ = false;
  detail::SampleInputs inputs_;
  std::vector<Label> labels_;
  std::vector<float> targets_;
  Names names_;
  std::vector<std::vector<augment::Box>> boxes_;
  std::vector<std::vector<augment::KeyPoint>> points_;
};

}  // namespace lamina
