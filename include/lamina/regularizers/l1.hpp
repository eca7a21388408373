#pragma once

#include <lamina/core/attribute.hpp>

namespace lamina {

/// lambda |w| as an expression of one weight; its slope is lambda sign(w), 0 at 0.
struct AbsoluteCost {
  float lambda;

  [[nodiscard]] double scale() const { return static_cast<double>(lambda); }
  /// sum + |w|
  template <class V>
  V add_measure(V sum, V weight) const {
    return sum + abs(weight);
  }
  /// gradient + lambda sign(w)
  template <class V>
  V add_slope(V gradient, V weight) const {
    const V zero(0.0f);
    return gradient + select(weight > zero, V(lambda), select(weight < zero, V(-lambda), zero));
  }
};

/// Absolute penalty on weights: Lambda * sum of |w|, so its gradient is Lambda * sign(w).
///
/// Stands where `L2` may. It pushes weights towards zero by the same force however small they are.
/// Lambda >= 0; as Keras' `regularizers.L1`.
///
/// Example: `Network<Input<4>, Linear<8, L1<1e-3>>, ReLU, Linear<1>, MeanSquaredError>`
/// Source: Tibshirani 1996, "Regression shrinkage and selection via the lasso"
template <double Lambda>
struct L1 {
  static constexpr Role role = Role::Penalty;
  static constexpr AttributeKind attribute = AttributeKind::Penalty;
  static constexpr double absolute = Lambda;
  static constexpr TextBuffer name() { return item_name("L1", Lambda); }
  static constexpr TextBuffer check() {
    TextBuffer wrong;
    if (!(Lambda >= 0)) wrong << "needs a lambda of at least 0, got " << Lambda;
    return wrong;
  }

  static constexpr AbsoluteCost rule() { return {static_cast<float>(Lambda)}; }
};

}  // namespace lamina
