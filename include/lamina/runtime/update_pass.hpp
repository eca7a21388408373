#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <string>
#include <utility>
#include <vector>

#include <lamina/core/optimizer.hpp>
#include <lamina/runtime/update_tasks.hpp>

namespace lamina::runtime {

/// What a step cost, of the parameters before it: the mean loss of the data, and the penalties.
struct StepLoss {
  double data;
  double penalty;
};

/// The last loops of a training step: everything that happens to what is trained once its gradient
/// is known. One loop where nothing asks for a whole gradient; else one that stores it, one that
/// completes it and takes its norm, and one that steps. After the first step nothing is allocated.
template <class Optimizer>
class UpdatePass {
 public:
  explicit UpdatePass(const UpdateTables& network)
      : network_(network),
        tasks_(network),
        squares_(LimitsNorm<Optimizer> ? static_cast<std::size_t>(tasks_.count()) : 0),
        average_(KeepsAverage<Optimizer> ? network.parameter_floats : 0) {
    numbers_.reserve(network.rates.size());
  }

  /// Makes the gradients and updates everything that is trained; returns the penalties of the
  /// parameters before.
  double run(const BackwardPass& pass, const Optimizer& optimizer, std::int64_t step,
             bool parallel) {
    if constexpr (!stores_gradient<Optimizer>) {
      set_numbers(optimizer, step, network_.rates, numbers_);
      for_each_task(tasks_.count(), parallel, [&](int task) { tasks_.fuse(pass, task, numbers_); });
      move_average(optimizer, pass.parameters, parallel);
      return tasks_.penalties();
    } else {
      for_each_task(tasks_.count(), parallel,
                    [&](int task) { tasks_.store(pass, task, share_of(optimizer), held_ > 0); });
      return step_by_stored(optimizer, step, pass.parameters, parallel);
    }
  }

  /// The same from gradients that lie in memory; they are written over.
  double run(const kernel::GradientBlocks& gradients, const Optimizer& optimizer, std::int64_t step,
             float* parameters) {
    if constexpr (Accumulates<Optimizer>) {
      const simd::Register share(share_of(optimizer));
      for (std::size_t i = 0; i < network_.parameter_floats; i += simd::lanes) {
        float* const at = tasks_.gradients() + i;
        const auto before = held_ > 0 ? simd::Register::load(at) : simd::Register(0.0f);
        multiply_add(share, gradients.at(static_cast<std::ptrdiff_t>(i)), before).store(at);
      }
      return step_by_stored(optimizer, step, parameters, false);
    } else {
      return step_by(gradients, optimizer, step, parameters, false);
    }
  }

  /// Updates with the gradients of fewer steps than make an update, as their mean; false where none
  /// is held.
  bool finish(const Optimizer& optimizer, float* parameters, bool parallel)
    requires Accumulates<Optimizer>
  {
    if (held_ == 0) return false;
    const float whole = static_cast<float>(std::max(1, optimizer.steps_per_update()));
    const float rest = whole / static_cast<float>(std::exchange(held_, 0));
    step_by({tasks_.gradients(), 0, 1, rest}, optimizer, ++updates_, parameters, parallel);
    return true;
  }

  /// Forgets what is held.
  void drop() { held_ = 0; }

  /// The moving average of the parameters; null before the first update.
  [[nodiscard]] const float* average() const { return averaged_ ? average_.data() : nullptr; }

  /// Shows an archive all that later steps depend on.
  template <class Archive>
  void serialize(Archive& archive) {
    for (int slot = 0; slot < Optimizer::slots; ++slot) {
      archive("slot" + std::to_string(slot), tasks_.slot(slot));
    }
    if constexpr (Accumulates<Optimizer>) {
      archive("held", held_);
      archive("updates", updates_);
      archive("gradients", tasks_.gradients());
    }
    if constexpr (KeepsAverage<Optimizer>) {
      archive("averaged", averaged_);
      archive("average", average_.data());
    }
  }

