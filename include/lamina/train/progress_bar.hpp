#pragma once

#include <cstdint>
#include <cstdio>
#include <string>
#include <unistd.h>

namespace lamina {

/// Callback: a live line while an epoch of `Trainer::fit` runs (on a terminal only), and one line
/// for each finished epoch.
///
/// Example: `trainer.fit(train, validation, {.epochs = 20}, ProgressBar{});`
struct ProgressBar {
  std::FILE* out = stdout;

  template <class State>
  void after_step(const State& state) {
    const auto percent = static_cast<int>(100 * (state.step + 1) / state.steps);
    if (percent == shown_ || isatty(fileno(out)) == 0) return;
    shown_ = percent;
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
    const auto& epoch = state.history.epochs.back();
    if (isatty(fileno(out)) != 0) std::fprintf(out, "\r\033[K");
    std::fprintf(out, "epoch %*d/%d  loss %.4f", epoch.epoch < 10 ? 2 : 1, epoch.epoch,
                 state.options.epochs, epoch.loss);
    if (epoch.validation_loss == epoch.validation_loss) {
      std::fprintf(out, "  validation loss %.4f", epoch.validation_loss);
    }
    if (epoch.validation_accuracy == epoch.validation_accuracy) {
      std::fprintf(out, "  accuracy %.2f %%", 100 * epoch.validation_accuracy);
    }
    std::fprintf(out, "  %.0f samples/s  %.2f s\n", epoch.samples_per_second, epoch.seconds);
    std::fflush(out);
    shown_ = -1;
  }

  int shown_ = -1;
};

}  // namespace lamina
