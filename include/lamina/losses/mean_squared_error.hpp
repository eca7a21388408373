#pragma once

#include <lamina/core/item.hpp>

namespace lamina {

/// Squared distance to the target, the mean over all values of the batch.
///
/// loss = mean (x - t)^2; gradient 2 (x - t) / (batch * outputs). As `torch.nn.MSELoss`.
/// Targets: row-major floats, (batch, outputs), of images and signals in the shape of the outputs.
struct MeanSquaredError {
  static constexpr Role role = Role::Loss;
  using Target = float;
  static constexpr TextBuffer name() { return item_name("MeanSquaredError"); }
  static constexpr TextBuffer check() { return {}; }

  template <class V>
  static V value(V x, V target) {
    const V distance = x - target;
    return distance * distance;
  }
  /// Derivative by the prediction.
  template <class V>
  static V slope(V x, V target) {
    return V(2) * (x - target);
  }
};

}  // namespace lamina
