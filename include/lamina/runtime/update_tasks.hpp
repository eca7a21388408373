#pragma once

#include <algorithm>
#include <limits>
#include <vector>

#include <lamina/core/aligned.hpp>
#include <lamina/runtime/backward_pass.hpp>
#include <lamina/runtime/placed_block.hpp>
#include <lamina/runtime/update_kernels.hpp>

namespace lamina::runtime {

/// The tasks of an update: first the blocks of weights, then the vectors of every stage. Each works
/// on numbers of its own, so any schedule gives the same bits. Owns the optimizer's state, and the
/// gradients where they are stored.
template <class Optimizer>
class UpdateTasks {
 public:
  /// Of the kinds of stages.
  using Numbers = std::vector<StageNumbers<Optimizer>>;

  explicit UpdateTasks(const UpdateTables& network)
      : network_(network),
        blocks_(weight_blocks(network.stages)),
        stage_sums_(most_penalties(network)),
        penalty_stride_(stage_sums_.size() * kernel::column_floats),
        penalty_sums_(blocks_.size() * penalty_stride_),
        gradients_(stored_floats(network)),
        state_(Optimizer::slots * network.parameter_floats) {}

  /// Tasks of each function below.
  [[nodiscard]] int count() const { return weights() + static_cast<int>(network_.stages.size()); }
  /// Gradients in memory, laid out as the parameters.
  [[nodiscard]] float* gradients() { return gradients_.data(); }
  /// The optimizer's floats of one slot, laid out as the parameters.
  [[nodiscard]] float* slot(int index) {
    return state_.data() + static_cast<std::size_t>(index) * network_.parameter_floats;
  }

  /// Gradient and update in one loop.
  void fuse(const BackwardPass& pass, int task, const Numbers& numbers) {
    if (task >= weights()) return fuse_vectors(pass, task - weights(), numbers);
    const PlacedBlock block = block_of(task);
    const UpdateKernels& kernels = kernels_of(block);
    float* sums = clear_sums(task);
    if (block.stage->convolves()) {
      return step_of_block(block, gradients_of_blocks(pass, block), pass.parameters, numbers, sums);
    }
    if (block.stage->reparameterized) {
      // Of this panel alone, in memory that the thread has in cache from the panel before.
      float* stored = pass.thread_scratch();
      for_each_part(task, [&](const WeightBlock& part, std::size_t offset) {
        kernels.store[block.vectors()](gradient_task(pass, part), stored + (offset - block.offset),
                                       1.0f, false);
      });
      return step_of_normed(block, {stored, 0, 1, 1.0f}, pass.parameters, numbers, sums);
    }
    for_each_part(task, [&](const WeightBlock& part, std::size_t offset) {
      kernels.fused[block.vectors()](
          gradient_task(pass, part), parameters_at(pass.parameters, offset),
          &numbers_of(numbers, *block.stage).weights, kernels.rule, sums, block.rows.last_lanes);
    });
    project(block, pass.parameters);
  }

  /// The gradient into memory: scaled, and added to what is there where `add` says so.
  void store(const BackwardPass& pass, int task, float scale, bool add) {
    if (task < weights()) {
      store_weights(pass, task, scale, add);
      return;
    }
    for_each_vector(task - weights(), &pass, [&](std::size_t at, auto, int) {
      const Register before = add ? Register::load(gradients() + at) : Register(0.0f);
      multiply_add(Register(scale), Register::load(pass.vector_gradients + at), before)
          .store(gradients() + at);
    });
  }

  /// The penalties alone, of parameters that do not move yet.
  void measure(int task, const float* parameters) {
    if (task >= weights()) return;
    const PlacedBlock block = block_of(task);
    const UpdateKernels& kernels = kernels_of(block);
    if (kernels.penalties == 0) return;
    kernels.measure(block.rows, parameters + block.offset, kernels.rule, clear_sums(task));
  }

