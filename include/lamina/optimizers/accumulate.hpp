#pragma once

#include <lamina/core/optimizer.hpp>

namespace lamina {

/// Wraps an optimizer: gradients of `steps` calls of `Trainer::step` are added up, each divided by
/// `steps`, and every `steps`-th call updates with the sum. As PyTorch's accumulation of
/// loss / steps: batches of equal size act as one large batch, but for what looks across a batch.
///
/// Penalties are added once, where the optimizer moves. Clipping, in whatever order it is wrapped,
/// sees the sum. The end of an epoch of `Trainer::fit` is an update as well, by the mean of what is
/// held: an epoch is what it would be in large batches, of which the last is smaller. By hand,
/// `Trainer::finish_accumulation` does it. steps >= 1.
///
/// Example: `Trainer trainer{model, Accumulate{Adam{.learning_rate = 1e-3f}, 4}};`
template <class Optimizer>
struct Accumulate : Optimizer {
  static_assert(!Accumulates<Optimizer>, "lamina: Accumulate around Accumulate: give one");
  int steps = 1;

  /// Steps whose gradients make one update.
  [[nodiscard]] int steps_per_update() const { return steps; }

  /// Errors: numbers that make no sense throw `Error`.
  void check(const NumberCheck& check) const {
    check_numbers(static_cast<const Optimizer&>(*this), check);
    check.expect(steps >= 1, "Accumulate's steps", " of at least 1", steps);
  }
};

template <class Optimizer>
Accumulate(Optimizer, int) -> Accumulate<Optimizer>;

}  // namespace lamina
