#pragma once

#include <lamina/core/attribute.hpp>

namespace lamina {

/// Constraint: after every step the weights into each output are scaled to a Euclidean norm of 1;
/// where all are 0 they stay. Keras's `UnitNorm` with axis 0.
///
/// After the loss it holds for every layer; in a layer's list for that layer alone, in place of all
/// constraints of the network. Biases are not constrained. Weights are free until the first step.
///
/// Example: `Linear<64, UnitNorm>`
struct UnitNorm {
  static constexpr Role role = Role::Constraint;
  static constexpr AttributeKind attribute = AttributeKind::Constraint;
  static constexpr TextBuffer name() { return item_name("UnitNorm"); }
  static constexpr TextBuffer check() { return {}; }

  struct Rule {
    /// What the weights of a unit are multiplied by.
    template <class V>
    V factor(V squared_norm) const {
      return V(1.0f) / sqrt(squared_norm);
    }
  };
  static constexpr Rule rule() { return {}; }
};

}  // namespace lamina
