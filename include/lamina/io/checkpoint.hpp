#pragma once

#include <cmath>
#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include <lamina/core/error.hpp>
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
///   and every `every_steps` steps (0: never);
/// - `best.safetensors`: the model of the best epoch by `monitor` (see `EarlyStopping`), which
///   `load` and PyTorch read.
///
/// A file is written beside its place, flushed to the disk and renamed: at any moment there is a
/// whole one. What has a loss that is not finite is not kept. With `resume` a fit goes on from
/// `last.safetensors` where it is there, and begins anew where it is not: the same call serves
/// both. A run that was killed at any moment and goes on so ends with the same bits as one that was
/// not.
///
/// Errors: a directory that cannot be made, a file that cannot be read or is of another network or
/// optimizer throws `Error` before the first step; the model is then as it was.
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

  [[nodiscard]] std::filesystem::path last() const { return directory / "last.safetensors"; }
  [[nodiscard]] std::filesystem::path best() const { return directory / "best.safetensors"; }

  template <class State>
  void before_fit(State& state) {
    if (every_epochs < 0 || every_steps < 0) {
      throw Error(std::string("Checkpoint: expected every_epochs and every_steps of 0 and more, "
                              "found ") +
                  std::to_string(every_epochs) + " and " + std::to_string(every_steps));
    }
    best_score_ = state.monitored(monitor).worst();
    make_directory(directory);
    remove_leftovers(directory);
  }

  template <class State>
  void restore(State& state) {
    if (!resume || !std::filesystem::exists(last())) return;
    const std::vector<Tensor> tensors = read_safetensors(last());
    try {
      state.assign(tensors);
    } catch (const Error& error) {
      throw Error(last().string() + ": " + error.what());
    }
  }

  template <class State>
  void save(State& state) {
    const bool epoch_ended = state.step == 0;
    if (epoch_ended) {
      save_epoch(state);
    } else if (every_steps > 0 && state.step % every_steps == 0 && std::isfinite(state.mean_loss)) {
      write_safetensors(last(), state.tensors());
    }
  }

  template <class Archive>
  void serialize(Archive& archive) {
    archive("best_score", best_score_);
  }

  double best_score_ = 0;

 private:
  template <class State>
  void save_epoch(State& state) {
    if (!std::isfinite(state.history.epochs.back().loss)) return;
    const auto now = state.monitored(monitor);
    if (keep_best && now.better_than(best_score_)) {
      best_score_ = now.score;
      write_safetensors(best(), state.trainer.model().tensors());
    }
    const bool ends = state.stop || state.epoch == state.options.epochs;
    if (every_epochs > 0 && (ends || state.epoch % every_epochs == 0)) {
      write_safetensors(last(), state.tensors());
    }
  }
};

}  // namespace lamina
