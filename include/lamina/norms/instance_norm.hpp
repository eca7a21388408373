#pragma once

#include <lamina/norms/attributes.hpp>

namespace lamina {

/// Instance normalization: y = (x - mean) / sqrt(variance + epsilon), mean and variance over the
/// space (height and width) of each channel of each sample. As `torch.nn.InstanceNorm2d`.
///
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
