#pragma once

#include <cmath>
#include <numbers>

#include <lamina/core/rounded.hpp>
#include <lamina/schedules/schedule.hpp>

namespace lamina {

/// Schedule: the learning rate rises from max / divisor to max along a cosine, then falls to
/// max / final_divisor, while the momentum (or Adam's beta1) goes the other way.
///
/// A callback of `Trainer::fit`, one cycle over all its steps; the defaults are fastai's.
/// Errors: a `warm_up` outside [0, 1] and divisors not above 0 throw `Error` before the first step.
/// Source: Smith 2018, https://arxiv.org/abs/1803.09820
/// Example: `trainer.fit(train, validation, {.epochs = 10}, OneCycle{.max_learning_rate = 0.2f});`
struct OneCycle {
  float max_learning_rate = 0.1f;
  float warm_up = 0.25f;  ///< share of the steps until the maximum
  float divisor = 25.0f;
  float final_divisor = 1e5f;  ///< of the maximum, at the end
  float max_momentum = 0.95f;
  float min_momentum = 0.85f;

  /// Between two values along half a cosine, `share` in [0, 1].
  static float anneal(float from, float to, float share) {
    const float falling = (1 + std::cos(std::numbers::pi_v<float> * share)) / 2;
    return to + rounded((from - to) * falling);
  }

  [[nodiscard]] float learning_rate(float progress) const {
    return progress < warm_up
               ? anneal(max_learning_rate / divisor, max_learning_rate, progress / warm_up)
               : anneal(max_learning_rate, max_learning_rate / final_divisor,
                        (progress - warm_up) / (1 - warm_up));
  }

  [[nodiscard]] float momentum(float progress) const {
    return progress < warm_up
               ? anneal(max_momentum, min_momentum, progress / warm_up)
               : anneal(min_momentum, max_momentum, (progress - warm_up) / (1 - warm_up));
  }

  [[nodiscard]] float learning_rate(const Moment& moment) const {
    const auto expect = [](bool right, const char* expected, float found) {
      detail::expect_schedule(right, expected, static_cast<double>(found));
    };
    expect(warm_up >= 0 && warm_up <= 1, "OneCycle: expected a warm_up in [0, 1]", warm_up);
    expect(divisor > 0, "OneCycle: expected a divisor above 0", divisor);
    expect(final_divisor > 0, "OneCycle: expected a final_divisor above 0", final_divisor);
    return learning_rate(progress(moment));
  }
  [[nodiscard]] float momentum(const Moment& moment) const { return momentum(progress(moment)); }

  static float progress(const Moment& moment) {
    return static_cast<float>(static_cast<double>(moment.step) / static_cast<double>(moment.steps));
  }
};

}  // namespace lamina
