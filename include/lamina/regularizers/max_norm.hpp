#pragma once

#include <lamina/core/attribute.hpp>

namespace lamina {

/// Constraint: after every step the weights into each output are scaled so that their Euclidean
/// norm is at most Bound: w <- w min(1, Bound / ||w||). Keras's `MaxNorm` with axis 0.
///
/// After the loss it holds for every layer; in a layer's list for that layer alone, in place of all
/// constraints of the network. Biases are not constrained. Weights are free until the first step.
/// Bound > 0.
///
/// Example: `Linear<512, MaxNorm<3.0>>, ReLU, Dropout<0.5>`
/// Source: Srivastava et al. 2014, https://jmlr.org/papers/v15/srivastava14a.html
template <double Bound>
struct MaxNorm {
  static constexpr Role role = Role::Constraint;
  static constexpr AttributeKind attribute = AttributeKind::Constraint;
  static constexpr TextBuffer name() { return item_name("MaxNorm", Bound); }
  static constexpr TextBuffer check() {
    TextBuffer wrong;
    if (!(Bound > 0)) wrong << "needs a bound above 0, got " << Bound;
    return wrong;
  }

  struct Rule {
    float bound;
    /// What the weights of a unit are multiplied by; exactly 1 inside the bound.
    template <class V>
    V factor(V squared_norm) const {
      return min(V(1.0f), V(bound) / sqrt(squared_norm));
    }
  };
  static constexpr Rule rule() { return {static_cast<float>(Bound)}; }
};

}  // namespace lamina
