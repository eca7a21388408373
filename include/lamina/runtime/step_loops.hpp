#pragma once

#include <algorithm>
#include <cstddef>
#include <vector>

#include <lamina/core/aligned.hpp>
#include <lamina/runtime/backward_pass.hpp>
#include <lamina/runtime/schedule.hpp>
#include <lamina/runtime/step_tables.hpp>

namespace lamina::runtime {

/// What a step needs from outside.
template <class Target>
struct StepBatch {
  const float* inputs;
  const Target* targets;
  int size;
  NoiseSource noise;
  const double* rates;  ///< of the random items
};

/// The loss and its gradient by the outputs of some rows, `first` on; the last stage's block says
/// where they lie.
class LossOfRows {
 public:
  template <class F>
  explicit LossOfRows(const F& f)
      : f_(&f), call_([](const void* of, int first, int rows) {
          return (*static_cast<const F*>(of))(first, rows);
        }) {}
  double operator()(int first, int rows) const { return call_(f_, first, rows); }

 private:
  const void* f_;
  double (*call_)(const void*, int, int);
};

/// The loops over a step's stages, and the memory of the activations: all of a step but the loss
/// and the update.
class StepLoops {
 public:
  explicit StepLoops(const StepTables& tables)
      : tables_(tables),
        random_numbers_(tables.network.stages.size()),
        statistics_(tables.statistics_floats),
        vector_gradients_(tables.vector_floats) {}

  [[nodiscard]] const StepTables& tables() const { return tables_; }
  [[nodiscard]] bool parallel() const { return parallel_; }

  /// Allocates where the batch is larger than all before.
  void reserve(int batch) {
    parallel_ = tables_.multiplications * static_cast<std::size_t>(batch) >= serial_multiplications;
    const std::size_t arena = tables_.arena_floats * static_cast<std::size_t>(batch);
    if (arena > arena_.size()) arena_ = AlignedFloats(arena);
    scratch_stride_ =
        std::max(tables_.transposed_floats + tables_.pulled_width * static_cast<std::size_t>(batch),
                 tables_.normed_panel_floats);
    if (tables_.network.space != nullptr) {
      scratch_stride_ = std::max(scratch_stride_, tables_.network.space->scratch_floats);
    }
    const std::size_t scratch = static_cast<std::size_t>(max_threads()) * scratch_stride_;
    if (scratch > scratch_.size()) scratch_ = AlignedFloats(scratch);
    const auto blocks = static_cast<std::size_t>(row_blocks_of_loss(batch).count);
    if (blocks > loss_sums_.size()) loss_sums_.resize(blocks);
    const std::size_t partial = partial_floats(batch);
    if (partial > partial_vectors_.size()) partial_vectors_ = AlignedFloats(partial);
    reserve_space(batch);
  }

  template <class Target>
  StepMemory memory(const StepBatch<Target>& batch, float* parameters,
                    const AverageMemory& averages) {
    StepMemory memory = kept(batch.inputs, batch.size);
    memory.parameters = parameters;
    memory.running = averages.running;
    memory.counters = averages.counters;
    memory.noise = noise_ = batch.noise;
    set_random_numbers(batch.rates);
    memory.random_numbers = random_numbers_.data();
    return memory;
  }

  /// Where the values and gradients of the last step lie, until the next one.
  [[nodiscard]] StepMemory kept(const float* inputs, int rows) {
    StepMemory memory;
    memory.network = tables_.network;
    memory.arena = arena_.data();
    memory.statistics = statistics_.data();
    memory.vector_gradients = vector_gradients_.data();
    memory.partial_vectors = partial_vectors_.data();
    memory.vector_floats = tables_.vector_floats;
    memory.scratch = scratch_.data();
    memory.scratch_stride = scratch_stride_;
    memory.transposed_floats = tables_.transposed_floats;
    memory.block_moments = block_moments_.data();
    memory.turned = turned_.data();
    memory.convolution_gradients = convolution_gradients_.data();
    memory.front_values = front_values_.data();
    memory.front_scratch = front_scratch_.data();
    memory.inputs = inputs;
    memory.features = tables_.network.features;
    memory.batch = rows;
    return memory;
  }

  /// The same where `parameters`, those before that step, are still there: values that are not kept
  /// can be made again with them. A front with samples in the lanes keeps values alone, and goes
  /// back once more for its gradients; allocates there.
  [[nodiscard]] StepMemory kept(const float* inputs, int rows, float* parameters) {
    StepMemory memory = kept(inputs, rows);
    memory.parameters = parameters;
    memory.noise = noise_;
    memory.random_numbers = random_numbers_.data();
    const FrontTables* front = front_for(rows);
    if (front == nullptr) return memory;
    AlignedFloats gradients(FrontTables::groups_of(rows) * front->gradient_floats);
    memory.front_gradients = gradients.data();
    front->backward(BackwardPass(memory), parallel_);
    front->to_panels(BackwardPass(memory), parallel_);
    memory.front_gradients = nullptr;
    return memory;
  }

  /// All stages forward, the loss, and back; returns the sum of the loss over the rows.
  double run(const BackwardPass& pass, const LossOfRows& loss) {
    const int last = tables_.last();
    int s = 0;
    while (s < last) s = forward(pass, s, last);
    const bool is_done = s > last;  // in a front that ends the network
    s = last - 1;
    const double total = last_stage(pass, loss, is_done, s);
    while (s >= 0) s = tables_.at(s).trains ? backward(pass, s) : s - 1;
    return total;
  }

 private:
  /// Null where no stages train with samples in the lanes, or not with so few.
  [[nodiscard]] const FrontTables* front_for(int batch) const {
    if (tables_.network.space == nullptr || batch < lamina::detail::least_front_samples) {
      return nullptr;
    }
    return tables_.network.space->front;
  }