  /// Gradients in memory to those by all that is trained, penalties and limit included, stored in
  /// the first of their blocks. Returns their squares.
  kernel::ColumnSquares complete(int task, const kernel::GradientBlocks& gradients,
                                 const float* parameters, float limit) {
    if (task < weights()) {
      return complete_weights(block_of(task), gradients, parameters, limit, clear_sums(task));
    }
    const int outputs = stage_at(task - weights()).outputs();
    simd::LaneSums squares;
    for_each_vector(task - weights(), nullptr, [&](std::size_t at, auto, int feature) {
      const auto i = static_cast<std::ptrdiff_t>(at);
      const Register whole = limited(gradients.at(i), Register(limit));
      whole.store(gradients.data + i);
      // Padding sums what larger batches left in memory.
      const Register counted = simd::first(whole, std::clamp(outputs - feature, 0, simd::lanes));
      Register& sum = squares.part[feature / simd::lanes % simd::sum_parts];
      sum = multiply_add(counted, counted, sum);
    });
    return {static_cast<double>(simd::sum(squares))};
  }

  /// The step by completed gradients.
  void step_completed(int task, const kernel::GradientBlocks& gradients, float* parameters,
                      const Numbers& numbers) {
    if (task < weights()) {
      step_of_weights(block_of(task), gradients, parameters, numbers);
    } else {
      step_of_vectors(task - weights(), gradients, parameters, numbers);
    }
  }

  /// The step by gradients in memory, with the penalties in the same loop.
  void step(int task, const kernel::GradientBlocks& gradients, float* parameters,
            const Numbers& numbers) {
    if (task >= weights()) return step_of_vectors(task - weights(), gradients, parameters, numbers);
    const PlacedBlock block = block_of(task);
    step_of_block(block, gradients.from(block.offset), parameters, numbers, clear_sums(task));
  }

  /// The penalties: of every stage the sums of its outputs, added in the order of the blocks.
  [[nodiscard]] double penalties() {
    if (stage_sums_.empty()) return 0;
    double total = 0;
    for (std::size_t task = 0; task < blocks_.size();) {
      const int stage = blocks_[task].stage;
      const UpdateKernels& kernels = kernels_of(stage_at(stage));
      const Panels& panels = stage_at(stage).panels;
      std::fill(stage_sums_.begin(), stage_sums_.end(), 0.0);
      for (; task < blocks_.size() && blocks_[task].stage == stage; ++task) {
        for (std::size_t i = 0; i < static_cast<std::size_t>(kernels.penalties); ++i) {
          kernel::for_each_column_sum(
              penalty_sums_.data() + task * penalty_stride_ + i * kernel::column_floats,
              panels.features_of(blocks_[task].panel),
              [&](float sum) { stage_sums_[i] += static_cast<double>(sum); });
        }
      }
      total += kernels.cost(kernels.rule, stage_sums_.data());
    }
    return total;
  }

 private:
  using Register = simd::Register;
  static constexpr float unlimited = std::numeric_limits<float>::infinity();

  /// Penalties that one weight of the network may have.
  static std::size_t most_penalties(const UpdateTables& network) {
    int most = 0;
    for (const UpdateKernels& kernels : network.kernels) most = std::max(most, kernels.penalties);
    return static_cast<std::size_t>(most);
  }
  /// Floats of gradients that are stored from step to step or until all are known.
  static std::size_t stored_floats(const UpdateTables& network) {
    const bool stored = network.source == Gradients::Stored || Accumulates<Optimizer>;
    return stored ? network.parameter_floats : 0;
  }

  [[nodiscard]] const Stage& stage_at(int index) const {
    return network_.stages[static_cast<std::size_t>(index)];
  }
  [[nodiscard]] int weights() const { return static_cast<int>(blocks_.size()); }
  [[nodiscard]] const UpdateKernels& kernels_of(const Stage& stage) const {
    return network_.kernels[static_cast<std::size_t>(stage.kind)];
  }
  [[nodiscard]] const UpdateKernels& kernels_of(const PlacedBlock& block) const {
    return kernels_of(*block.stage);
  }
  static const StageNumbers<Optimizer>& numbers_of(const Numbers& numbers, const Stage& stage) {
    return numbers[static_cast<std::size_t>(stage.kind)];
  }

