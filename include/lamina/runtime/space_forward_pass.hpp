#pragma once

#include <algorithm>

#include <lamina/runtime/recompute_pass.hpp>
#include <lamina/runtime/sample_norm.hpp>
#include <lamina/runtime/sample_operation.hpp>

namespace lamina::runtime {

/// Some samples of a batch, with all their positions and channels.
struct Samples {
  int first;
  int count;
  int index;  ///< of the block

  /// As rows of a stage.
  [[nodiscard]] Block of(const Stage& stage) const {
    return {0, stage.panels.count, first * stage.positions(), count * stage.positions(), index};
  }
  template <class F>
  void for_each(const F& f) const {
    for (int sample = first; sample < first + count; ++sample) f(sample);
  }
  /// Calls f(samples) for pieces of at most `size` of them.
  template <class F>
  void for_each_piece(int size, const F& f) const {
    for (int done = 0; done < count; done += size) {
      f(Samples{first + done, std::min(size, count - done), index});
    }
  }
};

/// Calls f(samples) for the blocks of a batch.
template <class F>
void for_each_samples(const RowBlocks& blocks, bool parallel, const F& f) {
  for_each_task(blocks.count, parallel,
                [&](int block) { f(Samples{blocks.first(block), blocks.rows_of(block), block}); });
}

/// Forward through a block of samples of a stage that has positions, or reads some.
class SpaceForwardPass : public RecomputePass {
 public:
  using RecomputePass::RecomputePass;

  /// Samples that are taken through several loops at a time, so that their values are still in the
  /// L2 cache from one to the next: at most 128 KiB of them.
  /// The same on every machine, whatever its registers: moments are merged in pieces.
  [[nodiscard]] static int samples_of_piece(const Stage& stage) {
    constexpr std::size_t floats = 32768;
    const std::size_t of_sample =
        common_floats(stage.outputs()) * static_cast<std::size_t>(stage.positions());
    return static_cast<int>(std::max<std::size_t>(1, floats / of_sample));
  }

  /// The operation of the stage.
  void apply(int index, const Samples& samples) const {
    const Stage& stage = at(index);
    if (stage.operation.operation == Operation::Product) {
      const Block block = samples.of(stage);
      return block.for_each_panel([&](int panel) { contract(index, panel, block); });
    }
    samples.for_each([&](int sample) { network.space->apply(network, operands(stage, sample)); });
  }

  /// Moments of some samples, where means are taken over the batch, merged with those of their
  /// block before them.
  void add_moments(const Stage& stage, const Samples& samples) const {
    const Block block = samples.of(stage);
    const int before =
        (samples.first - network.samples_of(batch).first(samples.index)) * stage.positions();
    block.for_each_panel([&](int panel) {
      const kernel::NormalizeBlock& kernels = kernels_of(stage, panel);
      const kernel::PanelMoments all = moments_of(stage, panel, samples.index);
      const kernel::BatchPanel values = panel_of(stage, panel, block);
      if (before == 0) return kernels.find(values, stage.norm.centered, all);
      float* const room = thread_scratch();
      const std::ptrdiff_t width = stage.panels.width;
      const kernel::PanelMoments more{room, room + width, room + 2 * width};
      kernels.find(values, stage.norm.centered, more);
      kernels.merge(all, before, more, block.rows);
    });
  }
  /// Those of all blocks, in order, into what is kept of the batch.
  void merge_moments(const Stage& stage, const RowBlocks& blocks) const {
    for (int panel = 0; panel < stage.panels.count; ++panel) {
      const kernel::NormalizeBlock& kernels = kernels_of(stage, panel);
      const kernel::PanelMoments all = kept_moments(stage, panel);
      const kernel::PanelMoments first = moments_of(stage, panel, 0);
      std::copy_n(first.origin, stage.panels.width, all.origin);
      std::copy_n(first.delta, stage.panels.width, all.delta);
      std::copy_n(first.variance, stage.panels.width, all.variance);
      int rows = blocks.rows_of(0) * stage.positions();
      for (int block = 1; block < blocks.count; ++block) {
        const int more = blocks.rows_of(block) * stage.positions();
        kernels.merge(all, rows, moments_of(stage, panel, block), more);
        rows += more;
      }
      kernels.take(all, rows, stage.norm, averages_of(stage, panel), statistics_of(stage, panel));
    }
  }
  /// Outputs behind a norm over the batch, where they are kept.
  void normalize(int index, const Samples& samples) const {
    const Stage& stage = at(index);
    const Block block = samples.of(stage);
    block.for_each_panel([&](int panel) {
      outputs_again(index, panel, block.first_row, block.rows,
                    rows_at(stage.after, stage, panel, block.first_row));
    });
  }
  /// Where mean and deviation were found once.
  void standardize(const Stage& stage, const Samples& samples) const {
    const Block block = samples.of(stage);
    block.for_each_panel([&](int panel) {
      batch_kernels_of(stage, panel)
          .given(panel_of(stage, panel, block), averages_of(stage, panel));
    });
  }
  /// Where means are taken of each sample, or of each of its positions.
  void normalize_samples(const Stage& stage, const Samples& samples) const {
    detail::normalize_samples(stage, this->samples(stage, samples.of(stage)),
                              statistics_of_samples(stage, samples));
  }
  void apply_chain(int index, const Samples& samples) const {
    const Stage& stage = at(index);
    if (stage.trivial()) return;
    const Block block = samples.of(stage);
    std::size_t from = stage.before;
    if (stage.per_element()) {
      from = stage.after;
      detail::scale_elements(stage, parameters, this->samples(stage, block),
                             rows_at(from, stage, 0, block.first_row));
      if (stage.trivial_chain && !stage.adds_skip()) return;
    }
    block.for_each_panel([&](int panel) {
      network.chain_of(stage).forward(chain_panel(index, panel, block.first_row, block.rows),
                                      rows_at(from, stage, panel, block.first_row),
                                      rows_at(stage.after, stage, panel, block.first_row));
    });
  }

