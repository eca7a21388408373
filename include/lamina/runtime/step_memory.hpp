#pragma once

#include <algorithm>
#include <cstdint>

#include <lamina/kernel/gather.hpp>
#include <lamina/kernel/transpose.hpp>
#include <lamina/runtime/network_tables.hpp>
#include <lamina/runtime/parallel.hpp>
#include <lamina/runtime/schedule.hpp>

namespace lamina::runtime {

/// What one task owns of a stage: some panels of some rows.
struct Block {
  int first_panel = 0;
  int panels = 1;
  int first_row = 0;
  int rows = 0;
  int index = 0;  ///< of the block of rows

  template <class F>
  void for_each_panel(const F& f) const {
    for (int panel = first_panel; panel < first_panel + panels; ++panel) f(panel);
  }
  /// Floats of one of its panels.
  [[nodiscard]] std::size_t floats_of(const Stage& stage) const {
    return static_cast<std::size_t>(rows) * static_cast<std::size_t>(stage.panels.width);
  }
};

/// Where a batch's activations, gradients and statistics lie during one training step.
class StepMemory {
 public:
  NetworkTables network;
  float* parameters = nullptr;
  float* running = nullptr;                ///< running statistics of the normalizations
  const std::int64_t* counters = nullptr;  ///< of the normalizations with averages
  float* arena = nullptr;             ///< activations and gradients, [stage][panel][batch][width]
  float* statistics = nullptr;        ///< of the normalizations over the batch
  float* vector_gradients = nullptr;  ///< as the front of the parameter block
  float* partial_vectors = nullptr;   ///< the same for each block of rows
  std::size_t vector_floats = 0;
  float* scratch = nullptr;  ///< for each thread: transposed weights, a pulled panel, an image
  std::size_t scratch_stride = 0;
  std::size_t transposed_floats = 0;
  float* block_moments = nullptr;  ///< of a stage, of the blocks of samples
  float* turned = nullptr;         ///< weights of convolutions for a sweep back
  /// Gradients by the weights of convolutions, [convolution][block of samples][weights].
  float* convolution_gradients = nullptr;
  /// Of a front with samples in the lanes: values of the batch, and a thread's gradients and sums.
  float* front_values = nullptr;
  float* front_scratch = nullptr;
  float* front_gradients = nullptr;  ///< of the batch, where they are kept; else null
  const float* inputs = nullptr;
  int features = 0;
  int batch = 0;
  NoiseSource noise;
  const kernel::ChainNumbers* random_numbers = nullptr;  ///< of the random items of each stage

  [[nodiscard]] const Stage& at(int index) const {
    return network.stages[static_cast<std::size_t>(index)];
  }

  /// Rows of a stage: the positions of all samples.
  [[nodiscard]] int rows_of(const Stage& stage) const { return batch * stage.positions(); }

  /// Floats from a panel of a stage to the next.
  [[nodiscard]] std::ptrdiff_t panel_stride(const Stage& stage) const {
    return static_cast<std::ptrdiff_t>(rows_of(stage)) * stage.panels.width;
  }

  /// Row `row` of a panel in the arena.
  [[nodiscard]] float* rows_at(std::size_t offset, const Stage& stage, int panel, int row) const {
    return arena + offset * static_cast<std::size_t>(batch) + panel * panel_stride(stage) +
           static_cast<std::ptrdiff_t>(row) * stage.panels.width;
  }

  /// All panels of a stage's values as a left operand.
  [[nodiscard]] kernel::Rows panels_of(std::size_t offset, const Stage& stage) const {
    const std::ptrdiff_t width = stage.panels.width;
    return {rows_at(offset, stage, 0, 0), width, stage.panels.width, panel_stride(stage)};
  }

  /// The outputs of a stage, or the network's inputs, as a left operand.
  [[nodiscard]] kernel::Rows values_of(int index) const {
    if (index == Source::network_input) return {inputs, features, features, 0};
    return panels_of(at(index).after, at(index));
  }

