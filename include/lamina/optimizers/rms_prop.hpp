#pragma once

#include <cstdint>

#include <lamina/core/optimizer.hpp>
#include <lamina/optimizers/divisible.hpp>

namespace lamina {

/// RMSProp: v <- alpha v + (1 - alpha) g^2; b <- momentum b + g / (sqrt(v) + epsilon);
/// w <- w - learning_rate b.
///
/// `centered` divides by the deviation of the gradient in place of its root mean square: by
/// sqrt(v - a^2) with a <- alpha a + (1 - alpha) g. As `torch.optim.RMSprop`, except that a
/// difference that rounds below zero counts as zero, where PyTorch gives NaN.
/// Source: Tieleman and Hinton 2012; centered: Graves 2013, https://arxiv.org/abs/1308.0850
/// Example: `Trainer trainer{model, RmsProp{.learning_rate = 1e-3f, .momentum = 0.9f}};`
struct RmsProp {
  float learning_rate = 0.01f;
  float alpha = 0.99f;
  float momentum = 0.0f;
  float epsilon = 1e-8f;
  bool centered = false;

  /// Floats of state a parameter: the running mean of the square, the momentum, the running mean.
  /// A choice at run time, so all three are there whatever the numbers are.
  static constexpr int slots = 3;

  /// The update of one step as an expression over registers.
  struct Rule {
    float rate;
    float alpha;
    float rest;  // 1 - alpha
    float momentum;
    float epsilon;
    float centered;  // 0 or 1

    template <class V>
    V operator()(V weight, V gradient, V (&state)[slots]) const {
      state[0] = multiply_add(V(alpha), state[0], V(rest) * gradient * gradient);
      state[2] = multiply_add(V(alpha), state[2], V(rest) * gradient);
      const V variance = subtract_product(V(centered) * state[2], state[2], state[0]);
      const V deviation = sqrt(max(V(0.0f), variance)) + V(epsilon);
      state[1] = multiply_add(V(momentum), state[1], gradient / deviation);
      return subtract_product(V(rate), state[1], weight);
    }
  };

  [[nodiscard]] Rule rule(std::int64_t /*step*/, bool /*decays*/) const {
    return {learning_rate,         alpha, 1 - alpha, momentum, detail::divisible(epsilon),
            centered ? 1.0f : 0.0f};
  }

  /// Errors: numbers that make no sense throw `Error`.
  void check(const NumberCheck& check) const {
    check.at_least_0("RmsProp's learning_rate", learning_rate);
    check.share("RmsProp's alpha", alpha);
    check.at_least_0("RmsProp's momentum", momentum);
    check.at_least_0("RmsProp's epsilon", epsilon);
  }
};

}  // namespace lamina
