#pragma once

#include <lamina/norms/attributes.hpp>

namespace lamina {

/// Root-mean-square normalization: y = scale x / sqrt(mean(x^2) + epsilon) over the features of
/// each sample.
///
/// Layer normalization without the mean and without a shift. scale starts at 1, is trained and
/// never penalized. As `torch.nn.RMSNorm` with its eps given. Attributes: `Epsilon<1e-6>`,
/// `NoAffine`; over images and signals as `LayerNorm`, with `PerPosition` or `PerElement`.
///
/// Example: `Linear<512>, RMSNorm<>, SiLU`
/// Source: Zhang and Sennrich 2019, https://arxiv.org/abs/1910.07467
template <class... Attributes>
struct RMSNorm {
  static constexpr Role role = Role::Normalization;
  static constexpr Normalization normalization =
      detail::with_attributes<Attributes...>({.axes = detail::sample_axes<Attributes...>,
                                              .centered = false,
                                              .shifted = false,
                                              .epsilon = 1e-6});
  static constexpr TextBuffer name() { return detail::norm_name<Attributes...>("RMSNorm"); }
  static constexpr TextBuffer check() {
    return allow<AttributeKind::Epsilon, AttributeKind::Affine,
                 AttributeKind::Positions>::template check<Attributes...>();
  }
  static constexpr TextBuffer check_input(Shape) { return {}; }
};

}  // namespace lamina
