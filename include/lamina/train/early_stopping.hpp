#pragma once

#include <optional>
#include <string>
#include <string_view>

#include <lamina/model/parameters.hpp>

namespace lamina {

/// Callback: ends `Trainer::fit` when the monitored number has not become better by more than
/// `min_delta` for `patience` epochs, and restores the best parameters bit for bit.
///
/// `monitor` is "loss", "validation_loss", "validation_accuracy" or a metric of the fit's
/// `Metrics`, of which each knows whether higher is better; empty, it is the validation loss
/// (without a validation set, the training loss). An epoch whose number is NaN is not better.
/// Errors: a monitor that the fit does not know throws `Error` before the first step.
/// Example: `trainer.fit(train, validation, {.epochs = 100}, EarlyStopping{.patience = 5});`
struct EarlyStopping {
  static constexpr std::string_view name = "early_stopping";

  int patience = 5;
  double min_delta = 0;
  std::string monitor{};

  template <class State>
  void before_fit(State& state) {
    best_score_ = state.monitored(monitor).worst();
    best_.reset();
    waited_ = 0;
  }

  template <class State>
  void after_epoch(State& state) {
    const auto now = state.monitored(monitor);
    if (now.better_than(best_score_, min_delta)) {
      best_score_ = now.score;
      best_ = state.trainer.model().block();
      waited_ = 0;
    } else if (++waited_ >= patience) {
      state.stop = true;
    }
  }

  template <class State>
  void after_fit(State& state) {
    if (best_) state.trainer.model().block() = *best_;
    best_.reset();
  }

  template <class Archive>
  void serialize(Archive& archive) {
    archive("best_score", best_score_);
    archive("best", best_);
    archive("waited", waited_);
  }

  double best_score_ = 0;
  std::optional<ParameterBlock> best_{};
  int waited_ = 0;
};

}  // namespace lamina
