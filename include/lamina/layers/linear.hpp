#pragma once

#include <lamina/core/shape.hpp>
#include <lamina/layers/weighted_layer.hpp>

namespace lamina {

/// A dense layer: y = W x + b.
///
/// x: (batch, in), y: (batch, Outputs), W: (Outputs, in), b: (Outputs); as `torch.nn.Linear`.
/// Attributes, in any order: `NoBias`, `Init<...>`, a penalty such as `L2<1e-4>`,
/// `WeightDecay<...>` or a constraint such as `MaxNorm<3.0>` on W, `WeightNorm`,
/// `LearningRate<...>`. A bias directly before a batch normalization is removed: the mean would
/// subtract it again.
///
/// Errors: fewer than one output, an image or a signal as input, or a repeated or unknown attribute
/// do not compile. Example: `Linear<512, NoBias, Init<Kaiming>, L2<1e-4>>`
template <int Outputs, class... Attributes>
struct Linear : detail::WeightedLayer<Attributes...> {
  static constexpr Role role = Role::Contraction;
  static constexpr TextBuffer name() {
    return item_name("Linear", Outputs, name_of<Attributes>()...);
  }

  static constexpr TextBuffer check() {
    TextBuffer wrong;
    // Offsets of registers within a row are counted by int, also of several rows together.
    constexpr int most = 1 << 24;
    if (Outputs > most) return wrong << "takes at most " << most << " outputs, got " << Outputs;
    if (Outputs <= 0) return wrong << "needs at least 1 output, got " << Outputs;
    return wrong << detail::WeightedLayer<Attributes...>::template check_attributes<>();
  }

  /// What this layer says against an input of this shape; empty when it takes it.
  static constexpr TextBuffer check_input(Shape input) {
    TextBuffer wrong;
    if (input.dimensions > 0) {
      wrong << "expects flat features, got " << words_of(input) << ": put Flatten before it";
    }
    return wrong;
  }

  static constexpr Shape output(Shape) { return Shape{Outputs}; }
};

}  // namespace lamina
