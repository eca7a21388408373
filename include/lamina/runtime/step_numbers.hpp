#pragma once

#include <array>
#include <cstdint>
#include <utility>

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

namespace detail {

/// A layer's learning rate is that of its weights and bias; a normalization behind it is an item of
/// its own.
template <class Net, int Kind, class Optimizer>
StageNumbers<Optimizer> numbers_of_kind(const Optimizer& optimizer, std::int64_t step,
                                        const typename Optimizer::Rule& weights,
                                        const typename Optimizer::Rule& vectors) {
  using Update = typename Plan<Net>::template UpdateOf<Kind>;
  [[maybe_unused]] const auto keep = [](float rate) { return 1 - rounded(rate * Update::decay); };
  if constexpr (Update::rate_scale != 1.0f) {
    Optimizer scaled = optimizer;
    scaled.learning_rate *= Update::rate_scale;
    const auto unshrunk = scaled.rule(step, false);
    return {
        {scaled.rule(step, true), keep(scaled.learning_rate)}, {unshrunk, 1.0f}, unshrunk, vectors};
  } else if constexpr (Update::decay != 0) {
    return {{weights, keep(optimizer.learning_rate)}, {vectors, 1.0f}, vectors, vectors};
  } else {
    return {{weights, 1.0f}, {vectors, 1.0f}, vectors, vectors};
  }
}

}  // namespace detail

/// The numbers of all kinds of stages. The rule of an optimizer may be costly to make: it is made
/// once, and again for those with a learning rate of their own.
template <class Net, class Optimizer>
auto numbers_of(const Optimizer& optimizer, std::int64_t step) {
  const auto weights = optimizer.rule(step, true);
  const auto vectors = optimizer.rule(step, false);
  return Plan<Net>::for_kinds([&]<int Kind>(std::integral_constant<int, Kind>) {
    return detail::numbers_of_kind<Net, Kind>(optimizer, step, weights, vectors);
  });
}

}  // namespace lamina::runtime