  [[nodiscard]] PlacedBlock block_of(int task) const {
    return place(network_.stages, blocks_[static_cast<std::size_t>(task)]);
  }

  /// Calls f(part, offset) for the parts of a block whose inputs lie in one piece.
  template <class F>
  void for_each_part(int task, const F& f) const {
    runtime::for_each_part(network_.stages, blocks_[static_cast<std::size_t>(task)], f);
  }

  /// The step of a block of weights by its gradients in memory.
  void step_of_block(const PlacedBlock& block, const kernel::GradientBlocks& gradients,
                     float* parameters, const Numbers& numbers, float* sums) {
    if (block.stage->reparameterized) {
      return step_of_normed(block, gradients, parameters, numbers, sums);
    }
    const UpdateKernels& kernels = kernels_of(block);
    kernels.update(block.rows, gradients, parameters_at(parameters, block.offset),
                   &numbers_of(numbers, *block.stage).weights, kernels.rule, sums);
    project(block, parameters);
  }

  void store_weights(const BackwardPass& pass, int task, float scale, bool add) {
    const PlacedBlock block = block_of(task);
    if (block.stage->convolves()) {
      return store_sums(block, gradients_of_blocks(pass, block), scale, add);
    }
    const UpdateKernels& kernels = kernels_of(block);
    for_each_part(task, [&](const WeightBlock& part, std::size_t offset) {
      kernels.store[block.vectors()](gradient_task(pass, part), gradients() + offset, scale, add);
    });
  }

  /// Those of the blocks of samples, added up.
  void store_sums(const PlacedBlock& block, const kernel::GradientBlocks& blocks, float scale,
                  bool add) {
    kernel::for_each_register(block.rows, [&](std::ptrdiff_t i, int) {
      float* const at = gradients() + block.offset + i;
      const Register before = add ? Register::load(at) : Register(0.0f);
      multiply_add(Register(scale), blocks.at(i), before).store(at);
    });
  }

  kernel::ColumnSquares complete_weights(const PlacedBlock& block,
                                         const kernel::GradientBlocks& gradients,
                                         const float* parameters, float limit, float* sums) const {
    const UpdateKernels& kernels = kernels_of(block);
    const bool made = block.stage->reparameterized;
    const kernel::ColumnSquares squares =
        kernels.complete(block.rows, gradients.from(block.offset), parameters + block.offset,
                         kernels.rule, made ? unlimited : limit, sums);
    if (!made) return squares;
    return kernel::pull_to_magnitude_and_direction(
        block.normed(parameters), gradients.data + block.offset, limit,
        gradients.data + block.magnitude(), gradients.data + block.direction());
  }

  void step_of_weights(const PlacedBlock& block, const kernel::GradientBlocks& gradients,
                       float* parameters, const Numbers& numbers) {
    const UpdateKernels& kernels = kernels_of(block);
    const auto step = [&](const kernel::PanelRows& rows, std::size_t offset, const auto& of) {
      kernels.update_completed(rows, gradients.from(offset), parameters_at(parameters, offset), &of,
                               kernels.rule, nullptr);
    };
    const StageNumbers<Optimizer>& of = numbers_of(numbers, *block.stage);
    if (!block.stage->reparameterized) {
      step(block.rows, block.offset, of.weights);
      return project(block, parameters);
    }
    step(block.row(), block.magnitude(), of.weights);
    step(block.rows, block.direction(), of.directions);
    kernel::compose_weights(block.normed(parameters), parameters + block.offset);
  }

