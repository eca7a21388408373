#pragma once

#include <cstdint>

#include <lamina/core/optimizer.hpp>

namespace lamina {

/// Stochastic gradient descent: m <- momentum m + g; w <- w - learning_rate m.
///
/// With `nesterov` the step is g + momentum m. As `torch.optim.SGD`. Every number may be changed
/// between steps: `trainer.optimizer().learning_rate = 0.01f`.
///
/// Example: `Trainer trainer{model, Sgd{.learning_rate = 0.1f, .momentum = 0.9f}};`
struct Sgd {
  float learning_rate = 0.01f;
  float momentum = 0.0f;
  bool nesterov = false;

  /// Floats of state a parameter: the momentum.
  static constexpr int slots = 1;

  /// The update of one step as an expression over registers.
  struct Rule {
    float momentum;
    float rate_of_gradient;
    float rate_of_momentum;

    template <class V>
    V operator()(V weight, V gradient, V (&state)[slots]) const {
      state[0] = multiply_add(V(momentum), state[0], gradient);
      return subtract_product(V(rate_of_gradient), gradient,
                              subtract_product(V(rate_of_momentum), state[0], weight));
    }
  };

  [[nodiscard]] Rule rule(std::int64_t /*step*/, bool /*decays*/) const {
    return {momentum, nesterov ? learning_rate : 0.0f,
            nesterov ? learning_rate * momentum : learning_rate};
  }

  /// Errors: numbers that make no sense throw `Error`.
  void check(const NumberCheck& check) const {
    check.at_least_0("Sgd's learning_rate", learning_rate);
    check.at_least_0("Sgd's momentum", momentum);
  }
};

}  // namespace lamina
