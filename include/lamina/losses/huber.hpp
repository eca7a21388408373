#pragma once

#include <lamina/core/item.hpp>
#include <lamina/expr/function.hpp>

namespace lamina {

/// Squared near the target, absolute further than Delta from it; the mean over all values.
///
/// loss = mean of d^2 / 2 where |d| <= Delta, else Delta (|d| - Delta / 2), with d = x - t;
/// gradient d cut at +-Delta, / (batch * outputs). As `torch.nn.HuberLoss`. Delta > 0. Targets:
/// row-major floats, (batch, outputs), of images and signals in the shape of the outputs.
///
/// Example: `Network<Input<4>, Linear<1>, Huber<0.5>>`
/// Source: Huber 1964, "Robust estimation of a location parameter"
template <double Delta = 1.0>
struct Huber {
  static constexpr Role role = Role::Loss;
  using Target = float;
  static constexpr TextBuffer name() { return item_name("Huber", Delta); }
  static constexpr TextBuffer check() {
    TextBuffer wrong;
    if (!(Delta > 0)) wrong << "needs a delta above 0, got " << Delta;
    return wrong;
  }

  template <class V>
  static V value(V x, V target) {
    using expr::scalar::min, expr::scalar::subtract_product;
    const V distance = expr::Abs{}.value(x - target);
    const V near = min(expr::number<V>(Delta), distance);  // the second of both, where it is NaN
    return near * subtract_product(expr::number<V>(0.5), near, distance);
  }
  /// Derivative by the prediction.
  template <class V>
  static V slope(V x, V target) {
    using expr::scalar::max;
    using expr::scalar::min;
    return max(expr::number<V>(-Delta), min(expr::number<V>(Delta), x - target));
  }
};

}  // namespace lamina
