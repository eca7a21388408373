#pragma once

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <cstring>
#include <limits>
#include <numeric>
#include <span>
#include <vector>

#include <lamina/data/order.hpp>
#include <lamina/train/history.hpp>
#include <lamina/train/metrics.hpp>

namespace lamina {

/// Options of `Trainer::fit`.
struct FitOptions {
  int epochs = 10;
  int batch_size = 128;
  bool shuffle = true;  ///< a new order every epoch, by the model's seed
};

/// What callbacks see of a running `fit`. A callback is any object with some of the members
/// `before_step(state)`, `after_step(state)`, `after_epoch(state)` and `after_fit(state)`; what it
/// lacks costs nothing.
template <class TrainerType>
struct FitState {
  TrainerType& trainer;
  const FitOptions& options;
  History& history;
  std::size_t samples = 0;  ///< of the training set
  std::int64_t steps = 0;   ///< of an epoch
  int epoch = 0;            ///< from 0
  std::int64_t step = 0;    ///< of this epoch, from 0
  double mean_loss = 0;     ///< of this epoch so far, penalties included
  double mean_penalty = 0;  ///< the penalties in it
  double seconds = 0;       ///< of this epoch so far
  bool stop = false;        ///< set it to end after this epoch
};

namespace detail {

/// The batches of an epoch, gathered from a data set into one place.
template <class Net>
class BatchLoader {
 public:
  using Target = typename Plan<Net>::Loss::Target;

  BatchLoader(const Dataset& data, std::size_t batch)
      : data_(&data),
        order_(data.size()),
        targets_a_row_(data.has_labels() ? 1 : data.outputs()),
        inputs_(batch * data.features()),
        targets_(batch * targets_a_row_) {
    std::iota(order_.begin(), order_.end(), 0u);
  }

  void shuffle(std::uint64_t seed, std::int64_t step) { detail::shuffle(order_, seed, step); }

  /// Copies samples in parallel: a serial copy would let the other threads fall asleep.
  void gather(std::size_t first, std::size_t rows) {
    constexpr std::size_t group = 16;
    const std::size_t features = data_->features();
    const auto tasks = static_cast<int>((rows + group - 1) / group);
    const bool parallel = rows * features >= 32768;
    runtime::for_each_task(tasks, parallel, [&](int task) {
      const std::size_t begin = static_cast<std::size_t>(task) * group;
      for (std::size_t row = begin; row < std::min(rows, begin + group); ++row) {
        const std::size_t sample = order_[first + row];
        std::memcpy(inputs_.data() + row * features, data_->inputs().data() + sample * features,
                    features * sizeof(float));
        std::copy_n(targets_of<Net>(*data_, sample), targets_a_row_,
                    targets_.data() + row * targets_a_row_);
      }
    });
    rows_ = rows;
  }

  [[nodiscard]] std::span<const float> inputs() const {
    return {inputs_.data(), rows_ * data_->features()};
  }
  [[nodiscard]] std::span<const Target> targets() const {
    return {targets_.data(), rows_ * targets_a_row_};
  }

 private:
  const Dataset* data_;
  std::vector<std::uint32_t> order_;
  std::size_t targets_a_row_;
  std::vector<float> inputs_;
  std::vector<Target> targets_;
  std::size_t rows_ = 0;
};

// clang-format off
#define LAMINA_CALL(hook) ([&](auto& callback) { \
  if constexpr (requires { callback.hook(state); }) callback.hook(state); }(callbacks), ...)
// clang-format on

