#pragma once

#include <lamina/core/attribute.hpp>

namespace lamina {

/// Decoupled weight decay: w <- (1 - learning_rate * Lambda) w before the optimizer's step, with
/// every optimizer.
///
/// After the loss it holds for every layer; in a layer's list for that layer alone, in place of the
/// network's. Biases, scales and shifts do not decay. The loss does not contain it. Under plain
/// `Sgd` it is `L2<Lambda>` to rounding; under optimizers that scale gradients it is not, which is
/// its point: `Adam` with `WeightDecay` is `AdamW`. In a layer with `WeightNorm` the magnitudes
/// decay. Lambda >= 0.
///
/// Example: `Network<Input<4>, Linear<8>, ReLU, Linear<1>, MeanSquaredError, WeightDecay<0.01>>`
/// Source: Loshchilov and Hutter 2019, https://arxiv.org/abs/1711.05101
template <double Lambda>
struct WeightDecay {
  static constexpr Role role = Role::WeightDecay;
  static constexpr AttributeKind attribute = AttributeKind::WeightDecay;
  static constexpr double decay = Lambda;
  static constexpr TextBuffer name() { return item_name("WeightDecay", Lambda); }
  static constexpr TextBuffer check() {
    TextBuffer wrong;
    if (!(Lambda >= 0)) wrong << "needs a lambda of at least 0, got " << Lambda;
    return wrong;
  }
};

}  // namespace lamina
