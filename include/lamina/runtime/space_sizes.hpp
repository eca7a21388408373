#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <span>

#include <lamina/core/tile.hpp>
#include <lamina/plan/sample_scratch.hpp>
#include <lamina/runtime/space_tables.hpp>

/// What the tables of networks with positions need: heights of tiles, and sizes of memory.
namespace lamina::runtime::detail {

/// Heights of the tiles of all convolutions.
constexpr std::array<kernel::ConvolutionRows, kernel::convolution_kinds> convolution_rows(
    std::span<const Stage> stages) {
  std::array<kernel::ConvolutionRows, kernel::convolution_kinds> all;
  const auto add = [](auto& sets, const Panels& panels, int count) {
    for (const int vectors : {panels.vectors, panels.last_vectors}) {
      sets[static_cast<std::size_t>(vectors)] |=
          kernel::tile_row_set(count, line_tile_rows(vectors));
    }
  };
  for (const Stage& stage : stages) {
    if (!stage.convolves()) continue;
    kernel::ConvolutionRows& rows = all[kind_of_convolution(stage)];
    const WindowAxis& axis = stage.operation.window.x;
    const auto go = [&](const Panels& panels) { add(rows.lines, panels, stage.left().width); };
    const auto go_back = [&](const Panels& panels) {
      for (int phase = 0; phase < axis.stride; ++phase) {
        add(rows.lines, panels, phase_of(axis, stage.slid().width, phase).count);
      }
    };
    const bool together = axis.dilation == 1 && !stage.transposed();
    add(rows.gradients, stage.panels, (together ? axis.kernel : 1) * stage.group_inputs());
    const auto add_lines = [&](const Panels& panels, bool back) {
      if (stage.transposed() != back) {
        go_back(panels);
      } else {
        go(panels);
      }
    };
    add_lines(stage.panels, false);
    for (const Source& source : stage.reads_from()) {
      if (source.stage < 0) continue;
      const Panels& panels = stages[static_cast<std::size_t>(source.stage)].panels;
      add_lines(panels, true);
    }
  }
  return all;
}

/// Floats of the weights of convolutions turned for the way back to one stage.
constexpr std::size_t turned_floats(std::span<const Stage> stages) {
  std::size_t most = 0;
  for (const Stage& stage : stages) {
    if (!stage.convolves()) continue;
    for (const Source& source : stage.reads_from()) {
      if (source.stage < 0) continue;
      const Panels& panels = stages[static_cast<std::size_t>(source.stage)].panels;
      most = std::max(most, static_cast<std::size_t>(panels.count) *
                                kernel::turned_floats(convolution_of(stage), panels.width));
    }
  }
  return most;
}

/// Floats of a thread's scratch: twice what one sample needs, values and gradients.
constexpr std::size_t space_scratch(std::span<const Stage> stages) {
  std::size_t most = 0;
  for (const Stage& stage : stages) most = std::max(most, sample_scratch(stage));
  return 2 * ((most + 15) / 16 * 16);
}

constexpr std::size_t moments_floats(std::span<const Stage> stages) {
  int most = 0;
  for (const Stage& stage : stages) most = std::max(most, 3 * stage.panels.padded());
  return static_cast<std::size_t>(most);
}

}  // namespace lamina::runtime::detail
