#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <span>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include <lamina/core/diagnosis.hpp>
#include <lamina/data/dataset.hpp>
#include <lamina/losses/binary_cross_entropy.hpp>
#include <lamina/model/model.hpp>
#include <lamina/train/augment.hpp>
#include <lamina/train/layout_of.hpp>
#include <lamina/train/metrics.hpp>

namespace lamina {

/// Options of `augmented`.
struct AugmentedOptions {
  Seed seed = {};
  int copies = 1;  ///< of the data set, behind each other, each with draws of its own
};

/// Options of `predict_augmented`.
struct PredictAugmentedOptions {
  Seed seed = {};
  int draws = 8;  ///< of each sample
};

namespace detail {

/// The layout of a data set's samples, channel by channel.
inline SampleLayout layout_of_samples(const Dataset& data) {
  SampleLayout layout{.shape = data.shape(), .class_names = data.class_names()};
  if (data.has_labels()) {
    layout.target_shape = data.label_shape();
  } else {
    layout.target_is_label = false;
    layout.target_shape =
        data.outputs() == data.features() ? data.shape() : Shape{static_cast<int>(data.outputs())};
  }
  return layout;
}

/// Samples that a list has changed: inputs, targets, and how they lie.
template <class Target>
struct ChangedSamples {
  std::vector<float> inputs{};
  std::vector<Target> targets{};
  SampleLayout layout{};
  std::vector<std::vector<augment::Box>> boxes{};
  std::vector<std::vector<augment::KeyPoint>> points{};
};

/// All samples of a data set, changed by the draws of a step.
template <class Target, class... Items>
ChangedSamples<Target> change_samples(const Augment<Items...>& augment, const SampleLayout& layout,
                                      const Dataset& data, std::vector<Target> targets, Seed seed,
                                      std::int64_t step) {
  const std::size_t rows = data.size();
  std::vector<float> inputs = all_inputs(data);
  ChangedSamples<Target> made{.layout = augment.layout_after(layout)};
  made.inputs.resize(rows * static_cast<std::size_t>(made.layout.shape.features()));
  made.targets.resize(rows * static_cast<std::size_t>(made.layout.target_shape.features()));
  made.boxes.assign(data.boxes().begin(), data.boxes().end());
  made.points.assign(data.points().begin(), data.points().end());
  const TrainingBatch<Target> from{inputs, targets, rows,       layout,     seed.value,
                                   step,   0,       made.boxes, made.points};
  const TrainingBatch<Target> to{made.inputs, made.targets, rows, made.layout, seed.value, step, 0,
                                 made.boxes,  made.points};
  augment.transform(from, to);
  return made;
}

template <class Loss>
inline constexpr bool gives_logit = false;
template <class... Attributes>
inline constexpr bool gives_logit<BinaryCrossEntropy<Attributes...>> = true;

/// The logarithm of a mean of numbers that are given as logarithms.
class LogMean {
 public:
  void add(double logarithm) {
    ++count_;
    if (logarithm > largest_) {
      sum_ = sum_ * std::exp(largest_ - logarithm) + 1;
      largest_ = logarithm;
    } else {
      sum_ += std::exp(logarithm - largest_);
    }
  }
  [[nodiscard]] double value() const { return largest_ + std::log(sum_ / count_); }

 private:
  double largest_ = -std::numeric_limits<double>::infinity();
  double sum_ = 0;
  int count_ = 0;
};

/// log(1 + e^x)
inline double soft_plus(double x) {
  return std::max(x, 0.0) + std::log1p(std::exp(-std::abs(x)));
}

/// The mean of what a network says of draws of a sample: of probabilities the logits of their mean.
template <class Loss>
class MeanOutputs {
 public:
  explicit MeanOutputs(std::size_t outputs)
      : sums_(outputs), shares_(probabilities ? outputs : 0), others_(binary ? outputs : 0) {}

  void add(std::span<const float> outputs) {
    ++count_;
    double total = 0;  // log of the sum of e^x
    if constexpr (is_cross_entropy<Loss>) {
      LogMean all;
      for (const float x : outputs) all.add(static_cast<double>(x));
      total = all.value() + std::log(static_cast<double>(outputs.size()));
    }
    for (std::size_t i = 0; i < outputs.size(); ++i) {
      const auto x = static_cast<double>(outputs[i]);
      if constexpr (is_cross_entropy<Loss>) shares_[i].add(x - total);
      if constexpr (binary) shares_[i].add(-soft_plus(-x));
      if constexpr (binary) others_[i].add(-soft_plus(x));
      sums_[i] += x;
    }
  }
  void write(std::span<float> to) const {
    for (std::size_t i = 0; i < to.size(); ++i) {
      double mean = sums_[i] / count_;
      if constexpr (probabilities) mean = shares_[i].value();
      if constexpr (binary) mean -= others_[i].value();
      to[i] = static_cast<float>(mean);
    }
  }

 private:
  static constexpr bool binary = gives_logit<Loss>;
  static constexpr bool probabilities = is_cross_entropy<Loss> || binary;

