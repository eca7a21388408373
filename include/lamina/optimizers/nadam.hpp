#pragma once

#include <cmath>
#include <cstdint>

#include <lamina/core/optimizer.hpp>
#include <lamina/core/power.hpp>
#include <lamina/core/rounded.hpp>
#include <lamina/optimizers/divisible.hpp>

namespace lamina {

/// Adam with Nesterov's momentum: the step looks ahead by the momentum of the next step.
///
/// m, v are Adam's running means. With mu_t = beta1 (1 - 0.96^(t momentum_decay) / 2) and P_t the
/// product of mu_1 ... mu_t, the step is
///   learning_rate ((1 - mu_t) / (1 - P_t) g + mu_(t+1) / (1 - P_(t+1)) m) /
///     (sqrt(v / (1 - beta2^t)) + epsilon).
/// As `torch.optim.NAdam`, with the present beta1 in all mu where it is changed between steps.
/// Source: Dozat 2016, https://openreview.net/forum?id=OM0jvwB8jIp57ZJjtNEZ
/// Example: `Trainer trainer{model, Nadam{.learning_rate = 2e-3f}};`
struct Nadam {
  float learning_rate = 2e-3f;
  float beta1 = 0.9f;
  float beta2 = 0.999f;
  float epsilon = 1e-8f;
  float momentum_decay = 4e-3f;

  /// Floats of state a parameter: the two running means.
  static constexpr int slots = 2;

  /// The update of one step as an expression over registers.
  struct Rule {
    float beta1;
    float beta2;
    float rate_of_gradient;
    float rate_of_mean;
    float correction;  // 1 / sqrt(1 - beta2^step)
    float epsilon;

    template <class V>
    V operator()(V weight, V gradient, V (&state)[slots]) const {
      state[0] = multiply_add(V(beta1), state[0], V(1 - beta1) * gradient);
      state[1] = multiply_add(V(beta2), state[1], V(1 - beta2) * gradient * gradient);
      const V deviation = multiply_add(sqrt(state[1]), V(correction), V(epsilon));
      const V direction = multiply_add(V(rate_of_mean), state[0], V(rate_of_gradient) * gradient);
      return weight - direction / deviation;
    }
  };

  [[nodiscard]] Rule rule(std::int64_t step, bool /*decays*/) const {
    const auto rate = static_cast<double>(learning_rate);
    // Rounded, the number is none that a compiler could raise by itself.
    const double base = std::pow(rounded(0.96), static_cast<double>(momentum_decay));
    const double mu = momentum(power(base, step));
    const double next = momentum(power(base, step + 1));
    const double product = product_of_momenta(step, base);
    return {beta1,
            beta2,
            static_cast<float>(rate * (1 - mu) / (1 - product)),
            static_cast<float>(rate * next / (1 - rounded(product * next))),
            static_cast<float>(1 / std::sqrt(1 - power(static_cast<double>(beta2), step))),
            detail::divisible(epsilon)};
  }

  /// Errors: numbers that make no sense throw `Error`.
  void check(const NumberCheck& check) const {
    check.at_least_0("Nadam's learning_rate", learning_rate);
    check.share("Nadam's beta1", beta1);
    check.share("Nadam's beta2", beta2);
    check.at_least_0("Nadam's epsilon", epsilon);
    check.at_least_0("Nadam's momentum_decay", momentum_decay);
  }

 private:
  [[nodiscard]] double momentum(double decayed) const {
    return static_cast<double>(beta1) * (1 - decayed / 2);
  }
  /// mu_1 ... mu_step, or 0 once 1 minus the product is 1: after 350 steps with a beta1 of 0.9.
  [[nodiscard]] double product_of_momenta(std::int64_t step, double base) const {
    double product = 1;
    double decayed = 1;
    for (std::int64_t t = 1; t <= step; ++t) {
      decayed *= base;
      product *= momentum(decayed);
      if (product < 0x1p-54) return 0;
    }
    return product;
  }
};

}  // namespace lamina