  void set_random_numbers(const double* rates) {
    for (std::size_t s = 0; s < random_numbers_.size(); ++s) {
      const Stage& stage = tables_.network.stages[s];
      if (stage.random > 0) {
        tables_.network.chain_of(stage).numbers(rates + stage.first_random, random_numbers_[s]);
      }
    }
  }

  /// Floats for the gradients by scales and shifts of the blocks of rows.
  [[nodiscard]] std::size_t partial_floats(int batch) const {
    int blocks = 0;
    for (const Stage& stage : tables_.network.stages) {
      if (stage.loop() == Loop::Rows) blocks = std::max(blocks, row_blocks(stage, batch).count);
      if (stage.loop() == Loop::Samples)
        blocks = std::max(blocks, tables_.network.samples_of(batch).count);
    }
    return static_cast<std::size_t>(blocks) * tables_.vector_floats;
  }

  /// What networks with positions need beside the rest.
  void reserve_space(int batch) {
    const SpaceTables* space = tables_.network.space;
    if (space == nullptr) return;
    const auto blocks = static_cast<std::size_t>(tables_.network.samples_of(batch).count);
    const auto reserve = [](AlignedFloats& floats, std::size_t count) {
      if (count > floats.size()) floats = AlignedFloats(count);
    };
    reserve(turned_, space->turned_floats);
    reserve(block_moments_, blocks * space->moments_floats);
    reserve(convolution_gradients_, blocks * space->convolution_floats);
    if (space->front == nullptr) return;
    reserve(front_values_, space->front->batch_floats(batch));
    reserve(front_scratch_,
            static_cast<std::size_t>(max_threads()) * space->front->thread_floats());
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

  /// Stages from `s` on, as many as go together, before `end`; returns the next.
  int forward(const BackwardPass& pass, int s, int end) const {
    const FrontTables* front = front_for(pass.batch);
    if (front != nullptr && s <= front->end) {
      front->forward(pass, parallel_);
      return front->end + 1;
    }
    if (pass.at(s).loop() == Loop::Samples) {
      return pass.network.space->forward(pass, s, end, parallel_);
    }
    for_each_block(pass, s, [&](const Block& block) { pass.forward(s, block); });
    return s + 1;
  }

  /// Stages from `s` back, as many as go together; returns the next.
  int backward(const BackwardPass& pass, int s) const {
    const FrontTables* front = front_for(pass.batch);
    if (front != nullptr && s < front->end) {
      front->backward(pass, parallel_);
      return front->first - 1;
    }
    if (pass.at(s).loop() == Loop::Samples) {
      return pass.network.space->backward(pass, s, behind_front(pass.batch), parallel_, false);
    }
    for_each_block(pass, s, [&](const Block& block) { pass.pull_backward(s, block); });
    const Stage& stage = pass.at(s);
    if (stage.loop() == Loop::Rows) {
      pass.add_partial_vectors(stage, row_blocks(stage, pass.batch).count);
    }
    return s - 1;
  }
  /// The first stage that the way back goes through sample by sample: the `Flatten` of a front.
  [[nodiscard]] int behind_front(int batch) const {
    const FrontTables* front = front_for(batch);
    return front == nullptr ? 0 : front->end;
  }

  [[nodiscard]] RowBlocks row_blocks_of_loss(int batch) const {
    const Stage& stage = tables_.at(tables_.last());
    return stage.loop() == Loop::Rows ? row_blocks(stage, batch)
                                      : RowBlocks::of(batch * stage.positions(), tasks_of_a_loop);
  }

  /// The last stage owns whole rows, so that the loss sees all outputs of a sample: forward, loss
  /// and backward in one loop, or in three where the batch's statistics stand between them. `next`
  /// is the stage before it, or before those that go back together with it.
  double last_stage(const BackwardPass& pass, const LossOfRows& loss, bool is_done, int& next) {
    const int last = tables_.last();
    const Stage& stage = tables_.at(last);
    const bool samples = stage.loop() == Loop::Samples;
    const bool in_one = stage.loop() != Loop::Panels && !samples;
    const RowBlocks rows = row_blocks_of_loss(pass.batch);
    if (!in_one && !is_done) forward(pass, last, last + 1);
    for_each_task(rows.count, parallel_, [&](int block) {
      const Block whole{0, stage.panels.count, rows.first(block), rows.rows_of(block), block};
      if (in_one) pass.forward(last, whole);
      loss_sums_[static_cast<std::size_t>(block)] = loss(whole.first_row, whole.rows);
      if (in_one) pass.backward_last(last, whole);
    });
    if (samples) {
      next = pass.network.space->backward(pass, last, behind_front(pass.batch), parallel_, true);
    } else if (!in_one) {
      for_each_block(pass, last, [&](const Block& block) { pass.backward_last(last, block); });
    }
    if (stage.loop() == Loop::Rows) pass.add_partial_vectors(stage, rows.count);
    double total = 0;
    for (int block = 0; block < rows.count; ++block) {
      total += loss_sums_[static_cast<std::size_t>(block)];
    }
    return total;
  }

  StepTables tables_;
  std::vector<kernel::ChainNumbers> random_numbers_;  // of each stage
  AlignedFloats statistics_;
  AlignedFloats vector_gradients_;
  AlignedFloats partial_vectors_;
  AlignedFloats arena_;
  AlignedFloats scratch_;
  AlignedFloats turned_;
  AlignedFloats block_moments_;
  AlignedFloats convolution_gradients_;
  AlignedFloats front_values_;
  AlignedFloats front_scratch_;
  std::size_t scratch_stride_ = 0;
  NoiseSource noise_{};  // of the last step
  std::vector<double> loss_sums_;
  bool parallel_ = false;
};

}  // namespace lamina::runtime
