#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <vector>

#include <lamina/core/aligned.hpp>
#include <lamina/runtime/schedule.hpp>
#include <lamina/runtime/training_pass.hpp>
#include <lamina/runtime/update_kernels.hpp>

namespace lamina::runtime {

/// The last loop of a training step: gradients by weights and vectors with the optimizer behind
/// them. Owns the memory of the optimizer.
template <class Net, class Optimizer>
class UpdatePass {
 public:
  using P = Plan<Net>;

  UpdatePass()
      : blocks_(weight_blocks(P::stages)),
        penalty_sums_(blocks_.size() * penalty_stride),
        state_(Optimizer::slots * P::parameter_floats) {}

  /// Updates everything that is trained; returns the penalties of the parameters before.
  double run(const TrainingPass& pass, const Optimizer& optimizer, std::int64_t step,
             bool parallel) {
    const auto rule = optimizer.rule(step, true);
    const auto vector_rule = optimizer.rule(step, false);
    const int weights = static_cast<int>(blocks_.size());
    for_each_task(weights + P::stage_count, parallel, [&](int task) {
      if (task < weights) {
        update_weights(pass, task, rule);
      } else {
        update_vectors(pass, task - weights, vector_rule);
      }
    });
    return penalties();
  }

 private:
  /// Penalties that one weight may have.
  static constexpr std::size_t most_penalties = [] {
    int most = 1;
    for (const UpdateKernels& kernels : updates<Net, Optimizer>)
      most = std::max(most, kernels.penalties);
    return static_cast<std::size_t>(most);
  }();
  static constexpr std::size_t penalty_stride = most_penalties * simd::lanes;

  /// The penalties from the partial sums of the blocks, added in the order of the blocks.
  [[nodiscard]] double penalties() const {
    double total = 0;
    for (std::size_t block = 0; block < blocks_.size(); ++block) {
      const UpdateKernels& kernels =
          updates<Net, Optimizer>[static_cast<std::size_t>(blocks_[block].stage)];
      std::array<double, most_penalties> sums{};
      for (int i = 0; i < kernels.penalties * simd::lanes; ++i) {
        sums[static_cast<std::size_t>(i / simd::lanes)] += static_cast<double>(
            penalty_sums_.data()[block * penalty_stride + static_cast<std::size_t>(i)]);
      }
      total += kernels.cost(kernels.penalty, sums.data());
    }
    return total;
  }

  void update_weights(const TrainingPass& pass, int task, const typename Optimizer::Rule& rule) {
    const WeightBlock& block = blocks_[static_cast<std::size_t>(task)];
    const Stage& stage = pass.at(block.stage);
    const UpdateKernels& kernels = updates<Net, Optimizer>[static_cast<std::size_t>(block.stage)];
    const std::ptrdiff_t width = stage.panels.width;
    const std::ptrdiff_t row =
        static_cast<std::ptrdiff_t>(block.panel) * stage.inputs + block.first_input;
    float* sums = penalty_sums_.data() + static_cast<std::size_t>(task) * penalty_stride;
    std::fill_n(sums, penalty_stride, 0.0f);
    kernels.weights[static_cast<std::size_t>(stage.panels.vectors_of(block.panel))](
        {pass.columns_of_inputs(block.stage, block.first_input),
         pass.panel_of(stage.gradient, stage, block.panel), width, pass.batch, block.inputs,
         parameters_at(pass, stage.weights).from(row * width), sums},
        &rule, kernels.penalty);
  }

  void update_vectors(const TrainingPass& pass, int s, const typename Optimizer::Rule& rule) {
    const Stage& stage = pass.at(s);
    if (!stage.shifted()) return;
    if (!stage.normalized()) {
      for (int panel = 0; panel < stage.panels.count; ++panel) pass.sum_bias(s, panel);
    }
    const int vectors = stage.normalized() ? 2 : 1;
    for (int i = 0; i < vectors * stage.panels.padded(); i += simd::lanes) {
      const std::size_t at = stage.bias_vector + static_cast<std::size_t>(i);
      const kernel::Parameters parameters = parameters_at(pass, at);
      kernel::update_register<Optimizer::slots>(
          parameters, simd::Register::load(parameters.weights),
          simd::Register::load(pass.vector_gradients + at), rule);
    }
  }

  kernel::Parameters parameters_at(const TrainingPass& pass, std::size_t offset) {
    return {pass.parameters + offset, state_.data() + offset,
            static_cast<std::ptrdiff_t>(P::parameter_floats)};
  }

  std::vector<WeightBlock> blocks_;
  AlignedFloats penalty_sums_;
  AlignedFloats state_;
};

}  // namespace lamina::runtime
