#pragma once

#include <lamina/norms/attributes.hpp>

namespace lamina {

/// Batch normalization: y = scale (x - mean) / sqrt(variance + epsilon) + shift, per feature.
///
/// Training takes the mean and the biased variance of the batch, in two passes over the hot tile;
/// inference the running ones, whose variance is the unbiased. scale starts at 1, shift at 0 and
/// both are trained and never penalized. As `torch.nn.BatchNorm1d`; over images and signals per
/// channel, the mean over the batch and all positions, as `BatchNorm2d`.
/// Attributes: `Epsilon<1e-5>`, `Momentum<0.1>`, `NoAffine`.
///
/// Errors: a training batch of one sample has no variance where a channel has one position alone:
/// `Trainer::step` throws `Error`.
/// Example: `Linear<512>, BatchNorm<>, ReLU`
/// Source: Ioffe and Szegedy 2015, https://arxiv.org/abs/1502.03167
template <class... Attributes>
struct BatchNorm {
  static constexpr Role role = Role::Normalization;
  static constexpr Normalization normalization = detail::with_attributes<Attributes...>(
      {.axes = Axes::Batch | Axes::Space, .averages = Averages::Moving});
  static constexpr TextBuffer name() { return detail::norm_name<Attributes...>("BatchNorm"); }
  static constexpr TextBuffer check() {
    return allow<AttributeKind::Epsilon, AttributeKind::Momentum,
                 AttributeKind::Affine>::template check<Attributes...>();
  }
  static constexpr TextBuffer check_input(Shape) { return {}; }
};

}  // namespace lamina
