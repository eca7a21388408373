#pragma once

#include <cstdint>

#include <lamina/core/optimizer.hpp>

namespace lamina {

/// Lion: w <- w - learning_rate sign(beta1 m + (1 - beta1) g); m <- beta2 m + (1 - beta2) g.
///
/// Every weight moves by the learning rate or not at all, so the rate is 3 to 10 times smaller than
/// Adam's and decay as much larger. sign(0) = 0.
/// Source: Chen et al. 2023, https://arxiv.org/abs/2302.06675
/// Example: `Trainer trainer{model, Lion{.learning_rate = 1e-4f}};`
struct Lion {
  float learning_rate = 1e-4f;
  float beta1 = 0.9f;
  float beta2 = 0.99f;

  /// Floats of state a parameter: the momentum.
  static constexpr int slots = 1;

  /// The update of one step as an expression over registers.
  struct Rule {
    float rate;
    float beta1;
    float beta2;

    template <class V>
    V operator()(V weight, V gradient, V (&state)[slots]) const {
      const V zero(0.0f);
      const V direction = multiply_add(V(beta1), state[0], V(1 - beta1) * gradient);
      state[0] = multiply_add(V(beta2), state[0], V(1 - beta2) * gradient);
      // Where a gradient is NaN no comparison holds: the weight must become NaN as well.
      const V nothing = direction - direction;
      return weight -
             select(direction > zero, V(rate), select(direction < zero, V(-rate), nothing));
    }
  };

  [[nodiscard]] Rule rule(std::int64_t /*step*/, bool /*decays*/) const {
    return {learning_rate, beta1, beta2};
  }

  /// Errors: numbers that make no sense throw `Error`.
  void check(const NumberCheck& check) const {
    check.at_least_0("Lion's learning_rate", learning_rate);
    check.share("Lion's beta1", beta1);
    check.share("Lion's beta2", beta2);
  }
};

}  // namespace lamina
