#pragma once

#include <cmath>
#include <cstdint>
#include <cstdio>
#include <string>
#include <unistd.h>

#include <lamina/train/history.hpp>

namespace lamina {

/// Callback: a live line while an epoch of `Trainer::fit` runs, and one line for each finished
/// epoch: losses, metrics, samples a second, time left. Quiet where `out` is no terminal, unless
/// `always` asks for the lines of the epochs.
///
/// Example: `trainer.fit(train, validation, {.epochs = 20}, ProgressBar{});`
struct ProgressBar {
  std::FILE* out = stdout;
  bool always = false;  ///< the lines of finished epochs into files and pipes, too

  template <class State>
  void after_step(const State& state) {
    const auto percent = static_cast<int>(100 * (state.step + 1) / state.steps);
    if (percent == shown_) return;
    shown_ = percent;
    if (!is_terminal()) return;
    constexpr int cells = 30;
    const int filled = cells * percent / 100;
    const double left = state.seconds / static_cast<double>(state.step + 1) *
                        static_cast<double>(state.steps - state.step - 1);
    std::fprintf(out, "\repoch %d/%d [%s%s] %3d %%  loss %.4f  %.1f s left ", state.epoch + 1,
                 state.options.epochs, std::string(static_cast<std::size_t>(filled), '=').c_str(),
                 std::string(static_cast<std::size_t>(cells - filled), ' ').c_str(), percent,
                 state.mean_loss, left);
    std::fflush(out);
  }

  template <class State>
  void after_epoch(const State& state) {
    shown_ = -1;
    const bool live = is_terminal();
    if (!live && !always) return;
    const EpochRecord& epoch = state.history.epochs.back();
    if (live) std::fprintf(out, "\r\033[K");
    std::fprintf(out, "epoch %*d/%d  loss %.4f", width_of(state.options.epochs), epoch.epoch,
                 state.options.epochs, epoch.loss);
    if (!std::isnan(epoch.validation_loss)) {
      std::fprintf(out, "  validation loss %.4f", epoch.validation_loss);
    }
    if (!std::isnan(epoch.validation_accuracy)) {
      std::fprintf(out, "  accuracy %.2f %%", 100 * epoch.validation_accuracy);
    }
    for (std::size_t i = 0; i < epoch.metrics.size(); ++i) {
      std::fprintf(out, "  %s %.4f", state.history.metrics[i].name.c_str(), epoch.metrics[i]);
    }
    std::fprintf(out, "  %.0f samples/s  %.2f s", epoch.samples_per_second, epoch.seconds);
    const int more = state.options.epochs - epoch.epoch;
    if (more > 0 && !state.stop) std::fprintf(out, "  %.1f s left", more * epoch.seconds);
    std::fprintf(out, "\n");
    std::fflush(out);
  }

  [[nodiscard]] bool is_terminal() const { return isatty(fileno(out)) != 0; }

  static int width_of(int number) { return static_cast<int>(std::to_string(number).size()); }

  int shown_ = -1;
};

}  // namespace lamina
