#pragma once

#include <lamina/core/attribute.hpp>
#include <lamina/core/shape.hpp>
#include <lamina/initializers/init.hpp>
#include <lamina/layers/learning_rate.hpp>

namespace lamina {

/// Attribute of a layer: no bias is added. PyTorch's `bias=False`.
struct NoBias {
  static constexpr AttributeKind attribute = AttributeKind::Bias;
  static constexpr TextBuffer name() { return item_name("NoBias"); }
  static constexpr TextBuffer check() { return {}; }
};

/// A dense layer: y = W x + b.
///
/// x: (batch, in), y: (batch, Outputs), W: (Outputs, in), b: (Outputs); as `torch.nn.Linear`.
/// Attributes, in any order: `NoBias`, `Init<...>`, a penalty such as `L2<1e-4>`,
/// `WeightDecay<...>` or a constraint such as `MaxNorm<3.0>` on W, `WeightNorm`,
/// `LearningRate<...>`. A bias directly before a batch normalization is removed: the mean would
/// subtract it again.
///
/// Errors: fewer than one output, an image-shaped input, or a repeated or unknown attribute do not
/// compile.
/// Example: `Linear<512, NoBias, Init<Kaiming>, L2<1e-4>>`
template <int Outputs, class... Attributes>
struct Linear {
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
    wrong
        << allow<AttributeKind::Bias, AttributeKind::Init, AttributeKind::Penalty,
                 AttributeKind::WeightDecay, AttributeKind::Constraint, AttributeKind::LearningRate,
                 AttributeKind::Reparameterization>::template check<Attributes...>();
    if (wrong.empty() && reparameterized && !std::is_void_v<LayerConstraint>) {
      wrong << "has both " << name_of<LayerConstraint>() << " and " << name_of<Reparameterization>()
            << ", whose weights are not trained themselves: give one";
    }
    return wrong;
  }

  /// What this layer says against an input of this shape; empty when it takes it.
  static constexpr TextBuffer check_input(Shape input) {
    TextBuffer wrong;
    if (!input.flat()) {
      wrong << "expects flat features, got an image of " << input.channels << " x " << input.height
            << " x " << input.width << ": flatten it, declare Input<" << input.features() << ">";
    }
    return wrong;
  }

  static constexpr Shape output(Shape) { return Shape{Outputs}; }

  using BiasAttribute = find_attribute_t<AttributeKind::Bias, void, Attributes...>;
  static constexpr bool bias = std::is_void_v<BiasAttribute>;
  /// How the weights start; `void` leaves the choice to the activation that follows.
  using Initializer = find_attribute_t<AttributeKind::Init, void, Attributes...>;
  /// The penalty on this layer's weights; `void` where only the network's holds.
  using LayerPenalty = find_attribute_t<AttributeKind::Penalty, void, Attributes...>;
  /// The decay and the constraint of this layer's weights; `void` where only the network's hold.
  using LayerDecay = find_attribute_t<AttributeKind::WeightDecay, void, Attributes...>;
  using LayerConstraint = find_attribute_t<AttributeKind::Constraint, void, Attributes...>;
  /// What the learning rate of this layer is of the optimizer's.
  static constexpr double learning_rate_scale =
      find_attribute_t<AttributeKind::LearningRate, LearningRate<1.0>, Attributes...>::scale;
  /// What is trained in place of the weights; `void` for themselves.
  using Reparameterization =
      find_attribute_t<AttributeKind::Reparameterization, void, Attributes...>;
  static constexpr bool reparameterized = !std::is_void_v<Reparameterization>;
};

}  // namespace lamina
