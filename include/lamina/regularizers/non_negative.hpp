#pragma once

#include <lamina/core/attribute.hpp>

namespace lamina {

/// Constraint: weights below 0 become 0 after every step. Keras's `NonNeg`.
///
/// After the loss it holds for every layer; in a layer's list for that layer alone, in place of all
/// constraints of the network. Biases are not constrained. Weights are free until the first step.
///
/// Example: `Linear<64, NonNegative>`
struct NonNegative {
  static constexpr Role role = Role::Constraint;
  static constexpr AttributeKind attribute = AttributeKind::Constraint;
  static constexpr TextBuffer name() { return item_name("NonNegative"); }
  static constexpr TextBuffer check() { return {}; }

  struct Rule {
    /// max(w, 0), the operands in the order that keeps NaN
    template <class V>
    V project(V weight) const {
      return max(V(0.0f), weight);
    }
  };
  static constexpr Rule rule() { return {}; }
};

}  // namespace lamina
