#pragma once

#include <cstddef>
#include <cstdint>
#include <type_traits>

#include <lamina/kernel/loss.hpp>
#include <lamina/runtime/row_targets.hpp>
#include <lamina/runtime/step_loops.hpp>
#include <lamina/runtime/update_pass.hpp>

namespace lamina::runtime {

/// One training step: forward, loss, backward, update, as loops over independent tasks. Owns the
/// memory of the activations and of the optimizer; after the first step of a batch size nothing is
/// allocated.
template <class Loss, class Optimizer>
class TrainingStep {
 public:
  using Target = typename Loss::Target;
  using Batch = StepBatch<Target>;

  explicit TrainingStep(const StepTables& tables) : loops_(tables), update_(tables.update) {}

  /// Updates `parameters` and `averages`; returns the loss of the parameters before the update.
  StepLoss run(const Batch& batch, const Optimizer& optimizer, std::int64_t step, float* parameters,
               const AverageMemory& averages) {
    const StepTables& tables = loops_.tables();
    const int last = tables.last();
    const Stage& stage = tables.at(last);
    loops_.reserve(batch.size);
    count_batch(tables.network.stages, batch.size, averages);
    const Target* targets = batch.targets;
    if constexpr (std::is_same_v<Target, float>) targets = targets_.by_rows(stage, batch);
    const double count = kernel::loss_count<Loss>(
        targets, static_cast<std::size_t>(batch.size * stage.positions()), stage.outputs());
    const BackwardPass pass(loops_.memory(batch, parameters, averages));
    const double loss =
        loops_.run(pass, LossOfRows([&](int first, int rows) {
                     return kernel::apply_loss<Loss>(
                         {pass.rows_at(stage.after, stage, 0, first),
                          pass.rows_at(stage.gradient, stage, 0, first), pass.panel_stride(stage),
                          &stage.panels, rows, count},
                         targets + first * kernel::targets_a_row<Loss>(stage.outputs()));
                   }));
    return {loss / count, update_.run(pass, optimizer, step, loops_.parallel())};
  }

  /// Updates with what is held of fewer steps than make an update; false where there is nothing.
  bool finish(const Optimizer& optimizer, float* parameters)
    requires Accumulates<Optimizer>
  {
    return update_.finish(optimizer, parameters, loops_.parallel());
  }
  /// Forgets it.
  void drop() { update_.drop(); }

  /// The moving average of the parameters, if the optimizer keeps one; null before an update.
  [[nodiscard]] const float* average() const { return update_.average(); }

  /// Where the values and gradients of the last step lie, until the next one: of its inputs, which
  /// are still there, its number of rows, and the parameters before it. See `observe`.
  [[nodiscard]] StepMemory kept(const float* inputs, int rows, float* parameters) {
    return loops_.kept(inputs, rows, parameters);
  }

  /// Shows an archive all that later steps depend on.
  template <class Archive>
  void serialize(Archive& archive) {
    update_.serialize(archive);
  }

 private:
  StepLoops loops_;
  RowTargets targets_;
  UpdatePass<Optimizer> update_;
};

}  // namespace lamina::runtime
