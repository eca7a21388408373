#pragma once

#include <cstdint>
#include <span>
#include <type_traits>
#include <vector>

#include <lamina/core/rounded.hpp>
#include <lamina/kernel/update.hpp>
#include <lamina/plan/plan.hpp>

namespace lamina::runtime {

/// The optimizer's numbers of one step for the stages of a kind.
template <class Optimizer>
struct StageNumbers {
  using Rule = typename Optimizer::Rule;
  kernel::StepNumbers<Rule> weights;     ///< and the magnitudes of reparameterized weights
  kernel::StepNumbers<Rule> directions;  ///< which do not decay: their length is no weight's
  Rule bias;
  Rule norm;  ///< scales and shifts
};

/// What the stages of a kind make of the optimizer's numbers.
struct KindRates {
  float rate_scale;  ///< of the learning rate of weights and bias
  float decay;
};

/// Those of every kind of stage of a network.
template <class Net>
inline constexpr auto kind_rates =
    Plan<Net>::for_kinds([]<int Kind>(std::integral_constant<int, Kind>) {
      using Update = typename Plan<Net>::template UpdateOf<Kind>;
      return KindRates{Update::rate_scale, Update::decay};
    });

/// The numbers of all kinds of stages. The rule of an optimizer may be costly to make: it is made
/// once, and again for those with a learning rate of their own. A layer's learning rate is that of
/// its weights and bias; a normalization behind it is an item of its own.
template <class Optimizer>
void set_numbers(const Optimizer& optimizer, std::int64_t step, std::span<const KindRates> kinds,
                 std::vector<StageNumbers<Optimizer>>& numbers) {
  const auto weights = optimizer.rule(step, true);
  const auto vectors = optimizer.rule(step, false);
  numbers.clear();
  for (const KindRates& rates : kinds) {
    const auto keep = [&](float rate) { return 1 - rounded(rate * rates.decay); };
    if (rates.rate_scale != 1.0f) {
      Optimizer scaled = optimizer;
      scaled.learning_rate *= rates.rate_scale;
      const auto unshrunk = scaled.rule(step, false);
      numbers.push_back({{scaled.rule(step, true), keep(scaled.learning_rate)},
                         {unshrunk, 1.0f},
                         unshrunk,
                         vectors});
    } else {
      const float kept = rates.decay != 0 ? keep(optimizer.learning_rate) : 1.0f;
      numbers.push_back({{weights, kept}, {vectors, 1.0f}, vectors, vectors});
    }
  }
}

}  // namespace lamina::runtime
