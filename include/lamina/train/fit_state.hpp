#pragma once

#include <algorithm>
#include <cmath>
#include <concepts>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

#include <lamina/schedules/schedule.hpp>
#include <lamina/train/archive.hpp>
#include <lamina/train/history.hpp>

namespace lamina {

/// Options of `Trainer::fit`.
struct FitOptions {
  int epochs = 10;
  int batch_size = 128;
  bool shuffle = true;  ///< a new order every epoch, by the model's seed
  /// Inputs and targets that are NaN or infinite throw before the first step; false where a
  /// transform or a loss of your own takes them.
  bool require_finite_data = true;
  /// A loss that is NaN or infinite, or such parameters after an epoch, end the fit with an
  /// `Error`; false goes on.
  bool require_finite_loss = true;
};

/// A number of the last epoch that a callback watches.
struct Monitored {
  double score;
  bool higher_is_better;

  /// Better than `best` by more than `min_delta`; NaN never is.
  [[nodiscard]] bool better_than(double best, double min_delta = 0) const {
    return higher_is_better ? score > best + min_delta : score < best - min_delta;
  }
  /// Worse than every score.
  [[nodiscard]] double worst() const { return higher_is_better ? -INFINITY : INFINITY; }
};

namespace detail {

/// True where a callback has something to be kept in a checkpoint.
template <class Callback, class Archive>
concept Serializes = requires(Callback& callback, Archive& archive) {
  callback.serialize(archive);
  { Callback::name } -> std::convertible_to<std::string_view>;
};

}  // namespace detail

/// What callbacks see of a running `fit`. A callback is any object with some of the members
///
/// - `before_fit(state)`, `before_epoch(state)`, `before_step(state)`, `after_step(state)`,
///   `after_epoch(state)`, `after_fit(state)`: called then, in the order of the list;
/// - `save(state)`: after everything else of a step and of an epoch, where a run can be gone on
///   with; `restore(state)`: after all `before_fit`, to go on;
/// - `failed(state)`: after a step whose loss, or what it made of the parameters, is not finite,
///   before the fit ends with an `Error` that says `state.failure`, where it may say more;
/// - `learning_rate(moment)`: a schedule, see `Schedule`;
/// - `order(order, seed, step)`: chooses the samples of an epoch, see `WeightedSampling`;
/// - `transform(batch)`: changes a batch, see `Transform`;
/// - `enter(history)`, `reset()`, `add(row)`, `record(numbers)`: measures the validation, see
///   `Metrics`;
/// - `serialize(archive)` and a static `name`: its numbers go into checkpoints.
///
/// What it lacks costs nothing. All are called in the floating-point mode that everything here
/// computes in, in which denormals are zero; see `in_float_mode`.
template <class TrainerType, class... Callbacks>
struct FitState {
  using Target = typename TrainerType::Target;
  static constexpr bool labelled = std::is_same_v<Target, Label>;
  struct Batch {
    std::span<const float> inputs;
    std::span<const Target> targets;
  };

  TrainerType& trainer;
  const FitOptions& options;
  History& history;
  std::tuple<Callbacks&...> callbacks;
  std::size_t samples = 0;       ///< of the training set
  bool validates = false;        ///< there is a validation set
  std::int64_t steps = 0;        ///< of an epoch
  int epoch = 0;                 ///< from 0
  std::int64_t step = 0;         ///< of this epoch, from 0
  Batch batch{};                 ///< of this step
  float base_learning_rate = 0;  ///< the optimizer's when the fit began
  double mean_loss = 0;          ///< of this epoch so far, penalties included
  double mean_penalty = 0;       ///< the penalties in it
  double seconds = 0;            ///< of this epoch so far
  bool stop = false;             ///< set it to end after this epoch, in `before_epoch` before it
  double loss_sum = 0;           ///< over the samples of this epoch so far
  double penalty_sum = 0;
  std::size_t seen = 0;   ///< samples of this epoch so far
  std::string failure{};  ///< why the fit ends with an `Error`

  [[nodiscard]] Moment moment() const {
    return {epoch * steps + step, options.epochs * steps, epoch, options.epochs,
            base_learning_rate};
  }