 protected:
  /// Those of the first sample; each has room of its own.
  [[nodiscard]] float* statistics_of_samples(const Stage& stage, const Samples& samples) const {
    float* first = arena + stage.row_rsqrt * static_cast<std::size_t>(batch);
    return first + static_cast<std::size_t>(samples.first) * stage.row_statistics();
  }
  [[nodiscard]] kernel::Image<float> image(std::size_t offset, const Stage& stage,
                                           int sample) const {
    return {rows_at(offset, stage, 0, sample * stage.positions()), stage.panels.width,
            panel_stride(stage)};
  }
  /// What a stage reads: where it lies, or made again at `room`, which moves behind it.
  [[nodiscard]] kernel::Image<const float> source_image(const Source& source, int sample,
                                                        float*& room) const {
    if (source.stage == Source::network_input) {
      return {inputs + static_cast<std::ptrdiff_t>(sample) * features, 1,
              features / source.features};
    }
    const Stage& stage = at(source.stage);
    if (!stage.recomputed) return image(stage.after, stage, sample);
    const kernel::Image<float> made{
        room, stage.panels.width,
        static_cast<std::ptrdiff_t>(stage.positions()) * stage.panels.width};
    outputs_again(source.stage, sample, made);
    room += stage.sample_floats();
    return made;
  }
  /// Where a thread makes values again: behind what operations need.
  [[nodiscard]] float* recompute_scratch() const {
    return thread_scratch() + network.space->operation_floats;
  }
  [[nodiscard]] SampleOperands operands(const Stage& stage, int sample) const {
    SampleOperands of{&stage, parameters, {}, image(stage.before, stage, sample), thread_scratch()};
    float* room = recompute_scratch();
    for (int i = 0; i < stage.source_count; ++i) {
      of.sources[static_cast<std::size_t>(i)] =
          source_image(stage.sources[static_cast<std::size_t>(i)], sample, room);
    }
    return of;
  }

  [[nodiscard]] kernel::BatchPanel panel_of(const Stage& stage, int panel,
                                            const Block& block) const {
    return {rows_at(stage.before, stage, panel, block.first_row), stage.panels.width, block.rows};
  }
  [[nodiscard]] kernel::PanelMoments moments_of(const Stage& stage, int panel, int block) const {
    float* first = block_moments + static_cast<std::size_t>(block) * network.space->moments_floats +
                   panel * stage.panels.width;
    const int padded = stage.panels.padded();
    return {first, first + padded, first + 2 * padded};
  }
};

}  // namespace lamina::runtime