 private:
  static float share_of(const Optimizer& optimizer) {
    if constexpr (Accumulates<Optimizer>) {
      return 1 / static_cast<float>(std::max(1, optimizer.steps_per_update()));
    } else {
      return 1.0f;
    }
  }

  /// Updates if enough steps have been added up. Corrections that count steps count updates then.
  double step_by_stored(const Optimizer& optimizer, std::int64_t step, float* parameters,
                        bool parallel) {
    if constexpr (Accumulates<Optimizer>) {
      if (++held_ < optimizer.steps_per_update()) {
        for_each_task(tasks_.count(), parallel,
                      [&](int task) { tasks_.measure(task, parameters); });
        return tasks_.penalties();
      }
      held_ = 0;
      step = ++updates_;
    }
    return step_by({tasks_.gradients(), 0, 1, 1.0f}, optimizer, step, parameters, parallel);
  }

  double step_by(const kernel::GradientBlocks& gradients, const Optimizer& optimizer,
                 std::int64_t step, float* parameters, bool parallel) {
    set_numbers(optimizer, step, network_.rates, numbers_);
    if constexpr (LimitsNorm<Optimizer>) {
      for_each_task(tasks_.count(), parallel, [&](int task) {
        squares_[static_cast<std::size_t>(task)] =
            tasks_.complete(task, gradients, parameters, limit_of(optimizer));
      });
      const kernel::GradientBlocks completed{gradients.data, 0, 1, clip_factor(optimizer)};
      for_each_task(tasks_.count(), parallel, [&](int task) {
        tasks_.step_completed(task, completed, parameters, numbers_);
      });
    } else {
      for_each_task(tasks_.count(), parallel,
                    [&](int task) { tasks_.step(task, gradients, parameters, numbers_); });
    }
    move_average(optimizer, parameters, parallel);
    return tasks_.penalties();
  }

  static float limit_of(const Optimizer& optimizer) {
    if constexpr (LimitsBeforeNorm<Optimizer>) {
      return optimizer.limit_before_norm();
    } else {
      return std::numeric_limits<float>::infinity();
    }
  }

  /// What scales the gradient to its greatest norm. The tasks' sums are added in order.
  float clip_factor(const Optimizer& optimizer) const {
    double squares = 0;
    for (const kernel::ColumnSquares& columns : squares_) {
      for (const double sum : columns) squares += sum;
    }
    const double factor = static_cast<double>(optimizer.norm_limit()) / (std::sqrt(squares) + 1e-6);
    return static_cast<float>(std::min(1.0, factor));
  }

  /// average <- average + (1 - decay) (parameters - average)
  void move_average([[maybe_unused]] const Optimizer& optimizer,
                    [[maybe_unused]] const float* parameters, [[maybe_unused]] bool parallel) {
    if constexpr (KeepsAverage<Optimizer>) {
      constexpr std::size_t part = 16384;
      const simd::Register share(averaged_ ? 1 - optimizer.average_decay() : 1.0f);
      const std::size_t floats = network_.parameter_floats;
      for_each_task(static_cast<int>((floats + part - 1) / part), parallel, [&](int task) {
        const std::size_t first = static_cast<std::size_t>(task) * part;
        const std::size_t end = std::min(first + part, floats);
        for (std::size_t i = first; i < end; i += simd::lanes) {
          const auto before = simd::Register::load(average_.data() + i);
          const auto now = simd::Register::load(parameters + i);
          multiply_add(share, now - before, before).store(average_.data() + i);
        }
      });
      averaged_ = true;
    }
  }

  UpdateTables network_;
  UpdateTasks<Optimizer> tasks_;
  typename UpdateTasks<Optimizer>::Numbers numbers_;  // of the present step
  std::vector<kernel::ColumnSquares> squares_;
  AlignedFloats average_;
  bool averaged_ = false;
  int held_ = 0;              ///< steps in the gradients that have not moved anything yet
  std::int64_t updates_ = 0;  ///< where they are fewer than steps
};

}  // namespace lamina::runtime