  /// What a callback with a `monitor` watches, of the last epoch: "loss", "validation_loss",
  /// "validation_accuracy", or the name of a metric in the fit's `Metrics`; an empty name is the
  /// validation loss, without a validation set the training loss. NaN after an epoch that has a
  /// loss of NaN: whatever else was measured is of a network that is lost.
  /// Errors: `Error` for a name that is none of these.
  [[nodiscard]] Monitored monitored(std::string_view name) const {
    const EpochRecord* last = history.epochs.empty() ? nullptr : &history.epochs.back();
    const bool lost = last == nullptr || std::isnan(last->loss) ||
                      (validates && std::isnan(last->validation_loss));
    const auto of = [&](double EpochRecord::* number, bool higher) {
      return Monitored{lost ? NAN : last->*number, higher};
    };
    if (name == "loss" || (name.empty() && !validates)) return of(&EpochRecord::loss, false);
    if (validates) {
      if (name == "validation_loss" || name.empty()) {
        return of(&EpochRecord::validation_loss, false);
      }
      if (labelled && name == "validation_accuracy") {
        return of(&EpochRecord::validation_accuracy, true);
      }
      for (std::size_t i = 0; i < history.metrics.size(); ++i) {
        const MetricColumn& metric = history.metrics[i];
        if (metric.name != name) continue;
        return {lost ? NAN : last->metrics[i], metric.higher_is_better};
      }
    }
    std::string known = "loss";
    if (validates) {
      known += labelled ? ", validation_loss, validation_accuracy" : ", validation_loss";
      for (const MetricColumn& metric : history.metrics) known += ", " + metric.name;
    }
    throw Error(std::string("fit: expected a monitor of ") + known + ", found " +
                std::string(name) + (validates ? "" : " and no validation set"));
  }

  /// Everything that the rest of this run depends on.
  [[nodiscard]] std::vector<Tensor> tensors() {
    std::vector<Tensor> tensors;
    StateWriter writer(TrainerType::P::stages, tensors);
    serialize(writer);
    return tensors;
  }

  /// Goes on where `tensors` was called.
  /// Errors: `Error` naming the tensor that does not fit; everything is as it was then.
  void assign(std::span<const Tensor> from) {
    const std::vector<Tensor> before = tensors();
    try {
      const auto [samples_then, batch_then] = read(from);
      if (step > 0 && (samples_then != samples || batch_then != options.batch_size)) {
        throw Error(std::string("expected a run in the middle of an epoch over ") +
                    std::to_string(samples) + " samples in batches of " +
                    std::to_string(options.batch_size) + ", found one over " +
                    std::to_string(samples_then) + " in batches of " + std::to_string(batch_then));
      }
      check_place();
    } catch (...) {
      read(before);
      throw;
    }
  }

 private:
  void check_place() const {
    const std::size_t records = history.epochs.size();
    if (epoch < 0 || records != static_cast<std::size_t>(epoch) || step < 0 || step >= steps ||
        seen > samples || history.best_epoch >= std::max<std::size_t>(1, records)) {
      throw Error(std::string("expected a run in its bounds, found epoch ") +
                  std::to_string(epoch) + " with " + std::to_string(records) +
                  " records, the best of them " + std::to_string(history.best_epoch) + ", step " +
                  std::to_string(step) + " and " + std::to_string(seen) + " of " +
                  std::to_string(samples) + " samples seen");
    }
  }

  struct Data {
    std::size_t samples;
    int batch_size;
  };

  Data read(std::span<const Tensor> from) {
    const ParameterBlock like = trainer.model().block();
    StateReader reader(TrainerType::P::stages, from, like);
    return serialize(reader);
  }

  /// Returns the data that the numbers belong to.
  template <class Archive>
  Data serialize(Archive& archive) {
    Archive fit = archive.inside("fit");
    Data data{samples, options.batch_size};
    fit("samples", data.samples);
    fit("batch_size", data.batch_size);
    fit("epoch", epoch);
    fit("step", step);
    fit("base_learning_rate", base_learning_rate);
    fit("loss_sum", loss_sum);
    fit("penalty_sum", penalty_sum);
    fit("seen", seen);
    fit("seconds", seconds);
    // Between epochs it is asked anew: a run that goes on may be given more patience or time.
    bool stops = stop && step > 0;
    fit("stop", stops);
    if constexpr (Archive::reads) stop = stops;
    Archive past = archive.inside("history");
    detail::serialize(past, history);
    Archive model = archive.inside("model");
    trainer.model().serialize(model);
    Archive optimizer = archive.inside("optimizer");
    trainer.serialize(optimizer);
    std::vector<std::string_view> names;
    std::apply([&](auto&... callback) { (serialize(archive, callback, names), ...); }, callbacks);
    return data;
  }

  /// A callback's numbers lie below its name, those of a second one of its kind below name and 2.
  /// A file of a run without this callback leaves it as it is.
  template <class Archive, class Callback>
  static void serialize(Archive& archive, Callback& callback,
                        std::vector<std::string_view>& names) {
    if constexpr (detail::Serializes<Callback, Archive>) {
      names.push_back(Callback::name);
      const auto same = std::count(names.begin(), names.end(), names.back());
      std::string place(Callback::name);
      if (same > 1) place += std::to_string(same);
      Archive inside = archive.inside(place);
      if constexpr (Archive::reads) {
        if (!inside.has_any()) return;
      }
      callback.serialize(inside);
    }
  }
};

}  // namespace lamina