  /// The inputs [first, ...) of a stage as the left operand of its weight gradient. They lie in one
  /// panel of one source.
  [[nodiscard]] kernel::Columns columns_of_inputs(int index, int first) const {
    const Stage& stage = at(index);
    int i = stage.source_count - 1;
    while (stage.sources[static_cast<std::size_t>(i)].first > first) --i;
    const Source& source = stage.sources[static_cast<std::size_t>(i)];
    const kernel::Rows values = values_of(source.stage);
    const int feature = first - source.first;
    return {values.data + feature / values.block_depth * values.block_stride +
                feature % values.block_depth,
            values.row_stride};
  }

  /// Where a block of samples sums its gradient by the weights of a convolution.
  [[nodiscard]] float* gradients_of_convolution(const Stage& stage, int block) const {
    const auto blocks = static_cast<std::size_t>(network.samples_of(batch).count);
    return convolution_gradients + stage.convolution_weights * blocks +
           static_cast<std::size_t>(block) * stage.weight_floats();
  }

  /// Gradients by scale and shift from those of the blocks of rows or samples, in order.
  void add_partial_vectors(const Stage& stage, int blocks) const {
    add_partial_vector(stage.trained_scale, stage.trained_scale_floats(), blocks);
    add_partial_vector(stage.trained_shift, stage.trained_scale_floats(), blocks);
  }
  /// The same of the vector that begins at `first`.
  void add_partial_vector(std::size_t first, std::size_t count, int blocks) const {
    float* sums = vector_gradients + first;
    std::copy_n(partial_vectors + first, count, sums);
    for (int block = 1; block < blocks; ++block) {
      const float* more = partial_vectors + first + static_cast<std::size_t>(block) * vector_floats;
      for (std::size_t i = 0; i < count; ++i) sums[i] += more[i];
    }
  }

  /// Memory of the calling thread, until its task ends.
  [[nodiscard]] float* thread_scratch() const {
    return scratch + static_cast<std::size_t>(thread_index()) * scratch_stride;
  }

 protected:
  /// A panel as the chain's kernels see it.
  [[nodiscard]] kernel::ChainPanel chain_panel(int index, int panel, int first_row,
                                               int rows) const {
    const Stage& stage = at(index);
    const int first = panel * stage.panels.width;
    kernel::PanelAffine affine{};
    if (stage.normalized) {
      affine = {parameters + stage.scale_vector + first, parameters + stage.shift_vector + first};
    }
    const float* skip = nullptr;
    if (stage.adds_skip()) {
      skip = rows_at(at(stage.skip).after, at(stage.skip), panel, first_row);
    }
    return {stage.panels.width,
            stage.panels.vectors_of(panel),
            first_row,
            rows,
            first,
            affine,
            noise,
            stage.random_streams.data(),
            random_numbers + index,
            skip,
            stage.positions()};
  }

  [[nodiscard]] kernel::PanelStatistics statistics_of(const Stage& stage, int panel) const {
    const int padded = stage.panels.padded();
    float* first = statistics + stage.statistics + panel * stage.panels.width;
    return {first, first + padded, first + 2 * padded};
  }

  [[nodiscard]] kernel::PanelAverages averages_of(const Stage& stage, int panel) const {
    kernel::PanelAverages averages;
    averages.kind = stage.norm.averages;
    if (!stage.has_averages()) return averages;
    const auto padded = static_cast<std::size_t>(stage.panels.padded());
    float* first = running + stage.running;
    averages.first = first + panel * stage.panels.width;
    averages.second = averages.first + padded;
    averages.momentum = newest_weight(stage.norm, batch);
    if (stage.norm.averages == Averages::Running) {
      averages.count = running[stage.count_of_sums()];
      averages.least_variance = least_variance(stage, counters);
    }
    return averages;
  }

  [[nodiscard]] kernel::SampleRows samples(const Stage& stage, const Block& block) const {
    return {rows_at(stage.before, stage, 0, block.first_row), panel_stride(stage),
            stage.panels.width, stage.outputs(), block.rows};
  }

  [[nodiscard]] float* row_rsqrt(const Stage& stage, const Block& block) const {
    return arena + stage.row_rsqrt * static_cast<std::size_t>(batch) +
           static_cast<std::ptrdiff_t>(block.first_row) * stage.norm.groups;
  }

  /// A slope may be infinite at the padding's zeros; zero times infinity must not reach weights.
  static void clear_padding(const Stage& stage, int panel, int rows, float* values) {
    kernel::clear_padding(stage.panels, panel, rows, values);
  }
};

}  // namespace lamina::runtime
