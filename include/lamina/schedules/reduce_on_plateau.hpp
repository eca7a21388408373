#pragma once

#include <algorithm>
#include <string>
#include <string_view>

#include <lamina/core/serialize_same.hpp>
#include <lamina/schedules/schedule.hpp>

namespace lamina {

/// Callback: when the monitored number (see `EarlyStopping`) has not become better by more than
/// `min_delta` for more than `patience` epochs, the optimizer's learning rate is multiplied by
/// `factor`, down to `min_learning_rate`; after that `cooldown` epochs do not count. As
/// `torch.optim.lr_scheduler.ReduceLROnPlateau` with `threshold_mode="abs"`.
///
/// A rate below `min_learning_rate` stays as it is. Beside a schedule it has no effect: that sets
/// the rate anew before every step.
/// Errors: a monitor that the fit does not know, a `factor` outside (0, 1), counts and a
/// `min_delta` below 0 throw `Error` before the first step. Example: `trainer.fit(train,
/// validation, {.epochs = 100}, ReduceOnPlateau{.patience = 5});`
struct ReduceOnPlateau {
  static constexpr std::string_view name = "reduce_on_plateau";

  float factor = 0.1f;
  int patience = 10;
  double min_delta = 1e-4;
  int cooldown = 0;
  float min_learning_rate = 0;
  std::string monitor{};

  template <class State>
  void before_fit(State& state) {
    detail::expect_schedule(factor > 0 && factor < 1,
                            "ReduceOnPlateau: expected a factor in (0, 1)",
                            static_cast<double>(factor));
    detail::expect_schedule(patience >= 0, "ReduceOnPlateau: expected a patience of at least 0",
                            patience);
    detail::expect_schedule(cooldown >= 0, "ReduceOnPlateau: expected a cooldown of at least 0",
                            cooldown);
    detail::expect_schedule(min_delta >= 0, "ReduceOnPlateau: expected a min_delta of at least 0",
                            min_delta);
    best_score_ = state.monitored(monitor).worst();
    waited_ = cooling_ = 0;
  }

  template <class State>
  void after_epoch(State& state) {
    const auto now = state.monitored(monitor);
    const bool better = now.better_than(best_score_, min_delta);
    if (better) best_score_ = now.score;
    waited_ = better ? 0 : waited_ + 1;
    if (cooling_ > 0) {
      --cooling_;
      waited_ = 0;
    }
    if (waited_ <= patience) return;
    float& rate = state.trainer.optimizer().learning_rate;
    rate = std::min(rate, std::max(rate * factor, min_learning_rate));
    cooling_ = cooldown;
    waited_ = 0;
  }

  template <class Archive>
  void serialize(Archive& archive) {
    detail::serialize_same(archive, "monitor", monitor);
    archive("best_score", best_score_);
    archive("waited", waited_);
    archive("cooling", cooling_);
  }

  double best_score_ = 0;
  int waited_ = 0;
  int cooling_ = 0;
};

}  // namespace lamina
