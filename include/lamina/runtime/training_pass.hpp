#pragma once

#include <algorithm>
#include <cstring>

#include <lamina/core/aligned.hpp>
#include <lamina/kernel/transpose.hpp>
#include <lamina/kernel/update.hpp>
#include <lamina/runtime/network_tables.hpp>
#include <lamina/runtime/parallel.hpp>

namespace lamina::runtime {

/// Where a batch's activations, gradients and statistics lie during one training step, and the work
/// on one block of them. No function here starts threads: the tasks of a stage are independent and
/// write to places of their own, so any schedule gives the same bits.
class TrainingPass {
 public:
  NetworkTables network;
  float* parameters = nullptr;
  float* running = nullptr;           ///< running statistics of the normalizations
  float* arena = nullptr;             ///< activations and gradients, [stage][panel][batch][width]
  float* statistics = nullptr;        ///< per stage: origin, delta, rsqrt, variance, each [padded]
  float* vector_gradients = nullptr;  ///< as the front of the parameter block
  float* scratch = nullptr;           ///< for each thread: transposed weights, a pulled panel
  std::size_t scratch_stride = 0;
  std::size_t transposed_floats = 0;
  const float* inputs = nullptr;
  int batch = 0;
  NoiseSource noise;
  const kernel::ChainNumbers* random_numbers = nullptr;  ///< of the random items of each stage

  /// Forward: contraction, normalization and chain of a panel for a range of rows. A normalized
  /// stage is given all rows at once.
  void forward(int index, int panel, int first_row, int rows) const {
    const Stage& stage = at(index);
    contract(index, panel, first_row, rows);
    if (stage.trivial_chain && !stage.normalized()) return;
    const std::ptrdiff_t rows_before = static_cast<std::ptrdiff_t>(first_row) * stage.panels.width;
    const float* before = panel_of(stage.before, stage, panel) + rows_before;
    float* after = panel_of(stage.after, stage, panel) + rows_before;
    PanelNumbers numbers;
    if (stage.normalized()) {
      const kernel::PanelStatistics found = statistics_of(index, panel);
      network.normalize[static_cast<std::size_t>(stage.panels.vectors_of(panel))].statistics(
          {before, stage.panels.width, rows}, stage.epsilon, found);
      update_running(stage, panel, found);
    }
    network.chains[index].forward(chain_panel(index, panel, first_row, rows, numbers), before,
                                  after);
  }

  /// Gradient by the outputs of a stage before the last, the next contraction backward, and from
  /// there through chain and normalization.
  void pull_backward(int index, int panel, int first_row, int rows) const {
    const Stage& stage = at(index);
    float* thread_scratch = scratch + static_cast<std::size_t>(thread_index()) * scratch_stride;
    float* pulled = stage.gradient_in_place
                        ? thread_scratch + transposed_floats
                        : panel_of(stage.gradient, stage, panel) +
                              static_cast<std::ptrdiff_t>(first_row) * stage.panels.width;
    pull(index, panel, first_row, rows, thread_scratch, pulled);
    backward(index, panel, first_row, rows, pulled);
  }

  /// Backward through chain and normalization of a panel of the last stage, in place on the
  /// gradient by its outputs.
  void backward_last(int index, int panel, int first_row, int rows) const {
    const Stage& stage = at(index);
    backward(index, panel, first_row, rows,
             panel_of(stage.gradient, stage, panel) +
                 static_cast<std::ptrdiff_t>(first_row) * stage.panels.width);
  }

  /// Gradient by the biases of one panel: the sum over the batch.
  void sum_bias(int index, int panel) const {
    const Stage& stage = at(index);
    const float* gradient = panel_of(stage.gradient, stage, panel);
    kernel::sum_rows({gradient, stage.panels.width, batch}, stage.panels.vectors_of(panel),
                     vector_gradients + stage.bias_vector + panel * stage.panels.width);
  }

  /// The inputs [first, ...) of a stage as the left operand of its weight gradient.
  [[nodiscard]] kernel::Columns columns_of_inputs(int index, int first) const {
    if (index == 0) return {inputs + first, at(0).inputs};
    const Stage& previous = at(index - 1);
    const int width = previous.panels.width;
    return {panel_of(previous.after, previous, first / width) + first % width, width};
  }

