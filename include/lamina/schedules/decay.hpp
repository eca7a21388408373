#pragma once

#include <cmath>
#include <cstdint>

#include <lamina/schedules/schedule.hpp>

namespace lamina {

/// Schedule: the optimizer's own learning rate, whatever was set before.
///
/// Example: `LinearWarmUp<ConstantRate>{.count = 500}`
struct ConstantRate {
  [[nodiscard]] float learning_rate(const Moment& moment) const {
    return moment.base_learning_rate;
  }
};

/// Schedule: the optimizer's learning rate times `factor` for every `every` epochs (or steps) that
/// are over. As `torch.optim.lr_scheduler.StepLR`.
///
/// Errors: an `every` below 1 throws `Error` before the first step.
/// Example: `trainer.fit(train, validation, {.epochs = 90}, StepDecay{.every = 30});`
struct StepDecay {
  std::int64_t every = 10;
  float factor = 0.1f;
  Per per = Per::Epoch;

  [[nodiscard]] float learning_rate(const Moment& moment) const {
    detail::expect_schedule(every >= 1, "StepDecay: expected every of at least 1",
                            static_cast<double>(every));
    const auto falls = static_cast<double>(moment.count(per) / every);
    return scaled(moment.base_learning_rate, std::pow(static_cast<double>(factor), falls));
  }
};

/// Schedule: the optimizer's learning rate times `factor` for every epoch (or step) that is over.
/// As `torch.optim.lr_scheduler.ExponentialLR`.
///
/// Example: `ExponentialDecay{.factor = 0.95f}`
struct ExponentialDecay {
  float factor = 0.95f;
  Per per = Per::Epoch;

  [[nodiscard]] float learning_rate(const Moment& moment) const {
    const auto over = static_cast<double>(moment.count(per));
    return scaled(moment.base_learning_rate, std::pow(static_cast<double>(factor), over));
  }
};

}  // namespace lamina
