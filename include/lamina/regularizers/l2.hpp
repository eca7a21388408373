#pragma once

#include <lamina/core/attribute.hpp>

namespace lamina {

/// lambda / 2 * w^2 as an expression of one weight. Lambda is a number of the rule and not of its
/// type, so that layers with different lambdas share kernels.
///
/// The cost of many weights is `scale()` times the sum of w^2: one multiply-add a weight.
struct SquaredCost {
  float lambda;

  [[nodiscard]] double scale() const { return 0.5 * static_cast<double>(lambda); }
  /// sum + w^2
  template <class V>
  V add_measure(V sum, V weight) const {
    return multiply_add(weight, weight, sum);
  }
  /// gradient + lambda w
  template <class V>
  V add_slope(V gradient, V weight) const {
    return multiply_add(V(lambda), weight, gradient);
  }
};

/// Squared penalty on weights: Lambda / 2 * sum of w^2, so its gradient is Lambda * w.
///
/// Last in a network's list it holds for every layer; in a layer's list for that layer alone, in
/// place of the network's. Biases, scales and shifts are not penalized. The value is part of the
/// loss that `Trainer::step` returns. Lambda >= 0, PyTorch's `weight_decay`.
///
/// Example: `Network<Input<4>, Linear<8, L2<1e-3>>, ReLU, Linear<1>, MeanSquaredError, L2<5e-4>>`
template <double Lambda>
struct L2 {
  static constexpr Role role = Role::Penalty;
  static constexpr AttributeKind attribute = AttributeKind::Penalty;
  static constexpr double lambda = Lambda;
  static constexpr TextBuffer name() { return item_name("L2", Lambda); }
  static constexpr TextBuffer check() {
    TextBuffer wrong;
    if (!(Lambda >= 0)) wrong << "needs a lambda of at least 0, got " << Lambda;
    return wrong;
  }

  static constexpr SquaredCost rule() { return {static_cast<float>(Lambda)}; }
};

}  // namespace lamina
