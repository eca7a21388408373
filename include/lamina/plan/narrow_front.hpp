#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <span>

#include <lamina/core/window.hpp>
#include <lamina/plan/plan.hpp>

/// The front of a network of images whose channels are few: its first stages train with samples in
/// the lanes of registers, as narrow networks do, up to the `Flatten` that ends them. With channels
/// in the lanes a convolution of 6 channels leaves ten of sixteen empty.
namespace lamina {

/// Where a stage of the front has what it makes, in registers of a group of samples.
struct FrontStage {
  Edges edges{};          ///< of zeros around its values, for the convolution that reads them
  int gradient_edge = 0;  ///< zeros at both ends of a line of its gradient, for the way back
  std::size_t before = 0;
  std::size_t after = 0;
  std::size_t gradient = 0;
  /// Of a convolution: sums of its gradient, [depth][output] and then [output][chain] of the
  /// biases.
  std::size_t sums = 0;
};

template <std::size_t N>
struct NarrowFront {
  int count = 0;        ///< stages, the last of them the `Flatten`; 0 where there is no front
  bool fitted = false;  ///< the first is a `Standardize`
  FrontStage input{};   ///< what the first convolution reads
  std::array<FrontStage, N> stages{};
  std::size_t value_registers = 0;
  std::size_t gradient_registers = 0;
  std::size_t sum_registers = 0;

  /// Stages [first(), end()) read positions and leave some.
  [[nodiscard]] constexpr int first() const { return fitted ? 1 : 0; }
  [[nodiscard]] constexpr int end() const { return count - 1; }
};

namespace detail {

/// Samples of a block, whatever the width of a register.
inline constexpr int front_samples = simd::sum_lanes;
/// Output channels of a convolution at most: with more lanes of channels are full.
inline constexpr int front_channels = 16;
/// Samples that a step needs at least for it: fewer are done sooner one by one.
inline constexpr int least_front_samples = 8;
/// Floats of the values and gradients of a sample at most, so that those of 16 stay in an L2 cache.
inline constexpr std::size_t front_floats = 24576;

constexpr bool is_unit_step(const WindowAxis& axis) {
  return axis.stride == 1 && axis.dilation == 1;
}

/// A stage that the front may have, behind another of it or the network's input.
constexpr bool fits_front(const Stage& stage, int index, int first) {
  const int source = index == first ? (first == 0 ? Source::network_input : 0) : index - 1;
  if (stage.source_count != 1 || stage.sources[0].stage != source || stage.adds_skip() ||
      stage.normalized || stage.random > 0 || stage.in.dimensions == 0 ||
      stage.last_consumer != index + 1) {
    return false;
  }
  const Window& window = stage.operation.window;
  if (stage.operation.operation == Operation::MaxPool ||
      stage.operation.operation == Operation::Resample) {
    return index > first;
  }
  return stage.operation.operation == Operation::Convolution && !stage.grouped() &&
         is_unit_step(window.y) && is_unit_step(window.x) && stage.outputs() <= front_channels &&
         stage.in.width >= lane_unit && stage.out.width >= lane_unit;
}

/// `Flatten` of the stage before it: values stay in the order of channels and positions.
constexpr bool flattens(const Stage& stage, int index) {
  return stage.operation.operation == Operation::Flatten && !stage.adds_skip() &&
         !stage.normalized && stage.source_count == 1 && stage.sources[0].stage == index - 1;
}

constexpr bool is_fitted_input(const Stage& stage) {
  return stage.operation.operation == Operation::None && stage.normalized &&
         stage.norm.averages == Averages::Fitted && stage.trivial() && stage.source_count == 1 &&
         stage.sources[0].stage == Source::network_input && stage.last_consumer == 1;
}

constexpr std::size_t registers_of(const Shape& image, const lamina::Edges& edges) {
  return static_cast<std::size_t>(image.channels) * edges.positions(image);
}

/// Places for the values and gradients of a front of `made.count` stages.
template <std::size_t N>
constexpr void lay_out_front(NarrowFront<N>& made, std::span<const Stage> stages) {
  const auto take = [](std::size_t& total, std::size_t registers) {
    const std::size_t at = total;
    total += registers;
    return at;
  };
  const auto first = static_cast<std::size_t>(made.first());
  made.input.edges = input_edges(stages[first].operation.window);
  made.input.after = take(made.value_registers, registers_of(stages[first].in, made.input.edges));
  if (made.fitted) made.stages[0] = made.input;
  for (std::size_t s = first; s < static_cast<std::size_t>(made.end()); ++s) {
    const Stage& next = stages[s + 1];
    FrontStage& at = made.stages[s];
    if (next.convolves()) at.edges = input_edges(next.operation.window);
    const std::size_t registers = registers_of(stages[s].out, at.edges);
    at.before = take(made.value_registers, registers);
    at.after =
        stages[s].after == stages[s].before ? at.before : take(made.value_registers, registers);
    // A tile reaches beyond the line by less than its positions.
    at.gradient_edge = stages[s].convolves() && s > first ? lane_unit - 1 : 0;
    const AxisEdges ends{at.gradient_edge, at.gradient_edge};
    at.gradient =
        take(made.gradient_registers, registers_of(stages[s].out, lamina::Edges{{}, ends}));
    if (!stages[s].convolves()) continue;
    at.sums = take(made.sum_registers, static_cast<std::size_t>((stages[s].depth() + bias_chains) *
                                                                stages[s].outputs()));
  }
}

}  // namespace detail

/// The front of a network, found from its stages.
template <std::size_t N>
constexpr NarrowFront<N> narrow_front(const std::array<Stage, N>& stages) {
  NarrowFront<N> made;
  made.fitted = detail::is_fitted_input(stages[0]);
  int end = made.first();
  bool narrow = false;  // some lanes of channels would be empty
  while (end < static_cast<int>(N)) {
    const Stage& stage = stages[static_cast<std::size_t>(end)];
    if (!detail::fits_front(stage, end, made.first())) break;
    narrow = narrow || (stage.convolves() && stage.outputs() <= detail::front_channels / 2);
    ++end;
  }
  if (!narrow || end >= static_cast<int>(N) ||
      !detail::flattens(stages[static_cast<std::size_t>(end)], end)) {
    return {};
  }
  made.count = end + 1;
  detail::lay_out_front(made, stages);
  if (made.value_registers + made.gradient_registers > detail::front_floats) return {};
  return made;
}

namespace detail {

/// The front of a network; its `count` is 0 where it has none.
template <class Net>
inline constexpr auto front = narrow_front(Plan<Net>::stages);

}  // namespace detail

}  // namespace lamina
