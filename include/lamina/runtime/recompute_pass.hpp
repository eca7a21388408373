#pragma once

#include <algorithm>
#include <cstddef>

#include <lamina/core/aligned.hpp>
#include <lamina/runtime/backward_pass.hpp>

namespace lamina::runtime {

/// Values that a step does not keep, made again from what an operation has left: a few rows at a
/// time, so that they are in the L1 cache from the norm to the chain and beyond.
class RecomputePass : public BackwardPass {
 public:
  explicit RecomputePass(const BackwardPass& pass) : BackwardPass(pass) {}

  /// Rows of a panel, as many as are done together.
  struct Chunk {
    int first;
    int rows;
  };
  template <class F>
  static void for_each_chunk(int first, int rows, const F& f) {
    for (int done = 0; done < rows; done += kernel::column_rows) {
      f(Chunk{first + done, std::min(kernel::column_rows, rows - done)});
    }
  }
  /// Room for those of any panel.
  struct alignas(AlignedFloats::alignment) ChunkFloats {
    float data[kernel::column_rows * tile_vectors * simd::lanes];
  };

  /// Normalized values of a panel, of stages that normalize again.
  void normalize_again(const Stage& stage, int panel, const Chunk& chunk, float* to) const {
    kernels_of(stage, panel)
        .apply(raw_rows(stage, panel, chunk), kept_moments(stage, panel),
               statistics_of(stage, panel), to);
  }
  /// Outputs of the same.
  void outputs_again(int index, int panel, int first_row, int rows, float* to) const {
    const Stage& stage = at(index);
    for_each_chunk(first_row, rows, [&](const Chunk& chunk) {
      normalize_again(stage, panel, chunk, to);
      if (!stage.trivial()) {
        network.chain_of(stage).forward(chain_panel(index, panel, chunk.first, chunk.rows), to, to);
      }
      to += static_cast<std::ptrdiff_t>(chunk.rows) * stage.panels.width;
    });
  }
  /// Of one sample, all panels.
  void outputs_again(int index, int sample, const kernel::Image<float>& to) const {
    const Stage& stage = at(index);
    for (int panel = 0; panel < stage.panels.count; ++panel) {
      outputs_again(index, panel, sample * stage.positions(), stage.positions(),
                    to.data + panel * to.panel_stride);
    }
  }

  /// The way back through chain and sums of the norm, of some rows of a panel.
  void chain_back_again(int index, int panel, const Block& block, float* gradient,
                        const kernel::PanelSums& sums) const {
    const Stage& stage = at(index);
    const kernel::ChainKernels& chain = network.chain_of(stage);
    ChunkFloats normalized;
    ChunkFloats outputs;
    for_each_chunk(block.first_row, block.rows, [&](const Chunk& chunk) {
      normalize_again(stage, panel, chunk, normalized.data);
      if (!stage.trivial_chain) {
        const kernel::ChainPanel rows = chain_panel(index, panel, chunk.first, chunk.rows);
        const float* after = normalized.data;  // where the chain reads no outputs
        if (!stage.recomputed) {
          after = rows_at(stage.after, stage, panel, chunk.first);
        } else if (stage.reads == expr::Reads::Output) {
          chain.forward(rows, normalized.data, outputs.data);
          after = outputs.data;
        }
        chain.backward(rows, normalized.data, after, gradient);
      }
      clear_padding(stage, panel, chunk.rows, gradient);
      batch_kernels_of(stage, panel)
          .add_sums({normalized.data, stage.panels.width, chunk.rows}, gradient, sums);
      gradient += static_cast<std::ptrdiff_t>(chunk.rows) * stage.panels.width;
    });
  }
  /// The rest of the way through the norm, in place.
  void norm_back_again(const Stage& stage, int panel, const Block& block, float* gradient,
                       const kernel::PanelSums& sums, const float* scale) const {
    ChunkFloats normalized;
    for_each_chunk(block.first_row, block.rows, [&](const Chunk& chunk) {
      normalize_again(stage, panel, chunk, normalized.data);
      batch_kernels_of(stage, panel)
          .finish({normalized.data, stage.panels.width, chunk.rows}, gradient,
                  statistics_of(stage, panel), sums, scale, gradient);
      gradient += static_cast<std::ptrdiff_t>(chunk.rows) * stage.panels.width;
    });
  }

 protected:
  /// Those of the whole batch, where they are kept for the step.
  [[nodiscard]] kernel::PanelMoments kept_moments(const Stage& stage, int panel) const {
    const int padded = stage.panels.padded();
    float* first = statistics + stage.statistics + 3 * padded + panel * stage.panels.width;
    return {first, first + padded, first + 2 * padded};
  }
  [[nodiscard]] const kernel::NormalizeBlock& kernels_of(const Stage& stage, int panel) const {
    return network.space->normalize[static_cast<std::size_t>(stage.panels.vectors_of(panel))];
  }
  [[nodiscard]] const kernel::NormalizePanel& batch_kernels_of(const Stage& stage,
                                                               int panel) const {
    return network.normalize[static_cast<std::size_t>(stage.panels.vectors_of(panel))];
  }

 private:
  [[nodiscard]] kernel::BatchPanel raw_rows(const Stage& stage, int panel,
                                            const Chunk& chunk) const {
    return {rows_at(stage.before, stage, panel, chunk.first), stage.panels.width, chunk.rows};
  }
};

}  // namespace lamina::runtime
