#pragma once

#include <algorithm>
#include <span>
#include <vector>

#include <lamina/plan/stage.hpp>

/// How the work of a step is cut into tasks. All of it follows from the plan and the batch alone,
/// never from the number of threads, so that any number of them gives the same bits.
namespace lamina::runtime {

/// Below this many multiply-adds a step runs on one thread: waking another takes 1 to 20 us, and
/// 2^20 multiply-adds are about 18 us on one core at 60 GFMA/s.
inline constexpr std::size_t serial_multiplications = std::size_t{1} << 20;

/// Rows of a stage cut evenly into blocks of a multiple of 8 rows, the group of one mask counter.
struct RowBlocks {
  int count = 1;
  int size = 0;
  int rows = 0;

  [[nodiscard]] int first(int block) const { return block * size; }
  [[nodiscard]] int rows_of(int block) const { return std::min(size, rows - first(block)); }

  static RowBlocks of(int rows, int wanted) {
    constexpr int least = 16;  // fewer rows would leave tiles half empty
    const int size = std::max(least, ((rows + wanted - 1) / wanted + 7) / 8 * 8);
    return {std::max(1, (rows + size - 1) / size), size, rows};
  }
};

/// The blocks of rows of a stage that needs no batch statistics; with them, all rows at once.
inline RowBlocks row_blocks(const Stage& stage, int batch) {
  constexpr int tasks = 16;  // enough for a machine of several cores to share
  if (stage.normalized()) return {1, batch, batch};
  return RowBlocks::of(batch, std::max(1, tasks / stage.panels.count));
}

/// A block of the weights of one panel of one stage: gradient and update.
struct WeightBlock {
  int stage;
  int panel;
  int first_input;
  int inputs;
};

/// All weights of a network in blocks that do not straddle panels of activations.
inline std::vector<WeightBlock> weight_blocks(std::span<const Stage> stages) {
  std::vector<WeightBlock> blocks;
  for (std::size_t s = 0; s < stages.size(); ++s) {
    const Stage& stage = stages[s];
    if (!stage.contraction) continue;
    // The user's rows are not in panels: any cut will do, 16 tiles of 6.
    const int size = s == 0 ? 96 : stages[s - 1].panels.width;
    const int even = s == 0 ? (stage.inputs + size - 1) / size : 0;
    for (int panel = 0; panel < stage.panels.count; ++panel) {
      if (s == 0) {
        for (int i = 0; i < even; ++i) {
          const int first = stage.inputs * i / even;
          blocks.push_back({0, panel, first, stage.inputs * (i + 1) / even - first});
        }
      } else {
        for (int first = 0; first < stage.inputs; first += size) {
          blocks.push_back(
              {static_cast<int>(s), panel, first, std::min(size, stage.inputs - first)});
        }
      }
    }
  }
  return blocks;
}

}  // namespace lamina::runtime
