#pragma once

#include <cstddef>
#include <span>

#include <lamina/kernel/weight_norm.hpp>
#include <lamina/runtime/backward_pass.hpp>
#include <lamina/runtime/schedule.hpp>

/// Where the blocks of weights lie that the tasks of an update work on.
namespace lamina::runtime {

/// A block of weights, and where it lies in the parameter block.
struct PlacedBlock {
  const Stage* stage;
  int panel;
  kernel::PanelRows rows;
  std::size_t offset;

  [[nodiscard]] std::size_t vectors() const { return static_cast<std::size_t>(rows.vectors); }
  /// Where the panel's part of a vector lies, and the same rows of the directions.
  [[nodiscard]] std::size_t magnitude() const {
    return stage->magnitude + static_cast<std::size_t>(panel * stage->panels.width);
  }
  [[nodiscard]] std::size_t direction() const { return offset - stage->weights + stage->direction; }
  /// One row of a vector.
  [[nodiscard]] kernel::PanelRows row() const {
    return {rows.width, 1, rows.vectors, rows.last_lanes};
  }
  [[nodiscard]] kernel::NormedPanel normed(const float* parameters) const {
    return {rows, parameters + magnitude(), parameters + direction()};
  }
};

/// Floats before a block in the parameter block.
inline std::size_t offset_of(std::span<const Stage> stages, const WeightBlock& block) {
  const Stage& stage = stages[static_cast<std::size_t>(block.stage)];
  return stage.weights +
         (static_cast<std::size_t>(block.panel) * static_cast<std::size_t>(stage.depth()) +
          static_cast<std::size_t>(block.first_input)) *
             static_cast<std::size_t>(stage.panels.width);
}

inline PlacedBlock place(std::span<const Stage> stages, const WeightBlock& block) {
  const Stage& stage = stages[static_cast<std::size_t>(block.stage)];
  return {&stage, block.panel, panel_rows(stage, block.panel, block.inputs),
          offset_of(stages, block)};
}

/// Calls f(part, offset) for the parts of a block whose inputs lie in one piece.
template <class F>
void for_each_part(std::span<const Stage> stages, const WeightBlock& block, const F& f) {
  const Stage& stage = stages[static_cast<std::size_t>(block.stage)];
  const auto call = [&](int first, int end) {
    const WeightBlock part{block.stage, block.panel, first, end - first};
    f(part, offset_of(stages, part));
  };
  for (const Source& source : stage.reads_from()) {
    if (stage.whole_panels) {
      for_each_cut(source, [&](int first, int end) {
        const bool inside = first >= block.first_input && end <= block.first_input + block.inputs;
        if (inside) for_each_run(stages, source, first, end, call);
      });
    } else if (source.first <= block.first_input &&
               block.first_input < source.first + source.features) {
      for_each_run(stages, source, block.first_input, block.first_input + block.inputs, call);
    }
  }
}

/// The gradients of a block of a convolution's weights, one for each block of samples.
inline kernel::GradientBlocks gradients_of_blocks(const BackwardPass& pass,
                                                  const PlacedBlock& block) {
  const RowBlocks samples = pass.network.samples_of(pass.batch);
  const std::size_t floats = block.stage->weight_floats();
  return {pass.gradients_of_convolution(*block.stage, 0) + (block.offset - block.stage->weights),
          static_cast<std::ptrdiff_t>(floats), samples.count, 1.0f};
}

/// The operands of a block's gradient.
inline kernel::GradientTask gradient_task(const BackwardPass& pass, const WeightBlock& block) {
  const Stage& stage = pass.at(block.stage);
  return {pass.columns_of_inputs(block.stage, block.first_input),
          pass.rows_at(stage.gradient, stage, block.panel, 0), stage.panels.width, pass.batch,
          block.inputs};
}

/// Calls f(offset, first feature) for the registers of what is of every value of a sample: by
/// positions, an order that is the same for any width of a panel.
template <class F>
void for_each_element(const Stage& stage, const F& f) {
  const int width = stage.panels.width;
  for (int position = 0; position < stage.positions(); ++position) {
    for (int i = 0; i < stage.panels.padded(); i += simd::lanes) {
      const int at = (i / width * stage.positions() + position) * width + i % width;
      f(static_cast<std::size_t>(at), i);
    }
  }
}

}  // namespace lamina::runtime
