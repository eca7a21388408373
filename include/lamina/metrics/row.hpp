#pragma once

#include <algorithm>
#include <cmath>
#include <concepts>
#include <cstddef>
#include <limits>
#include <span>
#include <string>

#include <lamina/core/types.hpp>

namespace lamina {

/// One sample of an evaluation, as metrics see it.
struct EvaluatedRow {
  std::span<const float> outputs;  ///< of the network: logits where the loss is a cross entropy
  Label label = -1;                ///< the class label, or -1 where there are float targets
  std::span<const float> targets;  ///< float targets; empty where there is a label

  /// What stands for the class where NaN chooses none.
  static constexpr std::size_t no_class = std::numeric_limits<std::size_t>::max();

  /// The class that the outputs choose: the largest one, or, of a single logit, 1 above 0;
  /// `no_class` where an output is NaN.
  [[nodiscard]] std::size_t predicted_class() const { return class_of(outputs, 0.0f); }
  /// The class that is right: the label, or the largest target, or, of a single one, 1 above 1/2.
  [[nodiscard]] std::size_t true_class() const {
    return label >= 0 ? static_cast<std::size_t>(label) : class_of(targets, 0.5f);
  }

 private:
  static std::size_t class_of(std::span<const float> scores, float threshold) {
    const auto is_nan = [](float score) { return std::isnan(score); };
    if (std::any_of(scores.begin(), scores.end(), is_nan)) return no_class;
    if (scores.size() == 1) return scores[0] > threshold ? 1 : 0;
    return static_cast<std::size_t>(std::max_element(scores.begin(), scores.end()) -
                                    scores.begin());
  }
};

/// A number that an evaluation finds row by row. A user's own is a type like those of
/// `lamina::metrics`: `reset()`, `add(row)`, `value()`, `name()` and `higher_is_better`.
template <class M>
concept Metric = requires(M& metric, const M& done, const EvaluatedRow& row) {
  metric.reset();
  metric.add(row);
  { done.value() } -> std::convertible_to<double>;
  { done.name() } -> std::convertible_to<std::string>;
  { M::higher_is_better } -> std::convertible_to<bool>;
};

}  // namespace lamina
