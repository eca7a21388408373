#pragma once

#include <algorithm>
#include <optional>
#include <string>
#include <string_view>

#include <lamina/core/error.hpp>
#include <lamina/core/serialize_same.hpp>
#include <lamina/model/parameters.hpp>

namespace lamina {

/// Callback: ends `Trainer::fit` when the monitored number has not become better by more than
/// `min_delta` for `patience` epochs, and restores the best parameters bit for bit.
///
/// `monitor` is "loss", "validation_loss", "validation_accuracy" or a metric of the fit's
/// `Metrics`, of which each knows whether higher is better; empty, it is the validation loss
/// (without a validation set, the training loss). An epoch whose number is NaN, or whose loss is,
/// is not better. A fit that ends with an `Error` for its loss is NaN or infinite restores the best
/// parameters, too. A `patience` of 0 is one of 1. An optimizer's `Average` stays that of the last
/// step. Errors: a monitor that the fit does not know, a `patience` or `min_delta` below 0 throw
/// `Error` before the first step. Example: `trainer.fit(train, validation, {.epochs = 100},
/// EarlyStopping{.patience = 5});`
struct EarlyStopping {
  static constexpr std::string_view name = "early_stopping";

  int patience = 5;
  double min_delta = 0;
  std::string monitor{};

  template <class State>
  void before_fit(State& state) {
    if (patience < 0 || !(min_delta >= 0)) {
      throw Error(std::string("EarlyStopping: expected a patience and a min_delta of 0 and more, "
                              "found ") +
                  std::to_string(patience) + " and " + std::to_string(min_delta));
    }
    best_score_ = state.monitored(monitor).worst();
    best_.reset();
    waited_ = 0;
  }

  /// A run that has waited long enough is over when it is gone on with, too.
  template <class State>
  void before_epoch(State& state) const {
    if (waited_ >= std::max(patience, 1)) state.stop = true;
  }

  template <class State>
  void after_epoch(State& state) {
    const auto now = state.monitored(monitor);
    if (now.better_than(best_score_, min_delta)) {
      best_score_ = now.score;
      best_ = state.trainer.model().block();
      waited_ = 0;
    } else if (++waited_ >= std::max(patience, 1)) {
      state.stop = true;
    }
  }

  template <class State>
  void after_fit(State& state) {
    if (best_) state.trainer.model().block() = *best_;
    best_.reset();
  }

  template <class State>
  void failed(State& state) {
    after_fit(state);
  }

  template <class Archive>
  void serialize(Archive& archive) {
    detail::serialize_same(archive, "monitor", monitor);
    archive("best_score", best_score_);
    archive("best", best_);
    archive("waited", waited_);
  }

  double best_score_ = 0;
  std::optional<ParameterBlock> best_{};
  int waited_ = 0;
};

}  // namespace lamina