/// Seconds since a moment.
inline double seconds_since(std::chrono::steady_clock::time_point start) {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

/// One epoch of steps; its mean loss over samples is left in `state`.
template <class Net, class State, class... Callbacks>
void train_epoch(BatchLoader<Net>& loader, State& state, Callbacks&... callbacks) {
  const auto start = std::chrono::steady_clock::now();
  const auto batch = static_cast<std::size_t>(state.options.batch_size);
  double loss = 0;
  double penalty = 0;
  std::size_t seen = 0;
  for (state.step = 0; state.step < state.steps; ++state.step) {
    const std::size_t first = static_cast<std::size_t>(state.step) * batch;
    const std::size_t rows = std::min(batch, state.samples - first);
    loader.gather(first, rows);
    LAMINA_CALL(before_step);
    loss += static_cast<double>(state.trainer.step(loader.inputs(), loader.targets())) *
            static_cast<double>(rows);
    penalty += state.trainer.penalty() * static_cast<double>(rows);
    seen += rows;
    state.mean_loss = loss / static_cast<double>(seen);
    state.mean_penalty = penalty / static_cast<double>(seen);
    state.seconds = seconds_since(start);
    LAMINA_CALL(after_step);
  }
}

template <class Net>
void check_fit(const Dataset& train, const Dataset& validation, const FitOptions& options) {
  if (train.empty()) throw Error("fit: expected training samples, found none");
  expect_fitting<Net>(train, "fit: training set");
  if (!validation.empty()) expect_fitting<Net>(validation, "fit: validation set");
  const int least = static_cast<int>(Plan<Net>::least_rows);
  if (options.epochs < 0 || options.batch_size < least ||
      train.size() < static_cast<std::size_t>(least)) {
    throw Error(std::string("fit: expected at least 0 epochs, batches and data of at least ") +
                std::to_string(least) + " samples, found " + std::to_string(options.epochs) +
                " epochs, batches of " + std::to_string(options.batch_size) + " of " +
                std::to_string(train.size()) + " samples");
  }
}

template <class Net, class Optimizer, template <class, class> class TrainerType, class... Callbacks>
History fit(TrainerType<Net, Optimizer>& trainer, const Dataset& train, const Dataset& validation,
            const FitOptions& options, Callbacks&... callbacks) {
  check_fit<Net>(train, validation, options);
  if constexpr (has_standardize<Net>) {
    if (!trainer.model().is_standardized()) trainer.model().fit_standardize(train);
  }
  const auto batch = static_cast<std::size_t>(options.batch_size);
  History history;
  FitState<TrainerType<Net, Optimizer>> state{trainer, options, history, train.size()};
  // A last batch of one sample has no statistics: it sits out, another one every epoch.
  const bool leave_one = Plan<Net>::least_rows > 1 && train.size() % batch == 1;
  state.steps = static_cast<std::int64_t>((train.size() + batch - 1) / batch - (leave_one ? 1 : 0));
  BatchLoader<Net> loader(train, std::min(batch, train.size()));
  double best = std::numeric_limits<double>::infinity();
  for (state.epoch = 0; state.epoch < options.epochs && !state.stop; ++state.epoch) {
    const auto start = std::chrono::steady_clock::now();
    if (options.shuffle) loader.shuffle(trainer.model().seed().value, trainer.steps());
    train_epoch(loader, state, callbacks...);
    const double training_seconds = state.seconds;
    const Evaluation result = evaluate(trainer.model(), validation);
    state.seconds = seconds_since(start);
    history.epochs.push_back(
        {.epoch = state.epoch + 1,
         .loss = state.mean_loss,
         .data_loss = state.mean_loss - state.mean_penalty,
         .penalty = state.mean_penalty,
         .validation_loss = result.loss,
         .validation_accuracy = result.accuracy,
         .learning_rate = trainer.optimizer().learning_rate,
         .seconds = state.seconds,
         .samples_per_second = static_cast<double>(train.size()) / training_seconds});
    const double score = validation.empty() ? state.mean_loss : result.loss;
    if (score < best) {
      best = score;
      history.best_epoch = history.epochs.size() - 1;
    }
    LAMINA_CALL(after_epoch);
  }
  LAMINA_CALL(after_fit);
  return history;
}

#undef LAMINA_CALL

}  // namespace detail

}  // namespace lamina
