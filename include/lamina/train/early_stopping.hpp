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
    const double score =
        last.validation_loss == last.validation_loss ? last.validation_loss : last.loss;
    if (score < best_score_ - min_delta) {
      best_score_ = score;
      best_ = state.trainer.model().block();
      waited_ = 0;
    } else {
      ++waited_;
    }
    const bool finished = state.epoch + 1 == state.options.epochs;
    if (waited_ >= patience) state.stop = true;
    if ((state.stop || finished) && best_) state.trainer.model().block() = *best_;
  }

  double best_score_ = std::numeric_limits<double>::infinity();
  std::optional<ParameterBlock> best_{};
  int waited_ = 0;
};

}  // namespace lamina
