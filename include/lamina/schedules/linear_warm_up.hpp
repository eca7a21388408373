#pragma once

#include <cstdint>

#include <lamina/schedules/decay.hpp>

namespace lamina {

/// Schedule: the learning rate of another schedule, times a factor that rises from `start_factor`
/// to 1 in even parts over the first `count` steps (or epochs). As
/// `torch.optim.lr_scheduler.LinearLR`.
///
/// Example: `LinearWarmUp<CosineAnnealing>{.count = 500, .then = {.min_learning_rate = 1e-5f}}`
template <Schedule Then = ConstantRate>
struct LinearWarmUp {
  std::int64_t count = 100;
  float start_factor = 0.01f;
  Per per = Per::Step;
  Then then{};

  [[nodiscard]] float learning_rate(const Moment& moment) const {
    const float rate = then.learning_rate(moment);
    const std::int64_t over = moment.count(per);
    if (over >= count) return rate;
    const auto start = static_cast<double>(start_factor);
    return scaled(rate,
                  start + (1 - start) * static_cast<double>(over) / static_cast<double>(count));
  }

  [[nodiscard]] float momentum(const Moment& moment) const
    requires requires { then.momentum(moment); }
  {
    return then.momentum(moment);
  }
};

}  // namespace lamina
