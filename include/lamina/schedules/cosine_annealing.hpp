#pragma once

#include <cmath>
#include <cstdint>
#include <numbers>

#include <lamina/schedules/schedule.hpp>

namespace lamina {

/// Schedule: half a cosine from the optimizer's learning rate down to `min_learning_rate`, over
/// `period` epochs (or steps), then again from the top, each period `period_factor` times as long
/// as the one before. A period of 0 is the whole fit: no restart.
///
/// Per epoch the rate changes with every step, by the share of the epoch that is over; as
/// `torch.optim.lr_scheduler.CosineAnnealingWarmRestarts` (T_0, T_mult, eta_min), whose step takes
/// such shares. period_factor >= 1.
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
    return static_cast<float>(low + range * (1 + std::cos(std::numbers::pi * share)) / 2);
  }

 private:
  [[nodiscard]] double share_of_period(const Moment& moment) const {
    const double whole = moment.fraction(per);
    if (period == 0) return static_cast<double>(moment.step) / static_cast<double>(moment.steps);
    double first = 0;
    auto length = static_cast<double>(period);
    while (whole - first >= length) {
      first += length;
      length *= static_cast<double>(period_factor);
    }
    return (whole - first) / length;
  }
};

}  // namespace lamina