  [[nodiscard]] const Stage& at(int index) const {
    return network.stages[static_cast<std::size_t>(index)];
  }

  /// The first row of a panel in the arena.
  [[nodiscard]] float* panel_of(std::size_t offset, const Stage& stage, int panel) const {
    return arena + (offset + static_cast<std::size_t>(panel * stage.panels.width)) *
                       static_cast<std::size_t>(batch);
  }

 private:
  void pull(int index, int panel, int first_row, int rows, float* transposed, float* out) const {
    const Stage& stage = at(index);
    const Stage& next = at(index + 1);
    const std::ptrdiff_t width = stage.panels.width;
    if (!next.contraction) {
      const float* from = panel_of(next.gradient, next, panel) + first_row * width;
      std::memcpy(out, from, static_cast<std::size_t>(rows * width) * sizeof(float));
      return;
    }
    const int vectors = stage.panels.vectors_of(panel);
    kernel::transpose_inputs(parameters + next.weights, next.panels, next.inputs,
                             panel * stage.panels.width, stage.panels.features_of(panel),
                             transposed, vectors * simd::lanes);
    const kernel::Rows left = rows_of(next.gradient, next).from(first_row);
    network.multiply[static_cast<std::size_t>(vectors)](
        {left, transposed, vectors * simd::lanes, next.outputs(), out, width, nullptr}, rows);
  }

  /// `gradient` is by the outputs; where it ends up, by the values before the chain.
  void backward(int index, int panel, int first_row, int rows, float* gradient) const {
    const Stage& stage = at(index);
    if (stage.trivial_chain && !stage.normalized()) return;
    const std::ptrdiff_t offset = static_cast<std::ptrdiff_t>(first_row) * stage.panels.width;
    const float* before = panel_of(stage.before, stage, panel) + offset;
    const float* after = panel_of(stage.after, stage, panel) + offset;
    PanelNumbers numbers;
    const kernel::ChainPanel chain = chain_panel(index, panel, first_row, rows, numbers);
    if (!stage.normalized()) {
      network.chains[index].backward(chain, before, after, gradient);
      clear_padding(stage, panel, rows, gradient);
    } else {
      backward_normalized(index, panel, chain, before, after, gradient);
    }
  }

  /// All panels of a stage's values as a left operand.
  [[nodiscard]] kernel::Rows rows_of(std::size_t offset, const Stage& stage) const {
    const std::ptrdiff_t width = stage.panels.width;
    return {panel_of(offset, stage, 0), width, stage.panels.width, batch * width};
  }

  void contract(int index, int panel, int first_row, int rows) const {
    const Stage& stage = at(index);
    const std::ptrdiff_t width = stage.panels.width;
    float* out = panel_of(stage.before, stage, panel) + first_row * width;
    if (!stage.contraction) {
      const Stage& previous = at(index - 1);
      const float* from = panel_of(previous.after, previous, panel) + first_row * width;
      std::memcpy(out, from, static_cast<std::size_t>(rows * width) * sizeof(float));
      return;
    }
    const kernel::Rows left = index == 0 ? kernel::Rows{inputs, stage.inputs, stage.inputs, 0}
                                         : rows_of(at(index - 1).after, at(index - 1));
    const float* weights = parameters + stage.weights +
                           static_cast<std::size_t>(panel) *
                               static_cast<std::size_t>(stage.inputs) *
                               static_cast<std::size_t>(width);
    const float* bias =
        stage.bias ? parameters + stage.bias_vector + panel * stage.panels.width : nullptr;
    network.multiply[static_cast<std::size_t>(stage.panels.vectors_of(panel))](
        {left.from(first_row), weights, width, stage.inputs, out, width, bias}, rows);
  }

  /// Room for the factors of a panel's affine.
  struct PanelNumbers {
    alignas(AlignedFloats::alignment) float factor[tile_vectors * simd::lanes];
  };

