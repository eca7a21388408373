#pragma once

#include <cmath>
#include <cstdint>

#include <lamina/core/optimizer.hpp>
#include <lamina/core/power.hpp>
#include <lamina/core/rounded.hpp>
#include <lamina/optimizers/divisible.hpp>

namespace lamina {

namespace detail {

/// The update that Adam and AdamW share; `keep` is what decay leaves of a weight.
struct AdamRule {
  float beta1;
  float beta2;
  float rate;        // learning rate / (1 - beta1^step)
  float correction;  // 1 / sqrt(1 - beta2^step)
  float epsilon;
  float keep;

  template <class V>
  V operator()(V weight, V gradient, V (&state)[2]) const {
    state[0] = multiply_add(V(beta1), state[0], V(1 - beta1) * gradient);
    state[1] = multiply_add(V(beta2), state[1], V(1 - beta2) * gradient * gradient);
    const V deviation = multiply_add(sqrt(state[1]), V(correction), V(epsilon));
    return multiply_add(V(keep), weight, V(-rate) * state[0] / deviation);
  }
};

inline AdamRule adam_rule(float learning_rate, double beta1, double beta2, float epsilon,
                          float keep, std::int64_t step) {
  return {static_cast<float>(beta1),
          static_cast<float>(beta2),
          static_cast<float>(learning_rate / (1 - power(beta1, step))),
          static_cast<float>(1 / std::sqrt(1 - power(beta2, step))),
          divisible(epsilon),
          keep};
}

}  // namespace detail

/// Adam: steps by the running mean of the gradient over the root of the running mean of its square.
///
/// As `torch.optim.Adam`, both means de-biased. The gradient contains the network's penalties.
/// Source: Kingma and Ba 2015, https://arxiv.org/abs/1412.6980
/// Example: `Trainer trainer{model, Adam{.learning_rate = 1e-3f}};`
struct Adam {
  float learning_rate = 1e-3f;
  float beta1 = 0.9f;
  float beta2 = 0.999f;
  float epsilon = 1e-8f;

  /// Floats of state a parameter: the two running means.
  static constexpr int slots = 2;
  using Rule = detail::AdamRule;

  [[nodiscard]] Rule rule(std::int64_t step, bool /*decays*/) const {
    return detail::adam_rule(learning_rate, beta1, beta2, epsilon, 1.0f, step);
  }

  /// Errors: numbers that make no sense throw `Error`.
  void check(const NumberCheck& check) const {
    check.at_least_0("Adam's learning_rate", learning_rate);
    check.share("Adam's beta1", beta1);
    check.share("Adam's beta2", beta2);
    check.at_least_0("Adam's epsilon", epsilon);
  }
};

/// Adam with decoupled weight decay: w <- (1 - learning_rate weight_decay) w before Adam's step.
///
/// As `torch.optim.AdamW`, except that only weights decay, not biases, scales and shifts.
/// Source: Loshchilov and Hutter 2019, https://arxiv.org/abs/1711.05101
/// Example: `Trainer trainer{model, AdamW{.learning_rate = 1e-3f, .weight_decay = 0.05f}};`
struct AdamW {
  float learning_rate = 1e-3f;
  float beta1 = 0.9f;
  float beta2 = 0.999f;
  float epsilon = 1e-8f;
  float weight_decay = 0.01f;

  /// Floats of state a parameter: the two running means.
  static constexpr int slots = 2;
  using Rule = detail::AdamRule;

  [[nodiscard]] Rule rule(std::int64_t step, bool decays) const {
    const float keep = decays ? 1 - rounded(learning_rate * weight_decay) : 1.0f;
    return detail::adam_rule(learning_rate, beta1, beta2, epsilon, keep, step);
  }

  /// Errors: numbers that make no sense throw `Error`.
  void check(const NumberCheck& check) const {
    check.at_least_0("AdamW's learning_rate", learning_rate);
    check.share("AdamW's beta1", beta1);
    check.share("AdamW's beta2", beta2);
    check.at_least_0("AdamW's epsilon", epsilon);
    check.at_least_0("AdamW's weight_decay", weight_decay);
  }
};

}  // namespace lamina
