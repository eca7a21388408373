#pragma once

#include <lamina/core/item.hpp>
#include <lamina/expr/function.hpp>

namespace lamina {

/// Distance to the target, the mean over all values of the batch: the median is its best guess.
///
/// loss = mean |x - t|; gradient sign(x - t) / (batch * outputs), 0 at the target. As
/// `torch.nn.L1Loss`. Targets: row-major floats, (batch, outputs), of images and
/// signals in the shape of the outputs.
/// Example: `Network<Input<4>, Linear<1>, MeanAbsoluteError>`
struct MeanAbsoluteError {
  static constexpr Role role = Role::Loss;
  using Target = float;
  static constexpr TextBuffer name() { return item_name("MeanAbsoluteError"); }
  static constexpr TextBuffer check() { return {}; }

  template <class V>
  static V value(V x, V target) {
    return expr::Abs{}.value(x - target);
  }
  /// Derivative by the prediction.
  template <class V>
  static V slope(V x, V target) {
    return expr::Abs{}.slope(x - target, x);
  }
};

}  // namespace lamina
