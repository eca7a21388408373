#pragma once

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdint>
#include <limits>
#include <string>
#include <tuple>
#include <type_traits>
#include <utility>

#include <lamina/core/diagnosis.hpp>
#include <lamina/train/batch_loader.hpp>
#include <lamina/train/check_callbacks.hpp>
#include <lamina/train/finite.hpp>
#include <lamina/train/fit_state.hpp>

namespace lamina::detail {

// clang-format off
#define LAMINA_CALL(hook) std::apply([&](auto&... each) { ([&](auto& callback) { \
  if constexpr (requires { callback.hook(state); }) callback.hook(state); }(each), ...); }, \
  state.callbacks)
// clang-format on

/// Seconds since a moment.
inline double seconds_since(std::chrono::steady_clock::time_point start) {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

/// The validation of an epoch, shown to the callbacks that measure.
template <class State>
Evaluation validate(State& state, const Dataset& validation) {
  const auto chosen = []<class Callback>(Callback& callback) {
    if constexpr (Measures<Callback>) {
      return std::tie(callback);
    } else {
      return std::tuple<>();
    }
  };
  const auto measuring = std::apply(
      [&](auto&... callbacks) { return std::tuple_cat(chosen(callbacks)...); }, state.callbacks);
  return std::apply(
      [&](auto&... callbacks) {
        return evaluate_for(state.trainer.model(), validation,
                            state.options.require_finite_data ? "fit: validation set" : nullptr,
                            callbacks...);
      },
      measuring);
}

/// Gives an optimizer back the learning rate and momentum that it had before a schedule set them.
template <class State>
class RatesBefore {
 public:
  explicit RatesBefore(const State& state) : state_(state) {
    with_momentum(state_.trainer.optimizer(), [&](float now) { momentum_ = now; });
  }
  RatesBefore(const RatesBefore&) = delete;
  RatesBefore& operator=(const RatesBefore&) = delete;
  ~RatesBefore() {
    state_.trainer.optimizer().learning_rate = state_.base_learning_rate;
    with_momentum(state_.trainer.optimizer(), [&](float& now) { now = momentum_; });
  }

 private:
  const State& state_;
  float momentum_ = 0;
};

template <class State>
void call_schedules(State& state) {
  std::apply(
      [&](auto&... callbacks) {
        [[maybe_unused]] const auto call = [&]<class Callback>(const Callback& callback) {
          if constexpr (Schedule<Callback>) {
            apply_schedule(state.trainer.optimizer(), callback, state.moment());
          }
        };
        (call(callbacks), ...);
      },
      state.callbacks);
}

/// Ends a fit after a step that lost the network: callbacks may say more of it, and put back what
/// they kept.
template <class State>
[[noreturn]] void fail(State& state, const std::string& expected, const std::string& found) {
  state.failure = "fit: expected " + expected + ", found " + found + " in epoch " +
                  std::to_string(state.epoch + 1) + ", step " +
                  std::to_string(state.trainer.steps());
  LAMINA_CALL(failed);
  throw Error(state.failure);
}

/// What the last update of an epoch broke would show in the loss of the next step only, if there is
/// one. Padding may be anything, so that tensors have the last word.
template <class Net>
bool has_finite_parameters(Model<Net>& model) {
  const AlignedFloats& trained = model.block().trained;
  return are_finite({trained.data(), trained.size()}) || are_finite(model.tensors());
}

/// One step, and with the last of an epoch the update of what `Accumulate` holds still.
template <class State>
double train_step(State& state) {
  const auto loss =
      static_cast<double>(state.trainer.step(state.batch.inputs, state.batch.targets));
  if constexpr (requires { state.trainer.finish_accumulation(); }) {
    if (state.step + 1 == state.steps) state.trainer.finish_accumulation();
  }
  return loss;
}

/// The steps of an epoch from `state.step` on.
template <class Loader, class State>
void train_epoch(Loader& loader, State& state) {
  const auto start = std::chrono::steady_clock::now();
  const double seconds_before = state.seconds;  // of a run that goes on
  loader.start(state.options.shuffle, state.trainer.steps() - state.step, state.step, state.steps);
  while (state.step < state.steps) {
    loader.next();
    const auto rows = static_cast<double>(loader.rows());
    state.batch = {loader.inputs(), loader.targets()};
    call_schedules(state);
    LAMINA_CALL(before_step);
    const double loss = train_step(state);
    state.loss_sum += loss * rows;
    state.penalty_sum += state.trainer.penalty() * rows;
    state.seen += loader.rows();
    state.mean_loss = state.loss_sum / static_cast<double>(state.seen);
    state.mean_penalty = state.penalty_sum / static_cast<double>(state.seen);
    state.seconds = seconds_before + seconds_since(start);
    LAMINA_CALL(after_step);
    if (state.options.require_finite_loss && !std::isfinite(loss)) {
      fail(state, "a finite loss", name_of_number(loss));
    }
    ++state.step;
    if (state.step < state.steps) LAMINA_CALL(save);
  }
  if (state.options.require_finite_loss && !has_finite_parameters(state.trainer.model())) {
    fail(state, "finite parameters", "what is NaN or infinite");
  }
}

/// Validation and the record of an epoch.
template <class State>
void end_epoch(State& state, const Dataset& validation) {
  const auto start = std::chrono::steady_clock::now();
  const double training_seconds = state.seconds;
  const Evaluation result = validate(state, validation);
  state.seconds += seconds_since(start);
  History& history = state.history;
  EpochRecord record{.epoch = state.epoch + 1,
                     .loss = state.mean_loss,
                     .data_loss = state.mean_loss - state.mean_penalty,
                     .penalty = state.mean_penalty,
                     .validation_loss = result.loss,
                     .validation_accuracy = result.accuracy,
                     .learning_rate = state.trainer.optimizer().learning_rate,
                     .seconds = state.seconds,
                     .samples_per_second = static_cast<double>(state.seen) / training_seconds,
                     .metrics = {}};
  std::apply(
      [&](auto&... callbacks) {
        [[maybe_unused]] const auto add = [&]<class Callback>(const Callback& callback) {
          if constexpr (Measures<Callback>) callback.record(record.metrics);
        };
        (add(callbacks), ...);
      },
      state.callbacks);
  history.epochs.push_back(std::move(record));
  const auto score = [&](const EpochRecord& epoch) {
    return validation.empty() ? epoch.loss : epoch.validation_loss;
  };
  const double best = score(history.epochs[history.best_epoch]);
  if (score(history.epochs.back()) < best || std::isnan(best)) {
    history.best_epoch = history.epochs.size() - 1;
  }
}

template <class Net, class... Callbacks>
void check_fit(const std::string& where, const Dataset& train, const Dataset& validation,
               const FitOptions& options, const Callbacks&... callbacks) {
  if (train.empty()) throw Error(where + ": expected training samples, found none");
  expect_fitting<Net>(train, final_layout<Net>(train, callbacks...), where + ": training set");
  if (!validation.empty()) expect_fitting<Net>(validation, where + ": validation set");
  const int least = static_cast<int>(Plan<Net>::least_rows);
  if (options.epochs < 0 || options.batch_size < least ||
      train.size() < static_cast<std::size_t>(least)) {
    throw Error(where + ": expected at least 0 epochs, batches and data of at least " +
                std::to_string(least) + " samples, found " + std::to_string(options.epochs) +
                " epochs, batches of " + std::to_string(options.batch_size) + " of " +
                std::to_string(train.size()) + " samples");
  }
  if (!options.require_finite_data) return;
  expect_finite(train, where + ": training set");
  expect_finite(validation, where + ": validation set");
}

template <class State>
void run_epochs(State& state, auto& loader, const Dataset& validation) {
  // A run that was asked to stop and killed goes on to the end of that epoch.
  while (state.epoch < state.options.epochs && (!state.stop || state.step > 0)) {
    LAMINA_CALL(before_epoch);
    if (state.stop && state.step == 0) break;
    train_epoch(loader, state);
    end_epoch(state, validation);
    LAMINA_CALL(after_epoch);
    ++state.epoch;
    state.step = 0;
    state.loss_sum = state.penalty_sum = state.seconds = 0;
    state.seen = 0;
    LAMINA_CALL(save);
  }
}

template <class Net, class Optimizer, template <class, class> class TrainerType, class... Callbacks>
History fit(TrainerType<Net, Optimizer>& trainer, const Dataset& train, const Dataset& validation,
            const FitOptions& options, Callbacks&... callbacks) {
  using State = FitState<TrainerType<Net, Optimizer>, Callbacks...>;
  static_cast<void>(Diagnose<CheckCallbacks<State, Callbacks...>>{});
  [[maybe_unused]] const auto diagnose = []<class Callback>(std::type_identity<Callback>) {
    if constexpr (requires { typename Callback::Check; }) {
      static_cast<void>(Diagnose<typename Callback::Check>{});
    }
  };
  (diagnose(std::type_identity<std::remove_const_t<Callbacks>>{}), ...);
  check_numbers(trainer.optimizer(), {"fit"});
  check_fit<Net>("fit", train, validation, options, callbacks...);
  if constexpr (has_standardize<Net>) {
    if (!trainer.model().is_standardized() && train.features() != Model<Net>::features) {
      throw Error(
          "fit: expected a model that is standardized, as callbacks change the extents of its "
          "samples, found one that is not: call model.fit_standardize(augmented(train, ...)) "
          "before");
    }
  }
  const auto batch = static_cast<std::size_t>(options.batch_size);
  History history;
  State state{.trainer = trainer,
              .options = options,
              .history = history,
              .callbacks = {callbacks...},
              .samples = train.size(),
              .validates = !validation.empty(),
              .base_learning_rate = trainer.optimizer().learning_rate};
  // A last batch of one sample has no statistics: it sits out, another one every epoch.
  const bool leave_one = Plan<Net>::least_rows > 1 && train.size() % batch == 1;
  state.steps = static_cast<std::int64_t>((train.size() + batch - 1) / batch - (leave_one ? 1 : 0));
  [[maybe_unused]] const auto enter = [&]<class Callback>(Callback& callback) {
    if constexpr (Measures<Callback>) callback.enter(history);
  };
  (enter(callbacks), ...);
  // A schedule that makes no sense throws before anything is changed.
  [[maybe_unused]] const auto try_out = [&]<class Callback>(const Callback& callback) {
    if constexpr (Schedule<Callback>) static_cast<void>(callback.learning_rate(state.moment()));
  };
  (try_out(callbacks), ...);
  [[maybe_unused]] const auto before = [&] {
    if constexpr ((Schedule<Callbacks> || ...)) {
      return RatesBefore(state);
    } else {
      return 0;
    }
  }();
  LAMINA_CALL(before_fit);
  LAMINA_CALL(restore);
  // Of steps by hand, or of a fit that ended in the middle: this one trains on its own data alone.
  if constexpr (requires { trainer.drop_accumulation(); }) {
    if (state.step == 0) trainer.drop_accumulation();
  }
  if constexpr (has_standardize<Net>) {
    if (!trainer.model().is_standardized()) trainer.model().fit_standardize(train);
  }
  BatchLoader<Net, Callbacks...> loader(train, batch, trainer.model().seed().value, state.callbacks,
                                        options.require_finite_data ? "fit: training set" : "");
  run_epochs(state, loader, validation);
  LAMINA_CALL(after_fit);
  return history;
}

#undef LAMINA_CALL

}  // namespace lamina::detail
