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
    return expr::Relu{}.value(expr::number<V>(1) - target * x);
  }
  /// Derivative by the prediction.
  template <class V>
  static V slope(V x, V target) {
    using expr::scalar::select;
    const V zero = expr::number<V>(0);
    return select(expr::number<V>(1) - target * x > zero, zero - target, zero);
  }
};

}  // namespace lamina
