#pragma once

#include <lamina/norms/attributes.hpp>

namespace lamina {

/// Running batch normalization: batch normalization for small batches, of 2 samples even.
///
/// Training too normalizes by moving averages: of the sums over the batch, of the sums of squares
/// and of the number of values of a feature, each with the weight
/// w = 1 - (1 - momentum) / sqrt(samples - 1) for the newest batch, so that small batches weigh
/// less. All three start at 0, which de-biases their quotients: mean = sums / count,
/// variance = squares / count - mean^2. Until 20 samples have been seen the variance is at least
/// 0.01. The gradient flows through the newest batch's share. Inference uses the same averages.
/// Over images and signals the values of a channel are those of all positions. Saved as `sums`,
/// `squares`, `count` and `samples`. Attributes: `Epsilon<1e-5>`, `Momentum<0.1>` (above 0),
/// `NoAffine`.
///
/// Errors: a training batch of one sample: `Trainer::step` throws `Error`.
/// Example: `Linear<64>, RunningBatchNorm<>, ReLU`
/// Source: fastai's course "Deep Learning from the Foundations" (2019), lesson 10
template <class... Attributes>
struct RunningBatchNorm {
  static constexpr Role role = Role::Normalization;
  static constexpr Normalization normalization = detail::with_attributes<Attributes...>(
      {.axes = Axes::Batch | Axes::Space, .averages = Averages::Running});
  static constexpr TextBuffer name() {
    return detail::norm_name<Attributes...>("RunningBatchNorm");
  }
  static constexpr TextBuffer check() {
    TextBuffer wrong = allow<AttributeKind::Epsilon, AttributeKind::Momentum,
                             AttributeKind::Affine>::template check<Attributes...>();
    // A batch of two rows would have no weight, and nothing to divide by if it is the first.
    if (wrong.empty() && !(normalization.momentum > 0)) wrong << "needs a momentum above 0, got 0";
    return wrong;
  }
  static constexpr TextBuffer check_input(Shape) { return {}; }
};

}  // namespace lamina
