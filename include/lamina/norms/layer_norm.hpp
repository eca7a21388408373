#pragma once

#include <lamina/norms/attributes.hpp>

namespace lamina {

/// Layer normalization: y = scale (x - mean) / sqrt(variance + epsilon) + shift, mean and biased
/// variance over the features of each sample.
///
/// Samples do not see each other: batches of one train, and inference is the same as training.
/// scale (1 at first) and shift (0) are per feature, trained and never penalized. As
/// `torch.nn.LayerNorm`. Over images and signals the mean goes over all channels and positions of a
/// sample, as `torch.nn.GroupNorm(1, channels)`, or with `PerPosition` over the channels of each
/// position; scale and shift are per channel, with `PerElement` per value, as of
/// `torch.nn.LayerNorm((channels, height, width))`. Attributes: `Epsilon<1e-5>`, `NoAffine`,
/// `PerPosition` or `PerElement`.
///
/// Example: `Linear<512>, LayerNorm<>, ReLU`
/// Source: Ba et al. 2016, https://arxiv.org/abs/1607.06450
template <class... Attributes>
struct LayerNorm {
  static constexpr Role role = Role::Normalization;
  static constexpr Normalization normalization =
      detail::with_attributes<Attributes...>({.axes = detail::sample_axes<Attributes...>});
  static constexpr TextBuffer name() { return detail::norm_name<Attributes...>("LayerNorm"); }
  static constexpr TextBuffer check() {
    return allow<AttributeKind::Epsilon, AttributeKind::Affine,
                 AttributeKind::Positions>::template check<Attributes...>();
  }
  static constexpr TextBuffer check_input(Shape) { return {}; }
};

}  // namespace lamina
