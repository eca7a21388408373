#pragma once

#include <cmath>
#include <concepts>
#include <string>

#include <lamina/core/error.hpp>
#include <lamina/core/text.hpp>

/// What an optimizer may ask of a step beside its rule. An optimizer says so by a member; wrappers
/// derive from what they wrap, so that they say all that it says and have all its numbers.
///
/// Every optimizer has `slots` (floats of state a parameter), `Rule` (the numbers of one step,
/// called with registers of weight, gradient and state) and `rule(step, decays)`; `learning_rate`
/// is what schedules and the layers' `LearningRate` change. It may have `check(NumberCheck)`, which
/// is asked for before every step.
namespace lamina {

/// What an optimizer checks its numbers with, in its member `check`:
///
///     void check(const NumberCheck& check) const {
///       check.at_least_0("SignSgd's learning_rate", learning_rate);
///       check.share("SignSgd's momentum", momentum);
///     }
///
/// Errors: each throws `Error` where a number is not as it says, or is NaN.
struct NumberCheck {
  const char* where;  ///< what the message begins with

  void at_least_0(const char* name, float number) const {
    if (!(number >= 0 && std::isfinite(number))) fail(name, " finite and at least 0", number);
  }
  void above_0(const char* name, float number) const {
    if (!(number > 0)) fail(name, " above 0", number);
  }
  /// In [0, 1): of a running mean, what is kept.
  void share(const char* name, float number) const {
    if (!(number >= 0 && number < 1)) fail(name, " in [0, 1)", number);
  }
  /// Any other rule. Example: `check.expect(steps >= 1, "Accumulate's steps", " above 0", steps)`.
  void expect(bool right, const char* name, const char* rule, double found) const {
    if (!right) fail(name, rule, found);
  }

 private:
  [[noreturn]] void fail(const char* name, const char* rule, double found) const {
    TextBuffer text;
    text << where << ": expected " << name << rule << ", found " << found;
    throw Error(std::string(text.view()));
  }
};

/// Checks its own numbers.
template <class Optimizer>
concept ChecksNumbers =
    requires(const Optimizer& optimizer, const NumberCheck& check) { optimizer.check(check); };

/// Errors: `Error` beginning with `where` for numbers of an optimizer that make no sense.
template <class Optimizer>
void check_numbers([[maybe_unused]] const Optimizer& optimizer,
                   [[maybe_unused]] const NumberCheck& check) {
  if constexpr (ChecksNumbers<Optimizer>) optimizer.check(check);
}

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
