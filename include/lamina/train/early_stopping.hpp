#pragma once

#include <limits>
#include <optional>

#include <lamina/model/parameters.hpp>

namespace lamina {

/// Callback: ends `Trainer::fit` when the validation loss (without a validation set, the training
/// loss) has not fallen by `min_delta` for `patience` epochs, and restores the best parameters bit
/// for bit.
///
/// Example: `trainer.fit(train, validation, {.epochs = 100}, EarlyStopping{.patience = 5});`
struct EarlyStopping {
  int patience = 5;
  double min_delta = 0;

  template <class State>
  void after_epoch(State& state) {
    const auto& last = state.history.epochs.back();
    const bool validated = last.validation_loss == last.validation_loss;
    const double score = validated ? last.validation_loss : last.loss;
    if (score < best_score_ - min_delta) {
      best_score_ = score;
      best_ = state.trainer.model().block();
      waited_ = 0;
    } else if (++waited_ >= patience) {
      state.stop = true;
    }
  }

  template <class State>
  void after_fit(State& state) {
    if (best_) state.trainer.model().block() = *best_;
    *this = EarlyStopping{patience, min_delta};
  }

  double best_score_ = std::numeric_limits<double>::infinity();
  std::optional<ParameterBlock> best_{};
  int waited_ = 0;
};

}  // namespace lamina
