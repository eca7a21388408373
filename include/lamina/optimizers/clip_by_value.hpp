#pragma once

#include <cstdint>
#include <limits>

#include <lamina/core/optimizer.hpp>

namespace lamina {

/// Wraps an optimizer: each number of the gradient, penalties included, is limited to
/// [-limit, limit]. As `torch.nn.utils.clip_grad_value_`.
///
/// Happens in registers, the gradient is not stored. Around a `ClipByNorm` it comes before the norm
/// is taken, inside of one after it was scaled. limit > 0.
///
/// Example: `Trainer trainer{model, ClipByValue{Sgd{.learning_rate = 0.1f}, 0.5f}};`
template <class Optimizer>
struct ClipByValue : Optimizer {
  float limit = 1.0f;

  /// The wrapped rule behind a limit.
  struct Rule {
    typename Optimizer::Rule rule;
    float limit;

    template <class V, class State>
    V operator()(V weight, V gradient, State& state) const {
      return rule(weight, limited(gradient, V(limit)), state);
    }
  };

  [[nodiscard]] Rule rule(std::int64_t step, bool decays) const {
    constexpr float none = std::numeric_limits<float>::infinity();
    return {Optimizer::rule(step, decays), LimitsNorm<Optimizer> ? none : limit};
  }

  /// What numbers are limited to before their norm is taken.
  [[nodiscard]] float limit_before_norm() const
    requires LimitsNorm<Optimizer>
  {
    return limit;
  }

  /// Errors: numbers that make no sense throw `Error`.
  void check(const NumberCheck& check) const {
    check_numbers(static_cast<const Optimizer&>(*this), check);
    check.above_0("ClipByValue's limit", limit);
  }
};

template <class Optimizer>
ClipByValue(Optimizer, float) -> ClipByValue<Optimizer>;

}  // namespace lamina
