#pragma once

#include <algorithm>
#include <numeric>
#include <span>
#include <vector>

#include <lamina/kernel/stored_update.hpp>
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

  /// Fewer than 16 rows would leave tiles half empty.
  static RowBlocks of(int rows, int wanted, int least = 16) {
    const int size = std::max(least, ((rows + wanted - 1) / wanted + 7) / 8 * 8);
    return {std::max(1, (rows + size - 1) / size), size, rows};
  }
};

/// Tasks of a loop: enough for a machine of several cores to share.
inline constexpr int tasks_of_a_loop = 16;

/// The blocks of rows of a stage. A task that owns all features reads all weights, so it gets more
/// rows to read them for.
inline RowBlocks row_blocks(const Stage& stage, int batch) {
  constexpr int least_whole_rows = 32;
  switch (stage.loop()) {
    case Loop::Panels:
      return {1, batch, batch};
    case Loop::Rows:
      return RowBlocks::of(batch, tasks_of_a_loop, least_whole_rows);
    default:
      return RowBlocks::of(batch, std::max(1, tasks_of_a_loop / stage.panels.count));
  }
}

/// A batch cut into blocks of samples, for loops over all positions and channels of each. Random
/// bits belong to eight rows: a block begins with the first of such a group in every stage.
inline RowBlocks sample_blocks(int batch, int step, int tasks) {
  const int size = ((batch + tasks - 1) / tasks + step - 1) / step * step;
  return {(batch + size - 1) / size, size, batch};
}

/// Blocks of samples at most: each has gradients of its own for the weights of all convolutions, of
/// which 64 MiB are enough, but for four threads.
constexpr int sample_tasks(std::size_t convolution_floats) {
  constexpr std::size_t most = std::size_t{1} << 24;
  if (convolution_floats == 0) return tasks_of_a_loop;
  return static_cast<int>(
      std::clamp<std::size_t>(most / convolution_floats, 4, std::size_t{tasks_of_a_loop}));
}

/// Samples of which any number together begin and end with groups of eight rows.
constexpr int samples_of_eight(const Stage& stage) {
  return 8 / std::gcd(8, stage.positions());
}
constexpr int sample_step(std::span<const Stage> stages) {
  int step = 1;
  for (const Stage& stage : stages) {
    if (stage.loop() == Loop::Samples) step = std::lcm(step, samples_of_eight(stage));
  }
  return step;
}

/// A block of the weights of one panel of one stage: gradient and update.
struct WeightBlock {
  int stage;
  int panel;
  int first_input;
  int inputs;
};

/// Calls f(first, end) for the blocks that the inputs of a source are cut into. The network's
/// inputs are cut evenly, to about 16 tiles; activations as they are stored where registers are
/// widest, in panels: sums over a block have the same bits on every machine then.
template <class F>
constexpr void for_each_cut(const Source& source, const F& f) {
  constexpr int rows_of_input = 16 * tile_rows;
  const bool input = source.stage == Source::network_input;
  const int size = input ? rows_of_input : Panels::common_width(source.features);
  const int cuts = (source.features + size - 1) / size;
  const auto even = [&](int cut) {
    return static_cast<int>(static_cast<long long>(source.features) * cut / cuts);
  };
  for (int cut = 0; cut < cuts; ++cut) {
    const int first = input ? even(cut) : cut * size;
    const int end = input ? even(cut + 1) : std::min(first + size, source.features);
    f(source.first + first, source.first + end);
  }
}

/// Calls f(first input, end) for the blocks of inputs of stage `s`.
template <class F>
constexpr void for_each_cut_of(std::span<const Stage> stages, std::size_t s, const F& f) {
  if (!stages[s].contraction) return;
  if (stages[s].convolves()) {
    // Its gradient lies in memory: blocks of the depth may be cut anywhere.
    constexpr int rows_of_block = 16 * tile_rows;
    for (int first = 0; first < stages[s].depth(); first += rows_of_block) {
      f(first, std::min(first + rows_of_block, stages[s].depth()));
    }
    return;
  }
  for (const Source& source : stages[s].reads_from()) {
    for_each_cut(source, f);
  }
}

/// Calls f(first, end) for the runs of the inputs [first, end) of a source that lie together: in
/// one of its panels.
template <class F>
constexpr void for_each_run(std::span<const Stage> stages, const Source& source, int first, int end,
                            const F& f) {
  if (source.stage == Source::network_input) return f(first, end);
  const int width = stages[static_cast<std::size_t>(source.stage)].panels.width;
  while (first < end) {
    const int next = std::min(end, first + width - (first - source.first) % width);
    f(first, next);
    first = next;
  }
}

/// Calls f(stage, first input, end) for the blocks of inputs of every contraction.
template <class F>
constexpr void for_each_cut(std::span<const Stage> stages, const F& f) {
  for (std::size_t s = 0; s < stages.size(); ++s) {
    for_each_cut_of(stages, s, [&](int first, int end) { f(static_cast<int>(s), first, end); });
  }
}

/// `rows` rows of a panel of a stage's packed weights, as kernels go through them.
inline kernel::PanelRows panel_rows(const Stage& stage, int panel, int rows) {
  const int vectors = stage.panels.vectors_of(panel);
  return {stage.panels.width, rows, vectors,
          stage.panels.features_of(panel) - (vectors - 1) * simd::lanes};
}

/// All weights of a network in blocks. The panels of one cut follow each other: they read the same
/// inputs, whose strided rows no prefetcher follows. Where a weight's update needs all weights into
/// its output, a block is a panel.
inline std::vector<WeightBlock> weight_blocks(std::span<const Stage> stages) {
  std::vector<WeightBlock> blocks;
  for_each_cut(stages, [&](int stage, int first, int end) {
    const Stage& at = stages[static_cast<std::size_t>(stage)];
    if (at.whole_panels && first > 0) return;
    for (int panel = 0; panel < at.panels.count; ++panel) {
      blocks.push_back({stage, panel, first, at.whole_panels ? at.depth() : end - first});
    }
  });
  return blocks;
}

}  // namespace lamina::runtime
