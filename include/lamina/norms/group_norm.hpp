#pragma once

#include <lamina/norms/attributes.hpp>

namespace lamina {

/// Group normalization: y = scale (x - mean) / sqrt(variance + epsilon) + shift, mean and biased
/// variance over each of `Groups` equal groups of neighbouring features of a sample.
///
/// One group is layer normalization. scale (1 at first) and shift (0) are per feature, trained and
/// never penalized. Over images and signals a group is some channels with all their positions. As
/// `torch.nn.GroupNorm`. Attributes: `Epsilon<1e-5>`, `NoAffine`.
///
/// Errors: a number of features or channels that the groups do not divide does not compile.
/// Example: `Linear<512>, GroupNorm<8>, ReLU`
/// Source: Wu and He 2018, https://arxiv.org/abs/1803.08494
template <int Groups, class... Attributes>
struct GroupNorm {
  static constexpr Role role = Role::Normalization;
  static constexpr Normalization normalization = detail::with_attributes<Attributes...>(
      {.axes = Axes::Space | Axes::Channels, .groups = Groups});
  static constexpr TextBuffer name() {
    return item_name("GroupNorm", Groups, name_of<Attributes>()...);
  }
  static constexpr TextBuffer check() {
    TextBuffer wrong;
    if (Groups < 1) return wrong << "needs at least 1 group, got " << Groups;
    return allow<AttributeKind::Epsilon, AttributeKind::Affine>::template check<Attributes...>();
  }
  static constexpr TextBuffer check_input(Shape input) {
    TextBuffer wrong;
    if (input.channels % Groups != 0) {
      wrong << "expects " << (input.dimensions == 0 ? "features" : "channels") << " that " << Groups
            << " groups divide evenly, got " << input.channels;
    }
    return wrong;
  }
};

}  // namespace lamina