  /// `gradients` are those of the block.
  void step_of_normed(const PlacedBlock& block, const kernel::GradientBlocks& gradients,
                      float* parameters, const Numbers& numbers, float* sums) {
    const UpdateKernels& kernels = kernels_of(block);
    const StageNumbers<Optimizer>& of = numbers_of(numbers, *block.stage);
    kernels.normed[block.vectors()](block.normed(parameters), gradients, parameters + block.offset,
                                    {parameters_at(parameters, block.magnitude()),
                                     parameters_at(parameters, block.direction())},
                                    &of.weights, &of.directions, kernels.rule, sums);
  }

  void project(const PlacedBlock& block, float* parameters) const {
    const UpdateKernels& kernels = kernels_of(block);
    if (kernels.project == nullptr) return;
    kernels.project(block.rows, parameters + block.offset, kernels.rule);
  }

  /// Calls f(offset, the rule's place in the numbers, first feature) for every register of a
  /// stage's trained vectors; sums the bias's gradient before where a pass is given.
  template <class F>
  void for_each_vector(int s, const BackwardPass* pass, const F& f) const {
    using Of = StageNumbers<Optimizer>;
    const Stage& stage = stage_at(s);
    const auto visit = [&](std::size_t first, typename Optimizer::Rule Of::* rule) {
      for (int i = 0; i < stage.panels.padded(); i += simd::lanes) {
        f(first + static_cast<std::size_t>(i), rule, i);
      }
    };
    if (stage.bias) {
      for (int panel = 0; pass != nullptr && panel < stage.panels.count; ++panel) {
        pass->sum_bias(s, panel);
      }
      visit(stage.bias_vector, &Of::bias);
    }
    const auto visit_scale = [&](std::size_t first) {
      if (!stage.per_element()) return visit(first, &Of::norm);
      for_each_element(stage,
                       [&](std::size_t at, int feature) { f(first + at, &Of::norm, feature); });
    };
    if (stage.normalized && stage.norm.scaled) visit_scale(stage.trained_scale);
    if (stage.normalized && stage.norm.shifted) visit_scale(stage.trained_shift);
  }

  void fuse_vectors(const BackwardPass& pass, int s, const Numbers& numbers) {
    for_each_vector(s, &pass, [&](std::size_t at, auto rule, int) {
      step_of_register(at, Register::load(pass.vector_gradients + at), pass.parameters,
                       numbers_of(numbers, stage_at(s)).*rule);
    });
  }

  void step_of_vectors(int s, const kernel::GradientBlocks& gradients, float* parameters,
                       const Numbers& numbers) {
    for_each_vector(s, nullptr, [&](std::size_t at, auto rule, int) {
      step_of_register(at, gradients.at(static_cast<std::ptrdiff_t>(at)), parameters,
                       numbers_of(numbers, stage_at(s)).*rule);
    });
  }

  void step_of_register(std::size_t at, Register gradient, float* parameters,
                        const typename Optimizer::Rule& rule) {
    kernel::update_register<Optimizer::slots>(parameters_at(parameters, at),
                                              Register::load(parameters + at), gradient, rule);
  }

  kernel::Parameters parameters_at(float* parameters, std::size_t offset) {
    return {parameters + offset, state_.data() + offset,
            static_cast<std::ptrdiff_t>(network_.parameter_floats)};
  }

  /// The sums of a block's penalties, set to zero.
  float* clear_sums(int task) {
    float* sums = penalty_sums_.data() + static_cast<std::size_t>(task) * penalty_stride_;
    std::fill_n(sums, penalty_stride_, 0.0f);
    return sums;
  }

  UpdateTables network_;
  std::vector<WeightBlock> blocks_;
  std::vector<double> stage_sums_;  // of each penalty
  std::size_t penalty_stride_;      // floats of the penalties of a block
  AlignedFloats penalty_sums_;
  AlignedFloats gradients_;
  AlignedFloats state_;
};

}  // namespace lamina::runtime
