#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>
#include <span>
#include <string>
#include <type_traits>
#include <vector>

#include <lamina/core/float_mode.hpp>
#include <lamina/data/dataset.hpp>
#include <lamina/kernel/loss.hpp>
#include <lamina/metrics/row.hpp>
#include <lamina/model/data_parts.hpp>
#include <lamina/model/model.hpp>
#include <lamina/train/finite.hpp>
#include <lamina/train/layout_of.hpp>

namespace lamina {

/// How a network does on a data set.
struct Evaluation {
  double loss = std::numeric_limits<double>::quiet_NaN();  ///< mean data loss, no penalties
  /// In [0, 1], for class labels: of all positions where they are maps, but the ignored ones.
  double accuracy = std::numeric_limits<double>::quiet_NaN();
};

namespace detail {

/// The data loss of one sample, before the mean is taken: of its positions, as the engine has them,
/// rows in panels of their channels.
template <class Net>
class LossOfSample {
  using P = Plan<Net>;
  using Loss = typename P::Loss;
  using Target = typename Loss::Target;

 public:
  double operator()(const float* outputs, const Target* targets) {
    for (int c = 0; c < panels.features; ++c) {
      float* to = rows_.data() + c / panels.width * stride + c % panels.width;
      for (int p = 0; p < positions; ++p) to[p * panels.width] = *outputs++;
    }
    if constexpr (std::is_same_v<Target, float> && positions > 1) {
      kernel::put_in_rows(targets, 1, P::output_shape, targets_.data());
      targets = targets_.data();
    }
    return kernel::apply_loss<Loss>({rows_.data(), gradient_.data(), stride, &panels, positions, 1},
                                    targets);
  }

 private:
  static constexpr int positions = P::output_shape.positions();
  static constexpr Panels panels = Panels::of(P::output_shape.channels);
  static constexpr std::ptrdiff_t stride = std::ptrdiff_t{positions} * panels.width;
  static constexpr std::size_t floats = static_cast<std::size_t>(panels.padded()) * positions;
  AlignedFloats rows_{floats};
  AlignedFloats gradient_{floats};
  std::vector<float> targets_ = std::vector<float>(static_cast<std::size_t>(P::outputs));
};

/// Errors: `Error` where the class maps of a data set, or its labels, do not fit a network with
/// these outputs. `ignored` is a label that costs nothing.
inline void expect_fitting_labels(const Dataset& data, const Shape& map, const Shape& outputs,
                                  Label ignored, const std::string& which) {
  const auto fail = [&](const std::string& expected, const std::string& found) {
    throw Error(which + ": expected " + expected + ", found " + found);
  };
  if (!data.has_labels()) fail("class labels", "float targets");
  if (map.height != outputs.height || map.width != outputs.width) {
    fail("for each sample " + words_of_labels(outputs), words_of_labels(map));
  }
  const auto classes = static_cast<std::size_t>(outputs.channels);
  if (data.classes() <= classes) return;
  Label largest = 0;
  for (const Label label : data.labels()) {
    if (label != ignored) largest = std::max(largest, label);
  }
  if (largest >= outputs.channels) {
    fail(std::string("labels below ") + std::to_string(classes) +
             (ignored == -1 ? "" : " or " + std::to_string(ignored)),
         std::to_string(largest));
  }
}

/// Errors: `Error` where samples that lie so, behind callbacks or a list of items, are not what the
/// network takes.
template <class Net>
void expect_features(const SampleLayout& before, const SampleLayout& behind,
                     const std::string& which) {
  using P = Plan<Net>;
  if (behind.shape.features() != P::features) {
    throw Error(which + ": expected samples of " + std::to_string(P::features) +
                " features, found " + std::to_string(behind.shape.features()));
  }
  // Data sets may have other extents than the network, of as many features; what is made of them
  // may not.
  if (behind.shape != before.shape && !P::input_shape.flat() &&
      !(behind.shape.height == P::input_shape.height &&
        behind.shape.width == P::input_shape.width)) {
    throw Error(which + ": expected samples of " + extents_text(P::input_shape) +
                " behind all changes, found " + extents_text(behind.shape));
  }
}

/// Errors: `Error` where the features, targets or labels of a data set, whose samples the network
/// gets in this layout, do not fit it.
template <class Net>
void expect_fitting(const Dataset& data, const SampleLayout& layout, const std::string& which) {
  using P = Plan<Net>;
  using Target = typename P::Loss::Target;
  const auto fail = [&](const std::string& expected, const std::string& found) {
    throw Error(which + ": expected " + expected + ", found " + found);
  };
  expect_features<Net>(layout_of<Net>(data), layout, which);
  if constexpr (std::is_same_v<Target, Label>) {
    expect_fitting_labels(data, layout.target_shape, P::output_shape,
                          kernel::ignored_label<typename P::Loss>, which);
  } else if (data.has_labels() || layout.target_shape.features() != P::outputs) {
    fail(std::to_string(P::outputs) + " float targets a row",
         data.has_labels() ? "class labels" : std::to_string(layout.target_shape.features()));
  }
}

template <class Net>
void expect_fitting(const Dataset& data, const std::string& which) {
  expect_fitting<Net>(data, layout_of<Net>(data), which);
}

/// The targets of a data set from row `first` on, as the network's loss takes them.
template <class Net>
auto targets_of(const Dataset& data, std::size_t first) {
  if constexpr (std::is_same_v<typename Plan<Net>::Loss::Target, Label>) {
    return data.labels().data() + first * data.labels_a_sample();
  } else {
    return data.targets().data() + first * data.outputs();
  }
}

/// A row of a data set and the outputs for it.
template <class Net>
EvaluatedRow evaluated_row(const Dataset& data, std::size_t row, const float* outputs) {
  EvaluatedRow found{.outputs = {outputs, Model<Net>::outputs}, .label = -1, .targets = {}};
  found.shape = Plan<Net>::output_shape;
  found.ignored = kernel::ignored_label<typename Plan<Net>::Loss>;
  if (data.has_labels()) {
    found.labels = data.labels(row);
    if (found.labels.size() == 1) found.label = found.labels[0];
  } else {
    found.targets = data.targets(row);
  }
  return found;
}

/// Labels that are counted, and those of them that the largest output is of.
class RightLabels {
 public:
  /// Of a sample, a label for each position of its outputs. NaN chooses no class.
  void add(const float* outputs, const Shape& shape, std::span<const Label> labels, Label ignored) {
    for (std::size_t p = 0; p < labels.size(); ++p) {
      if (labels[p] == ignored) continue;
      ++counted_;
      std::size_t best = p;
      bool chosen = true;
      for (int c = 0; c < shape.channels; ++c) {
        const std::size_t at = static_cast<std::size_t>(c) * labels.size() + p;
        if (outputs[at] > outputs[best]) best = at;
        chosen = chosen && !std::isnan(outputs[at]);
      }
      right_ += chosen && best / labels.size() == static_cast<std::size_t>(labels[p]) ? 1u : 0u;
    }
  }
  [[nodiscard]] double share() const {
    if (counted_ == 0) return std::numeric_limits<double>::quiet_NaN();
    return static_cast<double>(right_) / static_cast<double>(counted_);
  }

