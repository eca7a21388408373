#pragma once

#include <algorithm>
#include <cstdint>

#include <lamina/core/aligned.hpp>
#include <lamina/kernel/gather.hpp>
#include <lamina/runtime/network_tables.hpp>
#include <lamina/runtime/space_loops.hpp>

namespace lamina::runtime {

/// Inference: all layers on a block of rows while it is in cache. Rows do not see each other, so
/// the cut into blocks does not show in the results. Allocates nothing, locks nothing, throws
/// nothing.
struct InferencePass {
  NetworkTables network;
  const float* parameters;
  const float* running;  ///< null where the normalizations are folded into the weights
  const std::int64_t* counters;

  /// Samples to outputs, both as users have them; `scratch` holds a block of `rows` of the largest
  /// samples for each slot of the plan, and behind them what an operation over positions needs.
  void run(const float* inputs, float* outputs, int rows, float* scratch,
           std::size_t slot_stride) const {
    const BlockOfRows block{inputs, scratch, slot_stride, rows};
    const int stages = static_cast<int>(network.stages.size());
    for (int s = 0; s < stages; ++s) {
      if (!skipped(at(s))) infer_stage(s, block);
    }
    unpack(network.stages.back(), block.values(network.stages.back()), outputs, rows);
  }

  /// The outputs of every stage on the way, row-major (rows, outputs of the stage), to
  /// `place(stage)`: a row of `run` that is taken apart for those who look into a network.
  template <class Place>
  void run_stages(const float* inputs, int rows, float* scratch, std::size_t slot_stride,
                  const Place& place) const {
    const BlockOfRows block{inputs, scratch, slot_stride, rows};
    for (std::size_t s = 0; s < network.stages.size(); ++s) {
      const Stage& stage = network.stages[s];
      if (skipped(stage)) continue;
      infer_stage(static_cast<int>(s), block);
      unpack(stage, block.values(stage), place(s), rows);
    }
  }

 private:
  struct BlockOfRows {
    const float* inputs;
    float* scratch;
    std::size_t slot_stride;
    int rows;

    [[nodiscard]] float* values(const Stage& stage) const {
      return scratch + static_cast<std::size_t>(stage.inference_slot) * slot_stride;
    }
    /// From a panel of a stage to the next.
    [[nodiscard]] std::ptrdiff_t panel_stride(const Stage& stage) const {
      return static_cast<std::ptrdiff_t>(rows_of(stage)) * stage.panels.width;
    }
    [[nodiscard]] int rows_of(const Stage& stage) const { return rows * stage.positions(); }
    [[nodiscard]] float* panel(const Stage& stage, int panel) const {
      return values(stage) + panel * panel_stride(stage);
    }
  };

  [[nodiscard]] const Stage& at(int index) const {
    return network.stages[static_cast<std::size_t>(index)];
  }
  [[nodiscard]] bool folded() const { return running == nullptr; }
  /// Frozen, the numbers of such a stage are in the weights of those that read it.
  [[nodiscard]] bool skipped(const Stage& stage) const { return folded() && stage.folds_forward; }

  /// What a stage reads as a left operand, looking through stages that are not there.
  [[nodiscard]] kernel::Rows rows_of(int source, const BlockOfRows& block) const {
    while (source != Source::network_input && skipped(at(source))) {
      source = at(source).sources[0].stage;
    }
    if (source == Source::network_input) {
      const std::ptrdiff_t features = network.features;
      return {block.inputs, features, network.features, 0};
    }
    const std::ptrdiff_t width = at(source).panels.width;
    return {block.values(at(source)), width, at(source).panels.width,
            block.panel_stride(at(source))};
  }

  /// The operation of a stage over positions, sample by sample.
  void apply(const Stage& stage, const BlockOfRows& block) const {
    float* scratch = block.scratch + static_cast<std::size_t>(network.slots) * block.slot_stride;
    const std::ptrdiff_t width = stage.panels.width;
    for (int sample = 0; sample < block.rows; ++sample) {
      SampleOperands of{&stage,
                        parameters,
                        {},
                        {block.values(stage) + sample * stage.positions() * width,
                         stage.panels.width, block.panel_stride(stage)},
                        scratch};
      for (int i = 0; i < stage.source_count; ++i) {
        of.sources[static_cast<std::size_t>(i)] =
            image_of(stage.sources[static_cast<std::size_t>(i)], sample, block);
      }
      network.space->apply(network, of);
    }
  }
  [[nodiscard]] kernel::Image<const float> image_of(const Source& source, int sample,
                                                    const BlockOfRows& block) const {
    if (source.stage == Source::network_input) {
      return {block.inputs + static_cast<std::ptrdiff_t>(sample) * network.features, 1,
              network.features / source.features};
    }
    const Stage& from = at(source.stage);
    return {block.values(from) +
                static_cast<std::ptrdiff_t>(sample) * from.positions() * from.panels.width,
            from.panels.width, block.panel_stride(from)};
  }

