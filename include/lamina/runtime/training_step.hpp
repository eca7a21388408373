#pragma once

#include <algorithm>
#include <cstdint>
#include <type_traits>
#include <vector>

#include <lamina/core/aligned.hpp>
#include <lamina/kernel/loss.hpp>
#include <lamina/runtime/schedule.hpp>
#include <lamina/runtime/training_pass.hpp>
#include <lamina/runtime/update_pass.hpp>

namespace lamina::runtime {

/// One training step: forward, loss, backward, update, as loops over independent tasks. Owns the
/// memory of the activations and of the optimizer; after the first step of a batch size nothing is
/// allocated.
template <class Net, class Optimizer>
class TrainingStep {
 public:
  using P = Plan<Net>;
  using Target = typename P::Loss::Target;

  /// What a step needs from outside.
  struct Batch {
    const float* inputs;
    const Target* targets;
    int size;
    NoiseSource noise;
  };

  TrainingStep() : statistics_(2 * P::running_floats), vector_gradients_(P::vector_floats) {}

  /// Updates `parameters` and `running`; returns the loss of the parameters before the update.
  StepLoss run(const Batch& batch, const Optimizer& optimizer, std::int64_t step, float* parameters,
             float* running) {
    parallel_ = P::training_multiplications * static_cast<std::size_t>(batch.size) >=
                serial_multiplications;
    reserve(batch.size);
    const TrainingPass pass = make_pass(batch, parameters, running);
    for (int s = 0; s + 1 < P::stage_count; ++s) forward(pass, s);
    const double loss = last_stage(pass, batch.targets);
    for (int s = P::stage_count - 2; s >= 0; --s) backward(pass, s);
    return {loss, update_.run(pass, optimizer, step, parallel_)};
  }

  /// The moving average of the parameters, if the optimizer keeps one; null before an update.
  [[nodiscard]] const float* average() const { return update_.average(); }

 private:
  static constexpr int last = P::stage_count - 1;

  void reserve(int batch) {
    const std::size_t arena = P::arena_floats * static_cast<std::size_t>(batch);
    if (arena > arena_.size()) arena_ = AlignedFloats(arena);
    scratch_stride_ = transposed_floats + pulled_width * static_cast<std::size_t>(batch);
    const std::size_t scratch = static_cast<std::size_t>(max_threads()) * scratch_stride_;
    if (scratch > scratch_.size()) scratch_ = AlignedFloats(scratch);
    const auto blocks = static_cast<std::size_t>(row_blocks_of_loss(batch).count);
    if (blocks > loss_sums_.size()) loss_sums_.resize(blocks);
  }

  TrainingPass make_pass(const Batch& batch, float* parameters, float* running) {
    TrainingPass pass;
    pass.network = tables<Net>;
    pass.parameters = parameters;
    pass.running = running;
    pass.arena = arena_.data();
    pass.statistics = statistics_.data();
    pass.vector_gradients = vector_gradients_.data();
    pass.scratch = scratch_.data();
    pass.scratch_stride = scratch_stride_;
    pass.transposed_floats = transposed_floats;
    pass.inputs = batch.inputs;
    pass.batch = batch.size;
    pass.noise = batch.noise;
    return pass;
  }

  /// Calls f(panel, first row, rows) for all blocks of a stage.
  template <class F>
  void for_each_block(const TrainingPass& pass, int s, const F& f) const {
    const RowBlocks rows = row_blocks(pass.at(s), pass.batch);
    for_each_task(pass.at(s).panels.count * rows.count, parallel_, [&](int task) {
      f(task / rows.count, rows.first(task % rows.count), rows.rows_of(task % rows.count));
    });
  }

  void forward(const TrainingPass& pass, int s) const {
    for_each_block(pass, s,
                   [&](int panel, int first, int rows) { pass.forward(s, panel, first, rows); });
  }

  void backward(const TrainingPass& pass, int s) const {
    for_each_block(pass, s, [&](int panel, int first, int rows) {
      pass.pull_backward(s, panel, first, rows);
    });
  }

  static RowBlocks row_blocks_of_loss(int batch) { return RowBlocks::of(batch, 16); }

  /// The last stage owns whole rows, so that the loss sees all outputs of a sample: forward, loss
  /// and backward in one loop, or in three where the batch's statistics stand between them.
  double last_stage(const TrainingPass& pass, const Target* targets) {
    constexpr bool normalized = P::stages[last].normalized();
    const RowBlocks rows = row_blocks_of_loss(pass.batch);
    if (normalized) forward(pass, last);
    for_each_task(rows.count, parallel_, [&](int block) {
      const int first = rows.first(block);
      const int count = rows.rows_of(block);
      if (!normalized) {
        for_each_panel([&](int panel) { pass.forward(last, panel, first, count); });
      }
      loss_sums_[static_cast<std::size_t>(block)] = loss(pass, targets, first, count);
      if (!normalized) {
        for_each_panel([&](int panel) { pass.backward_last(last, panel, first, count); });
      }
    });
    if (normalized) {
      for_each_block(pass, last, [&](int panel, int first, int count) {
        pass.backward_last(last, panel, first, count);
      });
    }
    double total = 0;
    for (int block = 0; block < rows.count; ++block) {
      total += loss_sums_[static_cast<std::size_t>(block)];
    }
    return total / kernel::loss_count<typename P::Loss>(pass.batch, P::outputs);
  }

  template <class F>
  static void for_each_panel(const F& f) {
    for (int panel = 0; panel < P::stages[last].panels.count; ++panel) f(panel);
  }

  static double loss(const TrainingPass& pass, const Target* targets, int first, int count) {
    const Stage& stage = pass.at(last);
    const std::ptrdiff_t width = stage.panels.width;
    const bool labels = std::is_same_v<Target, Label>;
    return kernel::apply_loss<typename P::Loss>(
        {pass.panel_of(stage.after, stage, 0) + first * width,
         pass.panel_of(stage.gradient, stage, 0) + first * width, pass.batch * width, &stage.panels,
         count, pass.batch},
        targets + static_cast<std::ptrdiff_t>(first) * (labels ? 1 : stage.outputs()));
  }

  /// Floats of the largest transposed panel.
  static constexpr std::size_t transposed_floats = [] {
    std::size_t most = 0;
    for (std::size_t s = 1; s < P::stages.size(); ++s) {
      most = std::max(most, static_cast<std::size_t>(P::stages[s].panels.padded()) *
                                static_cast<std::size_t>(P::stages[s - 1].panels.width));
    }
    return most;
  }();
  /// Floats a row of the panels that are pulled into scratch memory.
  static constexpr std::size_t pulled_width = [] {
    int most = 0;
    for (const Stage& stage : P::stages) {
      if (stage.gradient_in_place) most = std::max(most, stage.panels.width);
    }
    return static_cast<std::size_t>(most);
  }();

  UpdatePass<Net, Optimizer> update_;
  AlignedFloats statistics_;
  AlignedFloats vector_gradients_;
  AlignedFloats arena_;
  AlignedFloats scratch_;
  std::size_t scratch_stride_ = 0;
  std::vector<double> loss_sums_;
  bool parallel_ = false;
};

}  // namespace lamina::runtime
