#pragma once

#include <lamina/core/optimizer.hpp>

namespace lamina {

/// Wraps an optimizer: an exponential moving average of all that is trained is kept beside it, to
/// predict with: average <- decay average + (1 - decay) parameters after every update (projected by
/// constraints), starting as the parameters after the first.
///
/// `Trainer::average()` gives the averaged model; training itself does not see it. As
/// `torch.optim.swa_utils.AveragedModel` with `get_ema_multi_avg_fn(decay)`. decay in [0, 1).
///
/// Example: `Trainer trainer{model, Average{Sgd{.learning_rate = 0.1f}, 0.999f}};`
template <class Optimizer>
struct Average : Optimizer {
  static_assert(!KeepsAverage<Optimizer>, "lamina: Average around Average: give one");
  float decay = 0.999f;

  /// What is kept of the average in an update.
  [[nodiscard]] float average_decay() const { return decay; }

  /// Errors: numbers that make no sense throw `Error`.
  void check(const NumberCheck& check) const {
    check_numbers(static_cast<const Optimizer&>(*this), check);
    check.share("Average's decay", decay);
  }
};

template <class Optimizer>
Average(Optimizer, float) -> Average<Optimizer>;

}  // namespace lamina
