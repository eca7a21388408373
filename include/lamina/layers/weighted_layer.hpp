#pragma once

#include <type_traits>

#include <lamina/core/attribute.hpp>
#include <lamina/initializers/init.hpp>
#include <lamina/layers/learning_rate.hpp>

namespace lamina {

/// Attribute of a layer: no bias is added. PyTorch's `bias=False`.
struct NoBias {
  static constexpr AttributeKind attribute = AttributeKind::Bias;
  static constexpr TextBuffer name() { return item_name("NoBias"); }
  static constexpr TextBuffer check() { return {}; }
};

namespace detail {

/// What attributes say of the weights of a layer and its bias.
template <class... Attributes>
struct WeightedLayer {
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

  /// What is wrong with the attributes of a layer that takes kinds of its `Own` beside these.
  template <AttributeKind... Own>
  static constexpr TextBuffer check_attributes() {
    TextBuffer wrong;
    wrong
        << allow<Own..., AttributeKind::Bias, AttributeKind::Init, AttributeKind::Penalty,
                 AttributeKind::WeightDecay, AttributeKind::Constraint, AttributeKind::LearningRate,
                 AttributeKind::Reparameterization>::template check<Attributes...>();
    if (wrong.empty() && reparameterized && !std::is_void_v<LayerConstraint>) {
      wrong << "has both " << name_of<LayerConstraint>() << " and " << name_of<Reparameterization>()
            << ", whose weights are not trained themselves: give one";
    }
    return wrong;
  }
};

}  // namespace detail

}  // namespace lamina