 private:
  std::size_t right_ = 0;
  std::size_t counted_ = 0;
};

/// The evaluation, whose rows are shown to all of `observers`. Where `finite` says whose, inputs
/// that are not in memory are checked to be that.
template <class Net, class... Observers>
Evaluation evaluate_for(const Model<Net>& model, const Dataset& data, const char* finite,
                        Observers&... observers) {
  using Loss = typename Plan<Net>::Loss;
  constexpr std::size_t outputs = Model<Net>::outputs;
  constexpr Shape shape = Plan<Net>::output_shape;
  // Outputs of 1024 samples are kept, or of images, which are large, some 4 MB.
  constexpr std::size_t chunk =
      std::clamp(std::size_t{1 << 20} / outputs, std::size_t{16}, std::size_t{1024});
  if (!data.empty()) expect_fitting<Net>(data, "evaluate");
  (observers.reset(), ...);
  if (data.empty()) return {};
  LossOfSample<Net> loss_of_sample;
  RightLabels right;
  const std::size_t part = part_of(data, chunk);
  std::vector<float> results(std::min(part, data.size()) * outputs);
  std::vector<float> buffer;
  double loss = 0;
  for (std::size_t first = 0; first < data.size(); first += part) {
    const std::size_t rows = std::min(part, data.size() - first);
    const std::span<const float> inputs = inputs_of(data, first, rows, buffer);
    if (finite != nullptr && !data.in_memory()) {
      expect_finite(inputs, data.features(), first, true, finite);
    }
    model.predict(inputs, std::span(results).first(rows * outputs));
    for (std::size_t row = 0; row < rows; ++row) {
      const float* at = results.data() + row * outputs;
      loss += loss_of_sample(at, targets_of<Net>(data, first + row));
      if (data.has_labels()) {
        right.add(at, shape, data.labels(first + row), kernel::ignored_label<Loss>);
      }
      if constexpr (sizeof...(Observers) > 0) {
        const EvaluatedRow evaluated = evaluated_row<Net>(data, first + row, at);
        (observers.add(evaluated), ...);
      }
    }
  }
  const std::size_t rows = data.size() * static_cast<std::size_t>(shape.positions());
  return {.loss = loss / kernel::loss_count<Loss>(targets_of<Net>(data, 0), rows, shape.channels),
          .accuracy = right.share()};
}

}  // namespace detail

/// Mean loss and accuracy of a model on a data set, in inference, and any metrics: they are reset,
/// and then hold what they found.
///
/// Errors: a data set that does not fit the network throws `Error`.
/// Example: `metrics::F1 f1; std::cout << evaluate(model, test, f1).accuracy << f1.value();`
template <class Net, Metric... Metrics>
  requires TrainableNetwork<Net>
Evaluation evaluate(const Model<Net>& model, const Dataset& data, Metrics&... metrics) {
  return in_float_mode([&] { return detail::evaluate_for(model, data, nullptr, metrics...); });
}

/// What stands in for the evaluation of a network that is wrong or has no loss.
template <class Net>
  requires(!TrainableNetwork<Net>)
Evaluation evaluate(const Model<Net>&, const Dataset&, auto&...) {
  static_cast<void>(Diagnose<NetworkFault<Net>>{});
  return {};
}

/// Share of samples, or of the positions of class maps, whose largest output is the labelled one,
/// in [0, 1]; those that the loss ignores are left out.
template <class Net>
double accuracy(const Model<Net>& model, const Dataset& data) {
  return evaluate(model, data).accuracy;
}

}  // namespace lamina