  void infer_stage(int s, const BlockOfRows& block) const {
    const Stage& stage = at(s);
    const bool product = stage.operation.operation == Operation::Product;
    if (stage.loop() == Loop::Samples && !product) {
      apply(stage, block);
    } else {
      for (int panel = 0; panel < stage.panels.count; ++panel) {
        if (product) {
          contract(stage, panel, block);
        } else {
          gather(stage, panel, block);
        }
      }
    }
    const bool normalizes = stage.normalized && !(folded() && folds_back(stage));
    if (stage.means_of_samples()) {
      const kernel::SampleRows rows{block.values(stage), block.panel_stride(stage),
                                    stage.panels.width, stage.outputs(), block.rows_of(stage)};
      if (stage.loop() == Loop::Samples) {
        network.space->normalize_samples(stage, rows, nullptr);
        if (stage.per_element()) {
          network.space->scale_elements(stage, parameters, rows, rows.values);
        }
      } else {
        kernel::normalize_rows(rows, stage.norm, nullptr);
      }
    }
    if (stage.expressionless && !normalizes && !stage.adds_skip()) return;
    for (int panel = 0; panel < stage.panels.count; ++panel) {
      chain(s, panel, normalizes, block);
    }
  }

  /// A normalization behind a contraction whose numbers freeze into its weights.
  static bool folds_back(const Stage& stage) {
    return stage.contraction && stage.affine_in_inference();
  }

  void contract(const Stage& stage, int panel, const BlockOfRows& block) const {
    const std::ptrdiff_t width = stage.panels.width;
    const std::ptrdiff_t feature = panel * width;
    float* out = block.panel(stage, panel);
    const float* start = parameters + stage.bias_vector + feature;
    std::ptrdiff_t start_stride = 0;
    for (const Source& source : stage.reads_from()) {
      network.multiply[static_cast<std::size_t>(stage.panels.vectors_of(panel))](
          {rows_of(source.stage, block),
           parameters + stage.weights + feature * stage.inputs + source.first * width, width,
           source.features, out, width, start, start_stride},
          block.rows);
      start = out;
      start_stride = width;
    }
  }

  void gather(const Stage& stage, int panel, const BlockOfRows& block) const {
    const int first = panel * stage.panels.width;
    const int end = first + stage.panels.features_of(panel);
    float* out = block.panel(stage, panel);
    std::fill_n(out, static_cast<std::ptrdiff_t>(block.rows) * stage.panels.width, 0.0f);
    for (const Source& source : stage.reads_from()) {
      const int from = std::max(first, source.first);
      const int count = std::min(end, source.first + source.features) - from;
      if (count <= 0) continue;
      kernel::copy_features(rows_of(source.stage, block), from - source.first,
                            {out, stage.panels.width, 0}, from - first, count, block.rows);
    }
  }

  void chain(int s, int panel, bool normalizes, const BlockOfRows& block) const {
    const Stage& stage = at(s);
    const float* skip = stage.adds_skip() ? block.panel(at(stage.skip), panel) : nullptr;
    for (int v = 0; v < stage.panels.vectors_of(panel); ++v) {
      const int lane = v * simd::lanes;
      network.chain_of(stage).infer(normalizes ? affine(stage, panel * stage.panels.width + lane)
                                               : kernel::Affine::identity(),
                                    block.panel(stage, panel) + lane,
                                    skip == nullptr ? nullptr : skip + lane, stage.panels.width,
                                    block.rows_of(stage));
    }
  }

  /// Scale and shift, and before them the averages where the norm has some and is not folded.
  [[nodiscard]] kernel::Affine affine(const Stage& stage, int feature) const {
    using simd::Register;
    const auto scale = Register::load(parameters + stage.scale_vector + feature);
    const auto shift = Register::load(parameters + stage.shift_vector + feature);
    if (folded() || !stage.affine_in_inference()) return {Register(0.0f), scale, shift};
    const float* averages = running + stage.running + feature;
    const bool sums = stage.norm.averages == Averages::Running;
    const auto standard = standard_of<Register>(
        stage, [&](std::size_t offset) { return Register::load(averages + offset); },
        sums ? running[stage.count_of_sums()] : 0.0f, sums ? least_variance(stage, counters) : 0);
    return {standard.mean, scale * standard.factor, shift};
  }

  /// Values in panels to what users have, (rows, channels, positions).
  static void unpack(const Stage& stage, const float* from, float* to, int rows) {
    const Panels& panels = stage.panels;
    if (stage.positions() > 1) return unpack_positions(stage, from, to, rows);
    for (int row = 0; row < rows; ++row) {
      for (int panel = 0; panel < panels.count; ++panel) {
        const float* at = from + (panel * rows + row) * panels.width;
        for (int i = 0; i < panels.features_of(panel); i += simd::lanes) {
          simd::Register::load(at + i).store_first(
              to + static_cast<std::ptrdiff_t>(row) * panels.features + panel * panels.width + i,
              std::min(simd::lanes, panels.features_of(panel) - i));
        }
      }
    }
  }
  static void unpack_positions(const Stage& stage, const float* from, float* to, int rows) {
    const int positions = stage.positions();
    const std::ptrdiff_t width = stage.panels.width;
    for (int row = 0; row < rows; ++row) {
      for (int channel = 0; channel < stage.outputs(); ++channel) {
        const float* at = from + channel / width * rows * positions * width +
                          static_cast<std::ptrdiff_t>(row) * positions * width + channel % width;
        for (int p = 0; p < positions; ++p) *to++ = at[p * width];
      }
    }
  }
};

}  // namespace lamina::runtime
