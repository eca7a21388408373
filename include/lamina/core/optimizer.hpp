#pragma once

#include <concepts>

/// What an optimizer may ask of a step beside its rule. An optimizer says so by a member; wrappers
/// derive from what they wrap, so that they say all that it says and have all its numbers.
///
/// Every optimizer has `slots` (floats of state a parameter), `Rule` (the numbers of one step,
/// called with registers of weight, gradient and state) and `rule(step, decays)`; `learning_rate`
/// is what schedules and the layers' `LearningRate` change.
namespace lamina {

/// Wants the gradient of all parameters scaled down to a norm: `norm_limit()`.
template <class Optimizer>
concept LimitsNorm = requires(const Optimizer& optimizer) {
  { optimizer.norm_limit() } -> std::convertible_to<float>;
};

/// Wants each number of the gradient limited before that norm is taken: `limit_before_norm()`.
template <class Optimizer>
concept LimitsBeforeNorm = requires(const Optimizer& optimizer) {
  { optimizer.limit_before_norm() } -> std::convertible_to<float>;
};

/// Wants the gradients of several steps added up before it moves: `steps_per_update()`.
template <class Optimizer>
concept Accumulates = requires(const Optimizer& optimizer) {
  { optimizer.steps_per_update() } -> std::convertible_to<int>;
};

/// Wants a moving average of all that is trained: `average_decay()`.
template <class Optimizer>
concept KeepsAverage = requires(const Optimizer& optimizer) {
  { optimizer.average_decay() } -> std::convertible_to<float>;
};

/// True where a whole gradient must lie in memory before anything moves: elsewhere a gradient meets
/// its optimizer in registers and is never stored.
template <class Optimizer>
inline constexpr bool stores_gradient = LimitsNorm<Optimizer> || Accumulates<Optimizer>;

}  // namespace lamina
