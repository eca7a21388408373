#pragma once

#include <algorithm>
#include <cstring>

#include <lamina/runtime/step_memory.hpp>

namespace lamina::runtime {

/// The way forward through one block of a stage during a training step. No function here starts
/// threads: the tasks of a stage are independent and write to places of their own, so any schedule
/// gives the same bits.
class ForwardPass : public StepMemory {
 public:
  explicit ForwardPass(const StepMemory& memory) : StepMemory(memory) {}

  /// Contraction, normalization and chain of a block.
  void forward(int index, const Block& block) const {
    const Stage& stage = at(index);
    block.for_each_panel([&](int panel) {
      if (stage.contraction) {
        contract(index, panel, block);
      } else {
        gather(index, panel, block);
      }
    });
    if (stage.normalized) normalize(index, block);
    if (stage.trivial()) return;
    block.for_each_panel([&](int panel) {
      network.chain_of(stage).forward(chain_panel(index, panel, block.first_row, block.rows),
                                      rows_at(stage.before, stage, panel, block.first_row),
                                      rows_at(stage.after, stage, panel, block.first_row));
    });
  }

 protected:
  /// The sum over all sources, one after the other: they need not lie together.
  void contract(int index, int panel, const Block& block) const {
    const Stage& stage = at(index);
    const std::ptrdiff_t width = stage.panels.width;
    float* out = rows_at(stage.before, stage, panel, block.first_row);
    const float* weights =
        parameters + stage.weights + static_cast<std::ptrdiff_t>(panel) * stage.inputs * width;
    const float* start = parameters + stage.bias_vector + panel * stage.panels.width;
    std::ptrdiff_t start_stride = 0;
    for (const Source& source : stage.reads_from()) {
      network.multiply[static_cast<std::size_t>(stage.panels.vectors_of(panel))](
          {values_of(source.stage).from(block.first_row), weights + source.first * width, width,
           source.features, out, width, start, start_stride},
          block.rows);
      start = out;
      start_stride = width;
    }
  }

 private:
  /// Puts what a stage without contraction reads into one place.
  void gather(int index, int panel, const Block& block) const {
    const Stage& stage = at(index);
    float* out = rows_at(stage.before, stage, panel, block.first_row);
    if (stage.reads_panels()) {
      const Stage& source = at(stage.sources[0].stage);
      if (source.after == stage.before) return;
      const float* from = rows_at(source.after, source, panel, block.first_row);
      std::memcpy(out, from, block.floats_of(stage) * sizeof(float));
      return;
    }
    const int first = panel * stage.panels.width;
    const int end = first + stage.panels.features_of(panel);
    for (const Source& source : stage.reads_from()) {
      const int from = std::max(first, source.first);
      const int count = std::min(end, source.first + source.features) - from;
      if (count <= 0) continue;
      kernel::copy_features(values_of(source.stage).from(block.first_row), from - source.first,
                            {out, stage.panels.width, 0}, from - first, count, block.rows);
    }
    clear_padding(stage, panel, block.rows, out);
  }

  void normalize(int index, const Block& block) const {
    const Stage& stage = at(index);
    if (stage.loop() == Loop::Rows) {
      kernel::normalize_rows(samples(stage, block), stage.norm, row_rsqrt(stage, block));
      return;
    }
    const int panel = block.first_panel;
    const auto& kernels =
        network.normalize[static_cast<std::size_t>(stage.panels.vectors_of(panel))];
    const kernel::BatchPanel values{rows_at(stage.before, stage, panel, block.first_row),
                                    stage.panels.width, block.rows};
    const kernel::PanelAverages averages = averages_of(stage, panel);
    if (stage.norm.averages == Averages::Fitted) {
      kernels.given(values, averages);
    } else {
      kernels.forward(values, stage.norm, averages, statistics_of(stage, panel));
    }
  }
};

}  // namespace lamina::runtime
