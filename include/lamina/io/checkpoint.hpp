#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include <lamina/core/error.hpp>
#include <lamina/core/output_scale.hpp>
#include <lamina/core/serialize_same.hpp>
#include <lamina/io/naming_file.hpp>
#include <lamina/io/safetensors.hpp>

namespace lamina {

/// Makes a directory with those above it.
/// Errors: `Error` where that is not possible.
void make_directory(const std::filesystem::path& directory);

/// Removes the temporary files that a process which is gone has left in a directory when it was
/// stopped in the middle of writing.
void remove_leftovers(const std::filesystem::path& directory);

/// Callback: keeps a run of `Trainer::fit` in two files of a directory.
///
/// - `last.safetensors`: everything that the rest of the run depends on - parameters, the
///   optimizer's state, the history, what other callbacks remember - every `every_epochs` epochs
///   and every `every_steps` steps of the trainer (0: never), and at the end, with `run_metadata`
///   in the file, which are yours to read (`read_metadata`);
/// - `best.safetensors`: the model of the best epoch by `monitor` (see `EarlyStopping`), which
///   `load` and PyTorch read, with `metadata` in the file, and its outputs by `scale` in the units
///   of the data where it was trained on standardized targets (see `Model::scale_outputs`).
///
/// A file is written beside its place, flushed to the disk and renamed: at any moment there is a
/// whole one. What has a loss or a parameter that is not finite is not kept. With `resume` a fit
/// goes on from `last.safetensors` where it is there, and begins anew where it is not: the same
/// call serves both. A run that was killed at any moment and goes on so ends with the same bits as
/// one that was not. Learning rate and momentum are then those of the file, unless a schedule gives
/// them.
///
/// Errors: a directory that cannot be made, a file that cannot be read or is of another network or
/// optimizer throws `Error` before the first step; so does a run that goes on and whose best model
/// is not there or damaged. The model is then as it was.
/// Example: `trainer.fit(train, validation, {.epochs = 100}, Checkpoint{.directory = "run",
/// .resume = true});`
struct Checkpoint {
  static constexpr std::string_view name = "checkpoint";

  std::filesystem::path directory = "checkpoint";
  int every_epochs = 1;
  std::int64_t every_steps = 0;
  bool keep_best = true;
  std::string monitor{};
  bool resume = false;
  Metadata metadata{};
  OutputScale scale{};
  Metadata run_metadata{};

  [[nodiscard]] std::filesystem::path last() const { return directory / "last.safetensors"; }
  [[nodiscard]] std::filesystem::path best() const { return directory / "best.safetensors"; }

  template <class State>
  void before_fit(State& state) {
    if (every_epochs < 0 || every_steps < 0) {
      throw Error(std::string("Checkpoint: expected every_epochs and every_steps of 0 and more, "
                              "found ") +
                  std::to_string(every_epochs) + " and " + std::to_string(every_steps));
    }
    if (!scale.empty()) {
      auto model = state.trainer.model();
      model.scale_outputs(scale);  // throws where that is not possible
    }
    best_score_ = state.monitored(monitor).worst();
    make_directory(directory);
    remove_leftovers(directory);
  }

  template <class State>
  void restore(State& state) {
    if (!resume || !std::filesystem::exists(last())) return;
    const std::vector<Tensor> tensors = read_safetensors(last());
    const std::vector<Tensor> before = state.tensors();
    detail::naming_file(last(), [&] { state.assign(tensors); });
    try {
      check_best(state);
    } catch (...) {
      state.assign(before);
      throw;
    }
  }

  template <class State>
  void save(State& state) {
    const bool epoch_ended = state.step == 0;
    const double loss = epoch_ended ? state.history.epochs.back().loss : state.mean_loss;
    if (!std::isfinite(loss)) return;
    if (epoch_ended && keep_best) save_best(state);
    if (is_due(state, epoch_ended)) save_last(state);
  }

  template <class Archive>
  void serialize(Archive& archive) {
    detail::serialize_same(archive, "monitor", monitor);
    archive("best_score", best_score_);
  }

  double best_score_ = 0;

 private:
  template <class State>
  [[nodiscard]] bool is_due(const State& state, bool epoch_ended) const {
    if (every_steps > 0 && state.trainer.steps() % every_steps == 0) return true;
    if (!epoch_ended) return false;
    const bool ends = state.stop || state.epoch == state.options.epochs;
    if (ends) return every_epochs > 0 || every_steps > 0;
    return every_epochs > 0 && state.epoch % every_epochs == 0;
  }

  /// A run that has found a best model has it in its file: whole, and of this network.
  template <class State>
  void check_best(State& state) const {
    if (!keep_best || best_score_ == state.monitored(monitor).worst()) return;
    auto model = state.trainer.model();
    detail::naming_file(last(), [&] {
      const std::vector<Tensor> tensors = read_safetensors(best());
      detail::naming_file(best(), [&] { model.assign(tensors); });
    });
  }

  template <class State>
  void save_best(State& state) {
    const auto now = state.monitored(monitor);
    if (!now.better_than(best_score_)) return;
    auto model = state.trainer.model();
    if (!are_finite(model.tensors())) return;
    best_score_ = now.score;
    if (!scale.empty()) model.scale_outputs(scale);
    write_safetensors(best(), model.file_tensors(), metadata);
  }

  /// The loss is of the parameters before the update, which may be what broke them.
  template <class State>
  void save_last(State& state) const {
    if (!are_finite(state.trainer.model().tensors())) return;
    write_safetensors(last(), state.tensors(), run_metadata);
  }

  static bool are_finite(const std::vector<Tensor>& tensors) {
    return std::all_of(tensors.begin(), tensors.end(), [](const Tensor& tensor) {
      const auto* values = std::get_if<std::vector<float>>(&tensor.values);
      return values == nullptr || std::all_of(values->begin(), values->end(),
                                              [](float value) { return std::isfinite(value); });
    });
  }
};

}  // namespace lamina
