#pragma once

#include <lamina/norms/attributes.hpp>

namespace lamina {

/// Instance normalization: y = scale (x - mean) / sqrt(variance + epsilon) + shift, mean and biased
/// variance over the positions of each channel of each sample. As `torch.nn.InstanceNorm2d` with
/// `affine=True`; with `NoAffine` as it is without.
///
/// scale (1 at first) and shift (0) are per channel, trained and never penalized.
/// Flat features have no space: every value would be its own mean, and the output zero.
/// Attributes: `Epsilon<1e-5>`, `NoAffine`.
///
/// Errors: after flat features it does not compile.
/// Source: Ulyanov et al. 2016, https://arxiv.org/abs/1607.08022
template <class... Attributes>
struct InstanceNorm {
  static constexpr Role role = Role::Normalization;
  static constexpr Normalization normalization =
      detail::with_attributes<Attributes...>({.axes = Axes::Space});
  static constexpr TextBuffer name() { return detail::norm_name<Attributes...>("InstanceNorm"); }
  static constexpr TextBuffer check() {
    return allow<AttributeKind::Epsilon, AttributeKind::Affine>::template check<Attributes...>();
  }
};

}  // namespace lamina
