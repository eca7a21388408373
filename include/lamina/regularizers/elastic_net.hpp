#pragma once

#include <lamina/regularizers/l1.hpp>
#include <lamina/regularizers/l2.hpp>

namespace lamina {

/// l1 |w| + l2 / 2 w^2 as an expression of one weight.
struct ElasticCost {
  AbsoluteCost absolute;
  SquaredCost squared;

  [[nodiscard]] double scale() const { return 1; }
  /// sum + l1 |w| + l2 / 2 w^2
  template <class V>
  V add_measure(V sum, V weight) const {
    const V half = V(0.5f * squared.lambda) * weight;
    return multiply_add(V(absolute.lambda), abs(weight), multiply_add(half, weight, sum));
  }
  /// gradient + l1 sign(w) + l2 w
  template <class V>
  V add_slope(V gradient, V weight) const {
    return squared.add_slope(absolute.add_slope(gradient, weight), weight);
  }
};

/// Absolute and squared penalty on weights: Absolute * sum of |w| + Squared / 2 * sum of w^2, the
/// sum of `L1<Absolute>` and `L2<Squared>`.
///
/// Stands where they may; the form for a layer's list, which takes one penalty. Both >= 0.
///
/// Example: `Linear<64, ElasticNet<1e-5, 1e-4>>`
/// Source: Zou and Hastie 2005, "Regularization and variable selection via the elastic net"
template <double Absolute, double Squared>
struct ElasticNet {
  static constexpr Role role = Role::Penalty;
  static constexpr AttributeKind attribute = AttributeKind::Penalty;
  static constexpr double absolute = Absolute;
  static constexpr double lambda = Squared;
  static constexpr TextBuffer name() { return item_name("ElasticNet", Absolute, Squared); }
  static constexpr TextBuffer check() {
    TextBuffer wrong;
    if (!(Absolute >= 0 && Squared >= 0)) {
      wrong << "needs two lambdas of at least 0, got " << Absolute << " and " << Squared;
    }
    return wrong;
  }

  static constexpr ElasticCost rule() { return {L1<Absolute>::rule(), L2<Squared>::rule()}; }
};

}  // namespace lamina
