#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <tuple>
#include <utility>
#include <vector>

#include <lamina/core/aligned.hpp>
#include <lamina/core/rounded.hpp>
#include <lamina/runtime/placed_block.hpp>
#include <lamina/runtime/recompute_pass.hpp>
#include <lamina/runtime/schedule.hpp>
#include <lamina/runtime/update_kernels.hpp>

/// What the values and gradients of a step say about its layers, read from where the step left
/// them.
namespace lamina::runtime {

/// One stage in one step, its padding left out. NaN where a stage has no such gradient: nothing in
/// or before it is trained, or it has no weights.
struct StageStatistics {
  static constexpr double absent = std::numeric_limits<double>::quiet_NaN();

  double mean = 0;                  ///< of the outputs, over samples and units
  double deviation = 0;             ///< of the outputs, likewise, divided by their number
  double dead = 0;                  ///< share of units whose output is zero for every sample
  double weight_gradient = absent;  ///< Euclidean norm, of the mean loss of the data
  double value_gradient = absent;   ///< root mean square, by the values before norm and activation
  bool finite_values = true;
  bool finite_gradients = true;
};

namespace detail {

/// Sums over the features and rows of panels, in double: squares of floats cannot overflow there.
struct ValueSums {
  double sum = 0;
  double squares = 0;
  int zero_features = 0;  ///< that are zero in every row

  void add(const ValueSums& other) {
    sum += other.sum;
    squares += other.squares;
    zero_features += other.zero_features;
  }
};

/// The sums of 16 features of a panel and the next 16: added up over all panels, in order, they are
/// the same for any width of a panel.
using PanelSums = std::array<ValueSums, std::tuple_size_v<kernel::ColumnSquares>>;

/// Features side by side, so that a compiler keeps them in registers. What lies in the padding may
/// be anything: it is summed and left out.
class FeatureSums {
 public:
  void add(const float* values, int width, int rows) {
    const auto count = static_cast<std::size_t>(width);
    for (int row = 0; row < rows; ++row, values += width) {
      for (std::size_t i = 0; i < count; ++i) {
        const auto value = static_cast<double>(values[i]);
        sums_[i] += value;
        squares_[i] += value * value;
      }
    }
  }
  [[nodiscard]] PanelSums total(int features) const {
    PanelSums total;
    for (std::size_t i = 0; i < static_cast<std::size_t>(features); ++i) {
      // The square of no float but zero is zero in double.
      total[i / simd::sum_lanes].add({sums_[i], squares_[i], squares_[i] == 0 ? 1 : 0});
    }
    return total;
  }

 private:
  static constexpr std::size_t widest = tile_vectors * simd::lanes;
  std::array<double, widest> sums_{};
  std::array<double, widest> squares_{};
};

inline PanelSums sum_values(const float* values, int width, int rows, int features) {
  FeatureSums sums;
  sums.add(values, width, rows);
  return sums.total(features);
}

using StoreGradient = UpdateKernels::Store;

template <class Net, int Kind>
constexpr std::array<StoreGradient, tile_vectors + 1> gradient_kernels() {
  constexpr const Stage& stage = Plan<Net>::first_of(Kind);
  constexpr Panels panels = stage.panels;
  std::array<StoreGradient, tile_vectors + 1> kernels{};
  if constexpr (stage.operation.operation == Operation::Product) {
    constexpr kernel::RowSet rows = weight_rows<Net>;
    kernels[panels.vectors] = &kernel::store_gradient<panels.vectors, rows>;
    kernels[panels.last_vectors] = &kernel::store_gradient<panels.last_vectors, rows>;
  }
  return kernels;
}

/// The weight gradients of every kind of stage, whatever its optimizer.
template <class Net>
inline constexpr auto gradients_of_weights = Plan<Net>::for_kinds(
    []<int Kind>(std::integral_constant<int, Kind>) { return gradient_kernels<Net, Kind>(); });

/// What one task sums: the values of a panel where it has no inputs, else a block of its weights.
struct ObservedBlock {
  WeightBlock block;
  PanelSums outputs{};
  PanelSums gradients{};
  PanelSums weights{};
};

/// The sums of a stage over all its blocks.
struct ObservedStage {
  ValueSums outputs{};
  ValueSums gradients{};
  ValueSums weights{};

