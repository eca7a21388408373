#pragma once

#include <algorithm>
#include <cstring>

#include <lamina/core/aligned.hpp>
#include <lamina/runtime/space_forward_pass.hpp>

namespace lamina::runtime {

/// The way back through a block of samples of a stage that has positions, or reads some.
class SpacePass : public SpaceForwardPass {
 public:
  using SpaceForwardPass::SpaceForwardPass;

  /// Weights of a convolution for the gradient by one of its sources: a panel of its channels.
  void turn(const Stage& next, const Source& source, int panel, float* to) const {
    turn_convolution(next, source, at(source.stage).panels, panel, parameters, to);
  }

  /// Adds to the gradient by the outputs of a stage, or sets it, what comes from one that reads it.
  /// `weights` are turned.
  void pull(int index, const Stage& next, const Source& source, const Samples& samples,
            const float* weights, bool add) const {
    const Stage& stage = at(index);
    const Block block = samples.of(stage);
    if (next.operation.operation == Operation::Product) {
      block.for_each_panel([&](int panel) {
        pull_product(stage, next, source, panel, block, gradient_rows(stage, panel, block), add);
      });
    } else if (next.operation.operation == Operation::None) {
      block.for_each_panel([&](int panel) {
        pull_gathered(stage, next, source, panel, block, gradient_rows(stage, panel, block), add);
      });
    } else {
      samples.for_each([&](int sample) { pull_sample(stage, next, source, sample, weights, add); });
    }
  }
  /// The same from the sum that a residual adds a stage to.
  void pull_skip(int index, const Stage& next, const Samples& samples, bool add) const {
    const Stage& stage = at(index);
    const Block block = samples.of(stage);
    block.for_each_panel([&](int panel) {
      add_panel(stage, block, rows_at(next.output_gradient, next, panel, block.first_row),
                gradient_rows(stage, panel, block), add);
    });
  }

  /// Of the last stage: the loss has left it where the rest of the way changes it.
  void keep_output_gradient(const Stage& stage, const Samples& samples) const {
    if (!stage.keeps_output_gradient()) return;
    const Block block = samples.of(stage);
    block.for_each_panel([&](int panel) {
      std::memcpy(rows_at(stage.output_gradient, stage, panel, block.first_row),
                  rows_at(stage.gradient, stage, panel, block.first_row),
                  block.floats_of(stage) * sizeof(float));
    });
  }

  /// Before the first piece of a block: what its pieces add to, in this sweep and the next.
  void clear_sums(const Stage& stage, const Samples& samples) const {
    float* sums = partial_vectors + static_cast<std::size_t>(samples.index) * vector_floats;
    if (stage.bias) std::fill_n(sums + stage.bias_vector, stage.panels.padded(), 0.0f);
    if (stage.convolves()) {
      std::fill_n(gradients_of_convolution(stage, samples.index), stage.weight_floats(), 0.0f);
    }
    if (!stage.normalized) return;
    std::fill_n(sums + stage.trained_scale, stage.trained_scale_floats(), 0.0f);
    std::fill_n(sums + stage.trained_shift, stage.trained_scale_floats(), 0.0f);
  }

  /// From the gradient by the outputs to that by the values behind the norm; adds to the sums for
  /// its scale, its shift and itself.
  void chain_back(int index, const Samples& samples) const {
    const Stage& stage = at(index);
    const Block block = samples.of(stage);
    float* sums = partial_vectors + static_cast<std::size_t>(samples.index) * vector_floats;
    block.for_each_panel([&](int panel) {
      float* gradient = rows_at(stage.gradient, stage, panel, block.first_row);
      if (stage.keeps_output_gradient()) {
        std::memcpy(gradient, rows_at(stage.output_gradient, stage, panel, block.first_row),
                    block.floats_of(stage) * sizeof(float));
      }
      if (stage.means_of_batch()) {
        const std::ptrdiff_t first = panel * stage.panels.width;
        return chain_back_again(
            index, panel, block, gradient,
            {sums + stage.scale_vector + first, sums + stage.shift_vector + first});
      }
      if (stage.per_element() && stage.reads == expr::Reads::Input) {
        elements_chain_back(index, panel, block, gradient);
      } else if (!stage.trivial_chain) {
        network.chain_of(stage).backward(chain_panel(index, panel, block.first_row, block.rows),
                                         rows_at(stage.before, stage, panel, block.first_row),
                                         rows_at(stage.after, stage, panel, block.first_row),
                                         gradient);
      }
      clear_padding(stage, panel, block.rows, gradient);
    });
  }
  /// The way through a norm of samples: sums for its scale and shift, and the gradient.
  void samples_back(const Stage& stage, const Samples& samples) const {
    const Block block = samples.of(stage);
    const kernel::SampleRows rows = this->samples(stage, block);
    float* gradient = rows_at(stage.gradient, stage, 0, block.first_row);
    float* sums = partial_vectors + static_cast<std::size_t>(samples.index) * vector_floats;
    if (stage.per_element()) {
      detail::scale_elements_back(stage, parameters, rows, gradient, sums);
    } else {
      kernel::sum_row_gradients(rows, gradient, sums + stage.scale_vector,
                                sums + stage.shift_vector);
    }
    detail::finish_samples(stage, rows, statistics_of_samples(stage, samples),
                           parameters + stage.scale_vector, gradient);
  }
  /// The rest of the way through a norm over the batch, once its sums are known.
  void normalize_back(const Stage& stage, const Samples& samples) const {
    const Block block = samples.of(stage);
    block.for_each_panel([&](int panel) {
      const std::ptrdiff_t first = panel * stage.panels.width;
      norm_back_again(stage, panel, block, rows_at(stage.gradient, stage, panel, block.first_row),
                      {vector_gradients + stage.scale_vector + first,
                       vector_gradients + stage.shift_vector + first},
                      parameters + stage.scale_vector + first);
    });
  }

