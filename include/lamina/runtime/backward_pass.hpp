#pragma once

#include <algorithm>
#include <cstring>

#include <lamina/kernel/transpose.hpp>
#include <lamina/kernel/update.hpp>
#include <lamina/runtime/forward_pass.hpp>

namespace lamina::runtime {

/// The way back through one block of a stage.
class BackwardPass : public ForwardPass {
 public:
  using ForwardPass::ForwardPass;

  /// From the gradients of the stages that read this one.
  void pull_backward(int index, const Block& block) const {
    const Stage& stage = at(index);
    block.for_each_panel([&](int panel) {
      float* out = stage.keeps_output_gradient()
                       ? rows_at(stage.output_gradient, stage, panel, block.first_row)
                       : working(index, panel, block);
      pull(index, panel, block, out);
    });
    backward(index, block);
  }

  /// Of the last stage, from the gradient by its outputs that the loss has written.
  void backward_last(int index, const Block& block) const {
    const Stage& stage = at(index);
    if (stage.keeps_output_gradient()) {
      block.for_each_panel([&](int panel) {
        std::memcpy(rows_at(stage.output_gradient, stage, panel, block.first_row),
                    rows_at(stage.gradient, stage, panel, block.first_row),
                    block.floats_of(stage) * sizeof(float));
      });
    }
    backward(index, block);
  }

  /// Gradient by the biases of one panel: the sum over the batch.
  void sum_bias(int index, int panel) const {
    const Stage& stage = at(index);
    if (stage.loop() == Loop::Samples) return;  // its blocks have summed it on their way
    kernel::sum_rows(rows_at(stage.gradient, stage, panel, 0), stage.panels.width, rows_of(stage),
                     stage.panels.vectors_of(panel),
                     vector_gradients + stage.bias_vector + panel * stage.panels.width);
  }

 protected:
  void pull_product(const Stage& stage, const Stage& next, const Source& source, int panel,
                    const Block& block, float* out, bool add) const {
    const int vectors = stage.panels.vectors_of(panel);
    const std::ptrdiff_t width = stage.panels.width;
    float* transposed = thread_scratch();
    kernel::transpose_inputs(parameters + next.weights, next.panels, next.inputs,
                             source.first + panel * stage.panels.width,
                             stage.panels.features_of(panel), transposed, vectors * simd::lanes);
    network.multiply[static_cast<std::size_t>(vectors)](
        {panels_of(next.gradient, next).from(block.first_row), transposed, vectors * simd::lanes,
         next.outputs(), out, width, add ? out : nullptr, width},
        block.rows);
  }

  void pull_gathered(const Stage& stage, const Stage& next, const Source& source, int panel,
                     const Block& block, float* out, bool add) const {
    const kernel::Rows from = panels_of(next.gradient, next).from(block.first_row);
    const int first = source.first + panel * stage.panels.width;
    const int count = stage.panels.features_of(panel);
    const kernel::FeaturePanels to{out, stage.panels.width, 0};
    if (add) {
      kernel::add_features(from, first, to, 0, count, block.rows);
    } else {
      kernel::copy_features(from, first, to, 0, count, block.rows);
      clear_padding(stage, panel, block.rows, out);
    }
  }

  static void add_panel(const Stage& stage, const Block& block, const float* from, float* out,
                        bool add) {
    const std::size_t count = block.floats_of(stage);
    if (!add) {
      std::memcpy(out, from, count * sizeof(float));
      return;
    }
    using simd::Register;
    for (std::size_t i = 0; i < count; i += simd::lanes) {
      (Register::load(out + i) + Register::load(from + i)).store(out + i);
    }
  }

 private:
  /// Where the gradient of a panel is worked on: in place, or in scratch memory until it takes the
  /// place of the values.
  [[nodiscard]] float* working(int index, int panel, const Block& block) const {
    const Stage& stage = at(index);
    return stage.gradient_in_place ? thread_scratch() + transposed_floats
                                   : rows_at(stage.gradient, stage, panel, block.first_row);
  }

