#pragma once

#include <algorithm>
#include <cmath>
#include <concepts>
#include <cstddef>
#include <limits>
#include <span>
#include <string>
#include <vector>

#include <lamina/core/error.hpp>
#include <lamina/core/shape.hpp>
#include <lamina/core/types.hpp>

namespace lamina {

/// One sample of an evaluation, as metrics see it. Values of images and signals lie channel by
/// channel; `for_each_position` shows their positions one by one.
struct EvaluatedRow {
  std::span<const float> outputs;  ///< of the network: logits where the loss is a cross entropy
  Label label = -1;  ///< the class label, or -1 where there are float targets or a class map
  std::span<const float> targets;      ///< float targets; empty where there are labels
  std::span<const Label> labels = {};  ///< the label, or a class map: (height, width)
  Shape shape = {};                    ///< of the outputs; without one they are flat
  Label ignored = -1;                  ///< a label that does not count; -1 where there is none

  /// What stands for the class where NaN chooses none.
  static constexpr std::size_t no_class = std::numeric_limits<std::size_t>::max();

  /// The class that the outputs choose: the largest one, or, of a single logit, 1 above 0;
  /// `no_class` where an output is NaN. Throws `Error` where there are several positions.
  [[nodiscard]] std::size_t predicted_class() const {
    check_one_position();
    return class_of(outputs, 0.0f);
  }
  /// The class that is right: the label, or the largest target, or, of a single one, 1 above 1/2.
  /// Throws `Error` where there are several positions.
  [[nodiscard]] std::size_t true_class() const {
    check_one_position();
    return label >= 0 ? static_cast<std::size_t>(label) : class_of(targets, 0.5f);
  }

  /// Calls f(row) for every position: a row of the channels there, and of the label or the targets
  /// of that position. Flat outputs have one position, the row itself. What has the ignored label
  /// is left out.
  template <class F>
  void for_each_position(const F& f) const {
    const auto positions = static_cast<std::size_t>(shape.positions());
    if (positions == 1) {
      if (label == -1 || label != ignored) f(*this);
      return;
    }
    std::vector<float> channels(outputs.size() / positions);
    std::vector<float> wanted(targets.size() / positions);
    for (std::size_t p = 0; p < positions; ++p) {
      const Label own = labels.empty() ? -1 : labels[p];
      if (own != -1 && own == ignored) continue;
      for (std::size_t c = 0; c < channels.size(); ++c) channels[c] = outputs[c * positions + p];
      for (std::size_t c = 0; c < wanted.size(); ++c) wanted[c] = targets[c * positions + p];
      f(EvaluatedRow{.outputs = channels, .label = own, .targets = wanted});
    }
  }

 private:
  void check_one_position() const {
    if (shape.positions() == 1) return;
    throw Error(std::string("EvaluatedRow: expected one position to have a class, found ") +
                std::string(words_of(shape).view()) + ": see for_each_position");
  }
  static std::size_t class_of(std::span<const float> scores, float threshold) {
    const auto is_nan = [](float score) { return std::isnan(score); };
    if (std::any_of(scores.begin(), scores.end(), is_nan)) return no_class;
    if (scores.size() == 1) return scores[0] > threshold ? 1 : 0;
    return static_cast<std::size_t>(std::max_element(scores.begin(), scores.end()) -
                                    scores.begin());
  }
};

/// A number that an evaluation finds row by row. A user's own is a type like those of
/// `lamina::metrics`: `reset()`, `add(row)`, `value()`, `name()` and `higher_is_better`. A row is a
/// sample, also of images and signals.
template <class M>
concept Metric = requires(M& metric, const M& done, const EvaluatedRow& row) {
  metric.reset();
  metric.add(row);
  { done.value() } -> std::convertible_to<double>;
  { done.name() } -> std::convertible_to<std::string>;
  { M::higher_is_better } -> std::convertible_to<bool>;
};

}  // namespace lamina
