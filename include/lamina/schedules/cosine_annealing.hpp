#pragma once

#include <cmath>
#include <cstdint>
#include <numbers>

#include <lamina/core/rounded.hpp>
#include <lamina/schedules/schedule.hpp>

namespace lamina {

/// Schedule: half a cosine from the optimizer's learning rate down to `min_learning_rate`, over
/// `period` epochs (or steps), then again from the top, each period `period_factor` times as long
/// as the one before. A period of 0 is the whole fit: no restart.
///
/// Per epoch the rate changes with every step, by the share of the epoch that is over; as
/// `torch.optim.lr_scheduler.CosineAnnealingWarmRestarts` (T_0, T_mult, eta_min), whose step takes
/// such shares.
/// Errors: a `period` below 0 and a `period_factor` below 1 throw `Error` before the first step.
/// Source: Loshchilov and Hutter 2017, https://arxiv.org/abs/1608.03983
/// Example: `CosineAnnealing{.period = 10, .period_factor = 2}`
struct CosineAnnealing {
  std::int64_t period = 0;
  std::int64_t period_factor = 1;
  float min_learning_rate = 0;
  Per per = Per::Epoch;

  [[nodiscard]] float learning_rate(const Moment& moment) const {
    const double share = share_of_period(moment);
    const double low = static_cast<double>(min_learning_rate);
    const double range = static_cast<double>(moment.base_learning_rate) - low;
    return static_cast<float>(low + rounded(range * (1 + std::cos(std::numbers::pi * share)) / 2));
  }

 private:
  [[nodiscard]] double share_of_period(const Moment& moment) const {
    detail::expect_schedule(period >= 0, "CosineAnnealing: expected a period of at least 0",
                            static_cast<double>(period));
    detail::expect_schedule(period_factor >= 1,
                            "CosineAnnealing: expected a period_factor of at least 1",
                            static_cast<double>(period_factor));
    if (period == 0) return static_cast<double>(moment.step) / static_cast<double>(moment.steps);
    const double whole = moment.fraction(per);
    auto length = static_cast<double>(period);
    if (period_factor == 1) return std::fmod(whole, length) / length;
    double first = 0;
    while (whole - first >= length) {
      first += length;
      length *= static_cast<double>(period_factor);
    }
    return (whole - first) / length;
  }
};

}  // namespace lamina
