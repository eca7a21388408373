#pragma once

#include <cstring>
#include <vector>

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
  float* scratch = nullptr;           ///< a transposed panel for each thread
  std::size_t scratch_stride = 0;
  const float* inputs = nullptr;
  int batch = 0;
  NoiseSource noise;

  /// Forward: contraction, normalization and chain of a panel for a range of rows. A normalized
  /// stage is given all rows at once.
  void forward(int index, int panel, int first_row, int rows) const {
    const Stage& stage = at(index);
    contract(index, panel, first_row, rows);
    if (stage.trivial_chain && !stage.normalized()) return;
    const std::ptrdiff_t rows_before = static_cast<std::ptrdiff_t>(first_row) * stage.panels.width;
    const float* before = panel_of(stage.before, stage, panel) + rows_before;
    float* after = panel_of(stage.after, stage, panel) + rows_before;
    for (int v = 0; v < stage.panels.vectors_of(panel); ++v) {
      const int lane = v * simd::lanes;
      const int feature = panel * stage.panels.width + lane;
      const kernel::Affine affine = stage.normalized() ? normalize(index, feature, before + lane)
                                                       : kernel::Affine::identity();
      network.chains[index].forward(column(stage, feature, first_row, rows), affine, before + lane,
                                    after + lane);
    }
  }

  /// Gradient by the outputs of a stage before the last: the next contraction backward.
  void pull(int index, int panel, int first_row, int rows) const {
    const Stage& stage = at(index);
    const Stage& next = at(index + 1);
    const std::ptrdiff_t width = stage.panels.width;
    float* gradient = panel_of(stage.gradient, stage, panel) + first_row * width;
    if (!next.contraction) {
      const float* from = panel_of(next.gradient, next, panel) + first_row * width;
      std::memcpy(gradient, from, static_cast<std::size_t>(rows * width) * sizeof(float));
      return;
    }
    float* transposed = scratch + static_cast<std::size_t>(thread_index()) * scratch_stride;
    const int vectors = stage.panels.vectors_of(panel);
    kernel::transpose_inputs(parameters + next.weights, next.panels, next.inputs,
                             panel * stage.panels.width, stage.panels.features_of(panel),
                             transposed, vectors * simd::lanes);
    const kernel::Rows left = rows_of(next.gradient, next).from(first_row);
    network.multiply[static_cast<std::size_t>(vectors)](
        {left, transposed, vectors * simd::lanes, next.outputs(), gradient, width, nullptr}, rows);
  }

  /// Backward through chain and normalization of a panel, in place on its gradient.
  void backward(int index, int panel, int first_row, int rows) const {
    const Stage& stage = at(index);
    if (stage.trivial_chain && !stage.normalized()) return;
    const std::ptrdiff_t rows_before = static_cast<std::ptrdiff_t>(first_row) * stage.panels.width;
    const float* before = panel_of(stage.before, stage, panel) + rows_before;
    const float* after = panel_of(stage.after, stage, panel) + rows_before;
    float* gradient = panel_of(stage.gradient, stage, panel) + rows_before;
    for (int v = 0; v < stage.panels.vectors_of(panel); ++v) {
      const int lane = v * simd::lanes;
      const int feature = panel * stage.panels.width + lane;
      const kernel::Affine affine =
          stage.normalized() ? stored_affine(index, feature) : kernel::Affine::identity();
      if (!stage.trivial_chain) {
        network.chains[index].backward(column(stage, feature, first_row, rows), affine,
                                       before + lane, after + lane, gradient + lane);
      }
      clear_padding(stage, feature, rows, gradient + lane);
      if (stage.normalized()) {
        normalize_backward(index, feature, before + lane, gradient + lane);
      }
    }
  }

  /// Gradient by the biases of one panel: the sum over the batch.
  void sum_bias(int index, int panel) const {
    const Stage& stage = at(index);
    const float* gradient = panel_of(stage.gradient, stage, panel);
    for (int v = 0; v < stage.panels.vectors_of(panel); ++v) {
      const int lane = v * simd::lanes;
      kernel::sum_column(gradient + lane, stage.panels.width, batch)
          .store(vector_gradients + stage.bias_vector + panel * stage.panels.width + lane);
    }
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

  [[nodiscard]] kernel::Column column(const Stage& stage, int feature, int first_row,
                                      int rows) const {
    return {stage.panels.width, first_row, rows, feature, noise, stage.dropping_positions.data()};
  }

  /// Statistics of the stage: four vectors behind each other.
  [[nodiscard]] float* statistic(int index, int which, int feature) const {
    const Stage& stage = at(index);
    return statistics + 2 * stage.running +
           static_cast<std::size_t>(which * stage.panels.padded() + feature);
  }

  kernel::Affine normalize(int index, int feature, const float* values) const {
    const Stage& stage = at(index);
    const kernel::BatchStatistics found =
        kernel::batch_statistics(values, stage.panels.width, batch, stage.epsilon);
    found.origin.store(statistic(index, 0, feature));
    found.delta.store(statistic(index, 1, feature));
    found.rsqrt.store(statistic(index, 2, feature));
    update_running(stage, feature, found);
    return stored_affine(index, feature);
  }

  void update_running(const Stage& stage, int feature, const kernel::BatchStatistics& found) const {
    using simd::Register;
    float* mean = running + stage.running + static_cast<std::size_t>(feature);
    float* variance = mean + stage.panels.padded();
    const Register keep(1 - stage.momentum);
    const Register take(stage.momentum);
    const Register unbiased(static_cast<float>(batch) / static_cast<float>(batch - 1));
    (keep * Register::load(mean) + take * (found.origin + found.delta)).store(mean);
    (keep * Register::load(variance) + take * (found.variance * unbiased)).store(variance);
  }

  [[nodiscard]] kernel::Affine stored_affine(int index, int feature) const {
    using simd::Register;
    const Stage& stage = at(index);
    const auto scale = Register::load(parameters + stage.scale_vector + feature);
    return {Register::load(statistic(index, 0, feature)),
            Register::load(statistic(index, 1, feature)),
            scale * Register::load(statistic(index, 2, feature)),
            Register::load(parameters + stage.bias_vector + feature)};
  }

  void normalize_backward(int index, int feature, const float* values, float* gradient) const {
    using simd::Register;
    const Stage& stage = at(index);
    const kernel::BatchStatistics found{
        Register::load(statistic(index, 0, feature)), Register::load(statistic(index, 1, feature)),
        Register(0.0f), Register::load(statistic(index, 2, feature))};
    const kernel::NormalizationGradient sums =
        kernel::normalize_backward(gradient, values, stage.panels.width, batch, found,
                                   Register::load(parameters + stage.scale_vector + feature));
    sums.scale.store(vector_gradients + stage.scale_vector + feature);
    sums.shift.store(vector_gradients + stage.bias_vector + feature);
  }

  /// A slope may be infinite at the padding's zeros; zero times infinity must not reach weights.
  void clear_padding(const Stage& stage, int feature, int rows, float* gradient) const {
    const int used = stage.outputs() - feature;
    if (used >= simd::lanes) return;
    for (int row = 0; row < rows; ++row) {
      float* at = gradient + row * stage.panels.width;
      simd::first(simd::Register::load(at), used).store(at);
    }
  }
};

}  // namespace lamina::runtime