  /// Gradient by a panel of outputs: the sum over all stages that read them.
  void pull(int index, int panel, const Block& block, float* out) const {
    const Stage& stage = at(index);
    bool started = false;
    for (int reader = index + 1; reader <= stage.last_consumer; ++reader) {
      const Stage& next = at(reader);
      if (next.skip == index) {
        add_panel(stage, block, rows_at(next.output_gradient, next, panel, block.first_row), out,
                  started);
        started = true;
      }
      for (const Source& source : next.reads_from()) {
        if (source.stage != index) continue;
        if (next.contraction) {
          pull_product(stage, next, source, panel, block, out, started);
        } else if (next.reads_panels()) {
          add_panel(stage, block, rows_at(next.gradient, next, panel, block.first_row), out,
                    started);
        } else {
          pull_gathered(stage, next, source, panel, block, out, started);
        }
        started = true;
      }
    }
  }

  /// From the gradient by the outputs to that by the values before normalization and chain.
  void backward(int index, const Block& block) const {
    const Stage& stage = at(index);
    if (stage.keeps_output_gradient()) {
      block.for_each_panel([&](int panel) {
        std::memcpy(working(index, panel, block),
                    rows_at(stage.output_gradient, stage, panel, block.first_row),
                    block.floats_of(stage) * sizeof(float));
      });
    }
    if (stage.loop() == Loop::Panels) return backward_panel(index, block);
    if (!stage.trivial_chain) {
      block.for_each_panel([&](int panel) {
        float* gradient = working(index, panel, block);
        network.chain_of(stage).backward(chain_panel(index, panel, block.first_row, block.rows),
                                         rows_at(stage.before, stage, panel, block.first_row),
                                         rows_at(stage.after, stage, panel, block.first_row),
                                         gradient);
        clear_padding(stage, panel, block.rows, gradient);
      });
    }
    if (stage.loop() == Loop::Rows) backward_rows(stage, block);
  }

  void backward_rows(const Stage& stage, const Block& block) const {
    float* gradient = rows_at(stage.gradient, stage, 0, block.first_row);
    const kernel::SampleRows values = samples(stage, block);
    float* sums = partial_vectors + static_cast<std::size_t>(block.index) * vector_floats;
    for (const std::size_t vector : {stage.scale_vector, stage.shift_vector}) {
      std::fill_n(sums + vector, stage.panels.padded(), 0.0f);
    }
    kernel::sum_row_gradients(values, gradient, sums + stage.scale_vector,
                              sums + stage.shift_vector);
    kernel::finish_rows(values, stage.norm, row_rsqrt(stage, block),
                        parameters + stage.scale_vector, gradient);
  }

  /// Chain and sums of a few rows while they are in the L1 cache, then the gradient by the values.
  void backward_panel(int index, const Block& block) const {
    const Stage& stage = at(index);
    const int panel = block.first_panel;
    const std::ptrdiff_t first = panel * stage.panels.width;
    const std::ptrdiff_t width = stage.panels.width;
    float* before = rows_at(stage.before, stage, panel, 0);
    const float* after = rows_at(stage.after, stage, panel, 0);
    float* gradient = working(index, panel, block);
    const auto& kernels =
        network.normalize[static_cast<std::size_t>(stage.panels.vectors_of(panel))];
    const kernel::PanelSums sums{vector_gradients + stage.scale_vector + first,
                                 vector_gradients + stage.shift_vector + first};
    std::fill_n(sums.scale, stage.panels.width, 0.0f);
    std::fill_n(sums.shift, stage.panels.width, 0.0f);
    for (int row = 0; row < block.rows; row += kernel::column_rows) {
      const int rows = std::min(kernel::column_rows, block.rows - row);
      const std::ptrdiff_t here = row * width;
      if (!stage.trivial_chain) {
        network.chain_of(stage).backward(chain_panel(index, panel, row, rows), before + here,
                                         after + here, gradient + here);
      }
      clear_padding(stage, panel, rows, gradient + here);
      kernels.add_sums({before + here, width, rows}, gradient + here, sums);
    }
    kernels.finish({before, width, block.rows}, gradient, statistics_of(stage, panel), sums,
                   parameters + stage.scale_vector + first,
                   rows_at(stage.gradient, stage, panel, 0));
  }
};

}  // namespace lamina::runtime