  /// A panel as the chain's kernels see it; `numbers` keeps what it points to.
  [[nodiscard]] kernel::ChainPanel chain_panel(int index, int panel, int first_row, int rows,
                                               PanelNumbers& numbers) const {
    const Stage& stage = at(index);
    kernel::PanelAffine affine{};
    if (stage.normalized()) {
      const kernel::PanelStatistics found = statistics_of(index, panel);
      const float* scale = parameters + stage.scale_vector + panel * stage.panels.width;
      for (int i = 0; i < stage.panels.width; ++i) numbers.factor[i] = scale[i] * found.rsqrt[i];
      affine = {found.origin, found.delta, numbers.factor,
                parameters + stage.bias_vector + panel * stage.panels.width};
    }
    return {stage.panels.width,
            stage.panels.vectors_of(panel),
            first_row,
            rows,
            panel * stage.panels.width,
            affine,
            noise,
            stage.random_positions.data(),
            random_numbers + index};
  }

  /// Statistics of a panel: four vectors of the stage behind each other.
  [[nodiscard]] kernel::PanelStatistics statistics_of(int index, int panel) const {
    const Stage& stage = at(index);
    const int padded = stage.panels.padded();
    float* at = statistics + 2 * stage.running + panel * stage.panels.width;
    return {at, at + padded, at + 2 * padded, at + 3 * padded};
  }

  /// running <- (1 - momentum) running + momentum batch, the variance unbiased.
  void update_running(const Stage& stage, int panel, const kernel::PanelStatistics& found) const {
    float* mean = running + stage.running + panel * stage.panels.width;
    float* variance = mean + stage.panels.padded();
    const float keep = 1 - stage.momentum;
    const float unbiased = static_cast<float>(batch) / static_cast<float>(batch - 1);
    for (int i = 0; i < stage.panels.width; ++i) {
      mean[i] = keep * mean[i] + stage.momentum * (found.origin[i] + found.delta[i]);
      variance[i] = keep * variance[i] + stage.momentum * (found.variance[i] * unbiased);
    }
  }

  /// Chain and sums of a few rows while they are in the L1 cache, then the gradient by the input.
  void backward_normalized(int index, int panel, const kernel::ChainPanel& chain,
                           const float* before, const float* after, float* gradient) const {
    const Stage& stage = at(index);
    const std::ptrdiff_t first = panel * stage.panels.width;
    const auto& normalize =
        network.normalize[static_cast<std::size_t>(stage.panels.vectors_of(panel))];
    const kernel::PanelStatistics found = statistics_of(index, panel);
    const kernel::GradientSums sums{vector_gradients + stage.scale_vector + first,
                                    vector_gradients + stage.bias_vector + first};
    std::fill_n(sums.scale, stage.panels.width, 0.0f);
    std::fill_n(sums.shift, stage.panels.width, 0.0f);
    kernel::ChainPanel block = chain;
    for (int row = 0; row < chain.rows; row += kernel::column_rows) {
      const std::ptrdiff_t at = row * chain.stride;
      block.first_row = chain.first_row + row;
      block.rows = std::min(kernel::column_rows, chain.rows - row);
      if (!stage.trivial_chain) {
        network.chains[index].backward(block, before + at, after + at, gradient + at);
      }
      clear_padding(stage, panel, block.rows, gradient + at);
      normalize.add_sums({before + at, chain.stride, block.rows}, gradient + at, found, sums);
    }
    normalize.finish({before, chain.stride, chain.rows}, gradient, found, sums,
                     parameters + stage.scale_vector + first,
                     panel_of(stage.gradient, stage, panel));
  }

  /// A slope may be infinite at the padding's zeros; zero times infinity must not reach weights.
  void clear_padding(const Stage& stage, int panel, int rows, float* gradient) const {
    const int used = stage.panels.features_of(panel);
    const int end = stage.panels.vectors_of(panel) * simd::lanes;
    for (int row = 0; used < end && row < rows; ++row) {
      std::fill(gradient + row * stage.panels.width + used,
                gradient + row * stage.panels.width + end, 0.0f);
    }
  }
};

}  // namespace lamina::runtime
