#pragma once

#include <lamina/core/item.hpp>
#include <lamina/expr/function.hpp>

namespace lamina {

/// Cross entropy of independent yes/no outputs on logits, the mean over all values of the batch.
///
/// loss = mean (max(x, 0) - x t + log(1 + exp(-|x|))); gradient (sigmoid(x) - t) / (batch *
/// outputs). As `torch.nn.BCEWithLogitsLoss`. Targets: row-major floats in [0, 1], (batch,
/// outputs).
struct BinaryCrossEntropy {
  static constexpr Role role = Role::Loss;
  using Target = float;
  static constexpr TextBuffer name() { return item_name("BinaryCrossEntropy"); }
  static constexpr TextBuffer check() { return {}; }

  template <class V>
  static V value(V x, V target) {
    return expr::Softplus{.beta = 1, .threshold = 1e30}.value(x) - x * target;
  }
  /// Derivative by the prediction.
  template <class V>
  static V slope(V x, V target) {
    return expr::Sigmoid{}.value(x) - target;
  }
};

}  // namespace lamina