  /// Adds the gradient by the biases, of these samples.
  void add_bias_gradient(const Stage& stage, const Samples& samples) const {
    const Block block = samples.of(stage);
    float* sums = partial_vectors + static_cast<std::size_t>(samples.index) * vector_floats;
    block.for_each_panel([&](int panel) {
      kernel::sum_rows(rows_at(stage.gradient, stage, panel, block.first_row), stage.panels.width,
                       block.rows, stage.panels.vectors_of(panel),
                       sums + stage.bias_vector + panel * stage.panels.width, true);
    });
  }
  /// Adds the gradient by the weights of a convolution, of these samples.
  void add_weight_gradient(const Stage& stage, const Samples& samples) const {
    float* to = gradients_of_convolution(stage, samples.index);
    samples.for_each([&](int sample) {
      runtime::add_weight_gradient(network, operands(stage, sample),
                                   image(stage.gradient, stage, sample), to);
    });
  }

 private:
  /// Through a chain that reads what scales and shifts of every value make: a few rows of that,
  /// made again.
  void elements_chain_back(int index, int panel, const Block& block, float* gradient) const {
    const Stage& stage = at(index);
    const std::ptrdiff_t width = stage.panels.width;
    const std::ptrdiff_t element = panel * width * stage.positions();
    alignas(
        AlignedFloats::alignment) float scaled[kernel::column_rows * tile_vectors * simd::lanes];
    for (int row = 0; row < block.rows; row += kernel::column_rows) {
      const int rows = std::min(kernel::column_rows, block.rows - row);
      const int first = block.first_row + row;
      kernel::scale_elements({width, stage.panels.vectors_of(panel), first % stage.positions(),
                              stage.positions(), rows},
                             rows_at(stage.before, stage, panel, first),
                             parameters + stage.trained_scale + element,
                             parameters + stage.trained_shift + element, scaled);
      network.chain_of(stage).backward(chain_panel(index, panel, first, rows), scaled,
                                       rows_at(stage.after, stage, panel, first),
                                       gradient + row * width);
    }
  }

  [[nodiscard]] float* gradient_rows(const Stage& stage, int panel, const Block& block) const {
    return rows_at(stage.keeps_output_gradient() ? stage.output_gradient : stage.gradient, stage,
                   panel, block.first_row);
  }
  void pull_sample(const Stage& stage, const Stage& next, const Source& source, int sample,
                   const float* weights, bool add) const {
    const std::size_t offset =
        stage.keeps_output_gradient() ? stage.output_gradient : stage.gradient;
    const kernel::Image<float> to = image(offset, stage, sample);
    const kernel::Image<const float> gradient = image(next.gradient, next, sample);
    if (next.convolves()) {
      pull_convolution(network, next, source, stage.panels, gradient, weights, to, add,
                       thread_scratch());
    } else if (next.reads_panels()) {
      const kernel::PositionTask task = detail::position_task(next);
      kernel::Image<const float> in{};
      if (next.operation.operation == Operation::MaxPool) {
        float* room = recompute_scratch();
        in = source_image(source, sample, room);
      }
      if (!add && next.operation.operation == Operation::MaxPool && kernel::is_tiled(task)) {
        return kernel::max_pool_back<false>(task, next.panels, in, gradient, to);
      }
      if (!add) clear(to, stage.panels, stage.positions());
      pull_positions(next, in, gradient, to);
    } else {
      pull_joined(stage, next, source, gradient, sample, to, add);
    }
  }

  /// Adds the gradient by what an operation without weights reads, as one image.
  static void pull_positions(const Stage& next, const kernel::Image<const float>& in,
                             const kernel::Image<const float>& gradient,
                             const kernel::Image<float>& to) {
    const kernel::PositionTask task = detail::position_task(next);
    switch (next.operation.operation) {
      case Operation::MaxPool:
        return kernel::max_pool_back(task, next.panels, in, gradient, to);
      case Operation::Resample:
        return kernel::resample_back(task, next.panels, gradient, to);
      case Operation::Flatten:
        return kernel::flatten_back(task, gradient, to);
      default:
        return kernel::permute_back(task, gradient, to);
    }
  }

  /// The same where an operation reads several arrays: the gradient by all of them, then the share
  /// of one.
  void pull_joined(const Stage& stage, const Stage& next, const Source& source,
                   const kernel::Image<const float>& gradient, int sample,
                   const kernel::Image<float>& to, bool add) const {
    const Panels panels = Panels::of(next.inputs);
    const int positions = next.in.positions();
    const std::ptrdiff_t floats = static_cast<std::ptrdiff_t>(positions) * panels.padded();
    kernel::Image<const float> in{};
    if (next.operation.operation == Operation::MaxPool) {
      in = detail::one_image(operands(next, sample));
    }
    const kernel::Image<float> whole{thread_scratch() + floats, panels.width,
                                     static_cast<std::ptrdiff_t>(positions) * panels.width};
    clear(whole, panels, positions);
    pull_positions(next, in, gradient, whole);
    if (add) {
      kernel::take_channels<true>(whole, source.first, to, 0, source.features, positions);
    } else {
      kernel::take_channels<false>(whole, source.first, to, 0, source.features, positions);
      detail::clear_padding_of(to, stage.panels, positions);
    }
  }

  static void clear(const kernel::Image<float>& image, const Panels& panels, int positions) {
    for (int panel = 0; panel < panels.count; ++panel) {
      std::fill_n(image.data + panel * image.panel_stride,
                  static_cast<std::ptrdiff_t>(positions) * image.width, 0.0f);
    }
  }
};

}  // namespace lamina::runtime
