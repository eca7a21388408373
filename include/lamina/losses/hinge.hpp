#pragma once

#include <lamina/core/item.hpp>
#include <lamina/expr/function.hpp>

namespace lamina {

/// Loss of a classifier with a margin: nothing to pay where the output has the target's sign and is
/// at least 1 away from 0; the mean over all values.
///
/// loss = mean max(1 - t x, 0); gradient -t / (batch * outputs) where it is not 0. As Keras'
/// `losses.Hinge`, but for targets of 0, which are not read as -1. Targets: row-major floats -1 or
/// +1, (batch, outputs).
/// Example: `Network<Input<4>, Linear<1>, Hinge>`
struct Hinge {
  static constexpr Role role = Role::Loss;
  using Target = float;
  static constexpr TextBuffer name() { return item_name("Hinge"); }
  static constexpr TextBuffer check() { return {}; }

  template <class V>
  static V value(V x, V target) {
    using expr::scalar::subtract_product;
    return expr::Relu{}.value(subtract_product(target, x, expr::number<V>(1)));
  }
  /// Derivative by the prediction.
  template <class V>
  static V slope(V x, V target) {
    using expr::scalar::select, expr::scalar::subtract_product;
    const V zero = expr::number<V>(0);
    return select(subtract_product(target, x, expr::number<V>(1)) > zero, zero - target, zero);
  }
};

}  // namespace lamina
