#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <span>

#include <lamina/core/tile.hpp>
#include <lamina/plan/sample_scratch.hpp>
#include <lamina/runtime/sweeps.hpp>

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

/// Floats of the weights of convolutions turned for a sweep.
constexpr std::size_t turned_floats(std::span<const Stage> stages) {
  std::size_t most = 0;
  int next = static_cast<int>(stages.size()) - 1;
  for (; next >= 0; --next) {
    next = for_each_sweep_back(stages, next, 0, [&](const BackwardSweep& sweep) {
      std::size_t floats = 0;
      sweep.for_each([&](int s) { floats += runtime::turned_floats(stages, s); });
      most = std::max(most, floats);
    });
  }
  return most;
}

/// Floats of the moments of a stage.
constexpr std::size_t moments_floats(const Stage& stage) {
  return 3 * static_cast<std::size_t>(stage.panels.padded());
}
constexpr std::size_t moments_floats(std::span<const Stage> stages) {
  std::size_t most = 0;
  for (const Stage& stage : stages) most = std::max(most, moments_floats(stage));
  return most;
}

/// Floats of a thread's scratch for operations: twice what one sample needs, values and gradients.
constexpr std::size_t operation_floats(std::span<const Stage> stages) {
  std::size_t most = 0;
  for (const Stage& stage : stages) {
    most = std::max({most, sample_scratch(stage), moments_floats(stage)});
  }
  return 2 * ((most + 15) / 16 * 16);
}

/// Floats of what a stage reads of one sample and finds nowhere: it is made again.
constexpr std::size_t recompute_floats(std::span<const Stage> stages) {
  std::size_t most = 0;
  for (const Stage& stage : stages) {
    std::size_t read = 0;
    for (const Source& source : stage.reads_from()) {
      if (source.stage < 0) continue;
      const Stage& from = stages[static_cast<std::size_t>(source.stage)];
      if (from.recomputed) read += from.sample_floats();
    }
    most = std::max(most, read);
  }
  return most;
}

}  // namespace lamina::runtime::detail