  std::vector<double> sums_;
  std::vector<LogMean> shares_;  ///< of a class
  std::vector<LogMean> others_;  ///< of the other class, of two
  int count_ = 0;
};

/// A data set whose samples lie so, changed by a list.
template <class... Items>
Dataset augmented(const Dataset& data, const SampleLayout& layout, const Augment<Items...>& augment,
                  const AugmentedOptions& options) {
  if (options.copies < 1) {
    throw Error("augmented: expected at least 1 copy, found " + std::to_string(options.copies));
  }
  if (data.features() == 0) throw Error("augmented: expected samples, found none");
  std::vector<std::vector<augment::Box>> boxes;
  std::vector<std::vector<augment::KeyPoint>> points;
  const auto change = [&]<class Target>(std::span<const Target> own) {
    std::vector<float> inputs;
    std::vector<Target> targets;
    SampleLayout after = layout;
    for (int copy = 0; copy < options.copies; ++copy) {
      auto made = change_samples(augment, layout, data, std::vector<Target>(own.begin(), own.end()),
                                 options.seed, copy);
      inputs.insert(inputs.end(), made.inputs.begin(), made.inputs.end());
      targets.insert(targets.end(), made.targets.begin(), made.targets.end());
      boxes.insert(boxes.end(), made.boxes.begin(), made.boxes.end());
      points.insert(points.end(), made.points.begin(), made.points.end());
      after = made.layout;
    }
    if constexpr (std::is_same_v<Target, Label>) {
      return Dataset(after.shape, std::move(inputs), std::move(targets), after.target_shape);
    } else if (data.outputs() == 0) {
      return Dataset(after.shape, std::move(inputs));
    } else {
      return Dataset(after.shape, std::move(inputs), std::move(targets),
                     static_cast<std::size_t>(after.target_shape.features()));
    }
  };
  Dataset made = data.has_labels() ? change(data.labels()) : change(data.targets());
  Names names = data.names();
  if (names.features.size() != made.features()) names.features.clear();
  if (!data.has_labels() && names.targets.size() != made.outputs()) names.targets.clear();
  return std::move(made)
      .named(std::move(names))
      .with_boxes(std::move(boxes))
      .with_points(std::move(points));
}

}  // namespace detail

/// A data set that an `Augment` list has changed: for what shall be the same in every epoch, such
/// as the middle of images to validate on, or for a look at what a fit sees.
///
/// Sample i of copy c is drawn by the seed, as of row i in step c. Samples lie channel by channel;
/// float targets move with them where they are as many as the inputs, those of an autoencoder.
/// Beyond a class map is class 0, or `labels.fill` of the list.
/// Errors: samples that do not fit an item, none, and less than one copy, throw `Error`.
/// Example: `const Dataset validation = augmented(photos, Augment<CenterCrop<224>>{});`
template <class... Items>
[[nodiscard]] Dataset augmented(const Dataset& data, const Augment<Items...>& augment,
                                const AugmentedOptions& options = {}) {
  static_cast<void>(Diagnose<detail::CheckAugment<Items...>>{});
  return detail::augmented(data, detail::layout_of_samples(data), augment, options);
}

/// The same as a fit of a network does it: with `ChannelsLast`, targets at positions, and the label
/// that its loss ignores.
///
/// Example: `augmented<Net>(photos, Augment<CenterCrop<224>>{})`
template <class Net, class... Items>
[[nodiscard]] Dataset augmented(const Dataset& data, const Augment<Items...>& augment,
                                const AugmentedOptions& options = {}) {
  static_cast<void>(Diagnose<detail::CheckAugment<Items...>>{});
  return detail::augmented(data, detail::layout_of<Net>(data), augment, options);
}

/// Test-time augmentation: the mean of what a model says of several draws of each sample, row-major
/// (samples, outputs). For a classifier it is the mean of the probabilities, given as its
/// logarithm: logits as those of `predict`.
///
/// A policy per class goes by the labels of the data set, without them by class 0: leave it out.
/// Errors: samples that do not fit an item or, behind the list, the network, and less than one
/// draw, throw `Error`.
/// Example: `predict_augmented(model, test, Augment<RandomCrop<28, Padding<1>>>{}, {.draws = 16})`
template <class Net, class... Items>
[[nodiscard]] std::vector<float> predict_augmented(const Model<Net>& model, const Dataset& data,
                                                   const Augment<Items...>& augment,
                                                   const PredictAugmentedOptions& options = {}) {
  static_cast<void>(Diagnose<detail::CheckAugment<Items...>>{});
  if (options.draws < 1) {
    throw Error("predict_augmented: expected at least 1 draw, found " +
                std::to_string(options.draws));
  }
  static_assert(Plan<Net>::output_shape.flat(),
                "lamina: predict_augmented: expected one output a sample: those at positions would "
                "have to be moved back");
  using Loss = typename Plan<Net>::Loss;
  constexpr std::size_t outputs = Model<Net>::outputs;
  std::vector<float> results(data.size() * outputs);
  if (data.empty()) return results;
  SampleLayout layout = detail::layout_of<Net>(data);
  layout.target_shape = Shape{1};
  layout.target_is_label = true;
  detail::expect_features<Net>(layout, augment.layout_after(layout), "predict_augmented");
  std::vector<Label> labels(data.size());
  if (data.has_labels() && data.labels_a_sample() == 1) {
    labels.assign(data.labels().begin(), data.labels().end());
  }
  std::vector<detail::MeanOutputs<Loss>> means(data.size(), detail::MeanOutputs<Loss>(outputs));
  for (int draw = 0; draw < options.draws; ++draw) {
    const auto made = detail::change_samples(augment, layout, data, labels, options.seed, draw);
    model.predict(std::span<const float>(made.inputs), std::span<float>(results));
    for (std::size_t row = 0; row < means.size(); ++row) {
      means[row].add(std::span(results).subspan(row * outputs, outputs));
    }
  }
  for (std::size_t row = 0; row < means.size(); ++row) {
    means[row].write(std::span(results).subspan(row * outputs, outputs));
  }
  return results;
}

}  // namespace lamina
