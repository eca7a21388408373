#pragma once

#include <cstdint>

#include <lamina/core/optimizer.hpp>
#include <lamina/core/rounded.hpp>
#include <lamina/optimizers/divisible.hpp>

namespace lamina {

/// Adagrad: s <- s + g^2; w <- w - rate g / (sqrt(initial_accumulator_value + s) + epsilon), where
/// rate = learning_rate / (1 + (step - 1) lr_decay).
///
/// Weights that saw large gradients move ever less. As `torch.optim.Adagrad`, except that the state
/// holds the sum alone: the initial value is added where it is used.
/// Source: Duchi et al. 2011, https://jmlr.org/papers/v12/duchi11a.html
/// Example: `Trainer trainer{model, Adagrad{.learning_rate = 0.01f}};`
struct Adagrad {
  float learning_rate = 0.01f;
  float lr_decay = 0.0f;
  float initial_accumulator_value = 0.0f;
  float epsilon = 1e-10f;

  /// Floats of state a parameter: the sum of squares.
  static constexpr int slots = 1;

  /// The update of one step as an expression over registers.
  struct Rule {
    float rate;
    float initial;
    float epsilon;

    template <class V>
    V operator()(V weight, V gradient, V (&state)[slots]) const {
      state[0] = multiply_add(gradient, gradient, state[0]);
      const V deviation = sqrt(state[0] + V(initial)) + V(epsilon);
      return weight - V(rate) * gradient / deviation;
    }
  };

  [[nodiscard]] Rule rule(std::int64_t step, bool /*decays*/) const {
    const double steps_before = static_cast<double>(step - 1);
    const double rate = static_cast<double>(learning_rate) /
                        (1 + rounded(steps_before * static_cast<double>(lr_decay)));
    return {static_cast<float>(rate), initial_accumulator_value, detail::divisible(epsilon)};
  }

  /// Errors: numbers that make no sense throw `Error`.
  void check(const NumberCheck& check) const {
    check.at_least_0("Adagrad's learning_rate", learning_rate);
    check.at_least_0("Adagrad's lr_decay", lr_decay);
    check.at_least_0("Adagrad's initial_accumulator_value", initial_accumulator_value);
    check.at_least_0("Adagrad's epsilon", epsilon);
  }
};

}  // namespace lamina
