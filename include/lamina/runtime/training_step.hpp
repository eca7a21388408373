#pragma once

#include <algorithm>
#include <cstdint>
#include <type_traits>
#include <vector>

#include <lamina/core/aligned.hpp>
#include <lamina/kernel/loss.hpp>
#include <lamina/runtime/backward_pass.hpp>
#include <lamina/runtime/schedule.hpp>
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
    const double* rates;  ///< of the random items
  };

  TrainingStep() : statistics_(P::statistics_floats), vector_gradients_(P::vector_floats) {}

  /// Updates `parameters` and `averages`; returns the loss of the parameters before the update.
  StepLoss run(const Batch& batch, const Optimizer& optimizer, std::int64_t step, float* parameters,
               const AverageMemory& averages) {
    parallel_ = P::training_multiplications * static_cast<std::size_t>(batch.size) >=
                serial_multiplications;
    reserve(batch.size);
    count_batch(P::stages, batch.size, averages);
    loss_count_ = kernel::loss_count<typename P::Loss>(
        batch.targets, static_cast<std::size_t>(batch.size), P::outputs);
    const BackwardPass pass(make_memory(batch, parameters, averages));
    for (int s = 0; s < last; ++s) forward(pass, s);
    const double loss = last_stage(pass, batch.targets);
    for (int s = last - 1; s >= 0; --s) {
      if (P::stages[static_cast<std::size_t>(s)].trains) backward(pass, s);
    }
    return {loss, update_.run(pass, optimizer, step, parallel_)};
  }

  /// Updates with what is held of fewer steps than make an update; false where there is nothing.
  bool finish(const Optimizer& optimizer, float* parameters)
    requires Accumulates<Optimizer>
  {
    return update_.finish(optimizer, parameters, parallel_);
  }
  /// Forgets it.
  void drop() { update_.drop(); }

  /// The moving average of the parameters, if the optimizer keeps one; null before an update.
  [[nodiscard]] const float* average() const { return update_.average(); }

  /// Where the values and gradients of the last step lie, until the next one: of its inputs, which
  /// are still there, and its number of rows. See `observe`.
  [[nodiscard]] StepMemory kept(const float* inputs, int rows) {
    StepMemory memory;
    memory.network = tables<Net>;
    memory.arena = arena_.data();
    memory.inputs = inputs;
    memory.features = P::features;
    memory.batch = rows;
    return memory;
  }

  /// Shows an archive all that later steps depend on.
  template <class Archive>
  void serialize(Archive& archive) {
    update_.serialize(archive);
  }

 private:
  static constexpr int last = P::stage_count - 1;

  void reserve(int batch) {
    const std::size_t arena = P::arena_floats * static_cast<std::size_t>(batch);
    if (arena > arena_.size()) arena_ = AlignedFloats(arena);
    scratch_stride_ = std::max(transposed_floats + pulled_width * static_cast<std::size_t>(batch),
                               normed_panel_floats);
    const std::size_t scratch = static_cast<std::size_t>(max_threads()) * scratch_stride_;
    if (scratch > scratch_.size()) scratch_ = AlignedFloats(scratch);
    const auto blocks = static_cast<std::size_t>(row_blocks_of_loss(batch).count);
    if (blocks > loss_sums_.size()) loss_sums_.resize(blocks);
    const std::size_t partial = partial_floats(batch);
    if (partial > partial_vectors_.size()) partial_vectors_ = AlignedFloats(partial);
  }

  /// Floats for the gradients by scales and shifts of the blocks of rows.
  static std::size_t partial_floats(int batch) {
    int blocks = 0;
    for (const Stage& stage : P::stages) {
      if (stage.loop() == Loop::Rows) blocks = std::max(blocks, row_blocks(stage, batch).count);
    }
    return static_cast<std::size_t>(blocks) * P::vector_floats;
  }

  StepMemory make_memory(const Batch& batch, float* parameters, const AverageMemory& averages) {
    StepMemory memory;
    memory.network = tables<Net>;
    memory.parameters = parameters;
    memory.running = averages.running;
    memory.counters = averages.counters;
    memory.arena = arena_.data();
    memory.statistics = statistics_.data();
    memory.vector_gradients = vector_gradients_.data();
    memory.partial_vectors = partial_vectors_.data();
    memory.vector_floats = P::vector_floats;
    memory.scratch = scratch_.data();
    memory.scratch_stride = scratch_stride_;
    memory.transposed_floats = transposed_floats;
    memory.inputs = batch.inputs;
    memory.features = P::features;
    memory.batch = batch.size;
    memory.noise = batch.noise;
    for (std::size_t s = 0; s < P::stages.size(); ++s) {
      const Stage& stage = P::stages[s];
      if (stage.random > 0) {
        tables<Net>.chain_of(stage).numbers(batch.rates + stage.first_random, random_numbers_[s]);
      }
    }
    memory.random_numbers = random_numbers_.data();
    return memory;
  }

  /// Calls f(block) for all blocks of a stage.
  template <class F>
  void for_each_block(const StepMemory& memory, int s, const F& f) const {
    const Stage& stage = memory.at(s);
    const RowBlocks rows = row_blocks(stage, memory.batch);
    const int panels = stage.loop() == Loop::Rows ? stage.panels.count : 1;
    for_each_task(stage.panels.count / panels * rows.count, parallel_, [&](int task) {
      const int block = task % rows.count;
      f(Block{task / rows.count, panels, rows.first(block), rows.rows_of(block), block});
    });
  }

  void forward(const ForwardPass& pass, int s) const {
    for_each_block(pass, s, [&](const Block& block) { pass.forward(s, block); });
  }

  void backward(const BackwardPass& pass, int s) {
    for_each_block(pass, s, [&](const Block& block) { pass.pull_backward(s, block); });
    add_partial_vectors(pass, s, row_blocks(pass.at(s), pass.batch).count);
  }

  /// Gradients by scale and shift from those of the blocks of rows, in order.
  void add_partial_vectors(const StepMemory& memory, int s, int blocks) {
    const Stage& stage = memory.at(s);
    if (stage.loop() != Loop::Rows) return;
    for (const std::size_t first : {stage.scale_vector, stage.shift_vector}) {
      float* sums = vector_gradients_.data() + first;
      const int count = stage.panels.padded();
      std::copy_n(partial_vectors_.data() + first, count, sums);
      for (int block = 1; block < blocks; ++block) {
        const float* more =
            partial_vectors_.data() + first + static_cast<std::size_t>(block) * P::vector_floats;
        for (int i = 0; i < count; ++i) sums[i] += more[i];
      }
    }
  }

  static RowBlocks row_blocks_of_loss(int batch) {
    return P::stages[last].loop() == Loop::Rows ? row_blocks(P::stages[last], batch)
                                                : RowBlocks::of(batch, tasks_of_a_loop);
  }

  /// The last stage owns whole rows, so that the loss sees all outputs of a sample: forward, loss
  /// and backward in one loop, or in three where the batch's statistics stand between them.
  double last_stage(const BackwardPass& pass, const Target* targets) {
    constexpr bool in_one = P::stages[last].loop() != Loop::Panels;
    const RowBlocks rows = row_blocks_of_loss(pass.batch);
    if (!in_one) forward(pass, last);
    for_each_task(rows.count, parallel_, [&](int block) {
      const Block whole{0, P::stages[last].panels.count, rows.first(block), rows.rows_of(block),
                        block};
      if (in_one) pass.forward(last, whole);
      loss_sums_[static_cast<std::size_t>(block)] =
          loss(pass, targets, whole.first_row, whole.rows);
      if (in_one) pass.backward_last(last, whole);
    });
    if (!in_one) {
      for_each_block(pass, last, [&](const Block& block) { pass.backward_last(last, block); });
    }
    add_partial_vectors(pass, last, rows.count);
    double total = 0;
    for (int block = 0; block < rows.count; ++block) {
      total += loss_sums_[static_cast<std::size_t>(block)];
    }
    return total / loss_count_;
  }

  double loss(const StepMemory& pass, const Target* targets, int first, int count) const {
    const Stage& stage = pass.at(last);
    const std::ptrdiff_t width = stage.panels.width;
    return kernel::apply_loss<typename P::Loss>(
        {pass.rows_at(stage.after, stage, 0, first), pass.rows_at(stage.gradient, stage, 0, first),
         pass.batch * width, &stage.panels, count, loss_count_},
        targets + first * kernel::targets_a_row<typename P::Loss>(P::outputs));
  }

  /// Floats of the largest transposed panel.
  static constexpr std::size_t transposed_floats = [] {
    std::size_t most = 0;
    for (const Stage& stage : P::stages) {
      for (const Source& source : stage.reads_from()) {
        if (!stage.contraction || source.stage == Source::network_input) continue;
        const int width = P::stages[static_cast<std::size_t>(source.stage)].panels.width;
        most = std::max(most, static_cast<std::size_t>(stage.panels.padded()) *
                                  static_cast<std::size_t>(width));
      }
    }
    return most;
  }();
  /// Floats of the largest panel whose gradient is stored until its weights are stepped.
  static constexpr std::size_t normed_panel_floats = [] {
    std::size_t most = 0;
    for (const Stage& stage : P::stages) {
      if (!stage.reparameterized) continue;
      most = std::max(most, static_cast<std::size_t>(stage.inputs) *
                                static_cast<std::size_t>(stage.panels.width));
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
  std::array<kernel::ChainNumbers, P::stages.size()> random_numbers_{};
  AlignedFloats statistics_;
  AlignedFloats vector_gradients_;
  AlignedFloats partial_vectors_;
  AlignedFloats arena_;
  AlignedFloats scratch_;
  std::size_t scratch_stride_ = 0;
  std::vector<double> loss_sums_;
  double loss_count_ = 1;  // what the loss of the present batch is divided by
  bool parallel_ = false;
};

}  // namespace lamina::runtime