  void add(const ObservedBlock& block) {
    const auto add_to = [](ValueSums& total, const PanelSums& sums) {
      for (const ValueSums& sum : sums) total.add(sum);
    };
    add_to(outputs, block.outputs);
    add_to(gradients, block.gradients);
    add_to(weights, block.weights);
  }
};

inline std::vector<ObservedBlock> observed_blocks(std::span<const Stage> stages) {
  std::vector<ObservedBlock> blocks;
  for (std::size_t s = 0; s < stages.size(); ++s) {
    const int stage = static_cast<int>(s);
    for (int panel = 0; panel < stages[s].panels.count; ++panel) {
      blocks.push_back({{stage, panel, 0, 0}});
      for_each_cut_of(stages, s, [&](int first, int end) {
        blocks.push_back({{stage, panel, first, end - first}});
      });
    }
  }
  return blocks;
}

/// Outputs that are not kept.
inline PanelSums sum_outputs_again(const RecomputePass& pass, int index, int panel) {
  const Stage& stage = pass.at(index);
  FeatureSums sums;
  RecomputePass::ChunkFloats outputs{};  // of a narrow last panel not all is written
  RecomputePass::for_each_chunk(0, pass.rows_of(stage), [&](const RecomputePass::Chunk& chunk) {
    pass.outputs_again(index, panel, chunk.first, chunk.rows, outputs.data);
    sums.add(outputs.data, stage.panels.width, chunk.rows);
  });
  return sums.total(stage.panels.features_of(panel));
}

inline void sum_panel(const BackwardPass& memory, ObservedBlock& observed) {
  const Stage& stage = memory.at(observed.block.stage);
  const int panel = observed.block.panel;
  const auto sums = [&](std::size_t offset) {
    return sum_values(memory.rows_at(offset, stage, panel, 0), stage.panels.width,
                      memory.rows_of(stage), stage.panels.features_of(panel));
  };
  observed.outputs = stage.recomputed
                         ? sum_outputs_again(RecomputePass(memory), observed.block.stage, panel)
                         : sums(stage.after);
  if (stage.trains) observed.gradients = sums(stage.gradient);
}

inline void sum_weights(const BackwardPass& pass, StoreGradient const* kernels,
                        ObservedBlock& observed) {
  const WeightBlock& block = observed.block;
  const Stage& stage = pass.at(block.stage);
  const int width = stage.panels.width;
  AlignedFloats gradient(static_cast<std::size_t>(block.inputs) * static_cast<std::size_t>(width));
  if (stage.convolves()) {
    const PlacedBlock place = runtime::place(pass.network.stages, block);
    const kernel::GradientBlocks blocks = gradients_of_blocks(pass, place);
    kernel::for_each_register(
        place.rows, [&](std::ptrdiff_t i, int) { blocks.at(i).store(gradient.data() + i); });
  } else {
    for_each_part(pass.network.stages, block, [&](const WeightBlock& part, std::size_t) {
      kernels[stage.panels.vectors_of(block.panel)](
          gradient_task(pass, part),
          gradient.data() + (part.first_input - block.first_input) * width, 1.0f, false);
    });
  }
  observed.weights =
      sum_values(gradient.data(), width, block.inputs, stage.panels.features_of(block.panel));
}

inline StageStatistics statistics_of(const Stage& stage, int rows, const ObservedStage& total) {
  const auto units = static_cast<double>(stage.outputs());
  const double count = units * static_cast<double>(rows);
  StageStatistics made;
  made.mean = total.outputs.sum / count;
  made.deviation =
      std::sqrt(std::max(0.0, total.outputs.squares / count - rounded(made.mean * made.mean)));
  made.dead = total.outputs.zero_features / units;
  made.finite_values = std::isfinite(total.outputs.squares);
  if (!made.finite_values) made.deviation = StageStatistics::absent;  // max hides a NaN
  if (!stage.trains) return made;
  made.value_gradient = std::sqrt(total.gradients.squares / count);
  if (stage.contraction) made.weight_gradient = std::sqrt(total.weights.squares);
  made.finite_gradients =
      std::isfinite(total.gradients.squares) && std::isfinite(total.weights.squares);
  return made;
}

}  // namespace detail

/// The statistics of every stage after a step that left `memory`. Sums of blocks are added in
/// order, so that any number of threads gives the same bits. Costs about a weight gradient and one
/// more look at all values; allocates.
template <class Net>
std::vector<StageStatistics> observe(const StepMemory& memory) {
  using P = Plan<Net>;
  const BackwardPass pass(memory);
  std::vector<detail::ObservedBlock> blocks = detail::observed_blocks(P::stages);
  const bool parallel =
      P::multiplications * static_cast<std::size_t>(memory.batch) >= serial_multiplications;
  for_each_task(static_cast<int>(blocks.size()), parallel, [&](int task) {
    detail::ObservedBlock& block = blocks[static_cast<std::size_t>(task)];
    if (block.block.inputs == 0) return detail::sum_panel(pass, block);
    const auto kind = static_cast<std::size_t>(pass.at(block.block.stage).kind);
    detail::sum_weights(pass, detail::gradients_of_weights<Net>[kind].data(), block);
  });
  std::vector<detail::ObservedStage> totals(P::stages.size());
  for (const detail::ObservedBlock& block : blocks) {
    totals[static_cast<std::size_t>(block.block.stage)].add(block);
  }
  std::vector<StageStatistics> made;
  for (std::size_t s = 0; s < P::stages.size(); ++s) {
    made.push_back(detail::statistics_of(P::stages[s], memory.rows_of(P::stages[s]), totals[s]));
  }
  return made;
}

}  // namespace lamina::runtime
