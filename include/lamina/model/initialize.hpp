#pragma once

#include <algorithm>
#include <cstdint>
#include <span>
#include <type_traits>
#include <utility>
#include <vector>

#include <lamina/initializers/kaiming.hpp>
#include <lamina/initializers/xavier.hpp>
#include <lamina/model/parameters.hpp>

namespace lamina {

namespace detail {

/// The first item of a chain that is not random, or void.
template <class... Items>
struct FirstActivation : std::type_identity<void> {};
template <class Item, class... Items>
struct FirstActivation<Item, Items...>
    : std::conditional_t<expr::Random<Item>, FirstActivation<Items...>, std::type_identity<Item>> {
};
template <class... Items>
FirstActivation<Items...> first_activation(expr::Chain<Items...>*);

/// How the weights of a kind of stage start: by the layer's own `Init`, else by the activation
/// after it.
template <class Net, int Kind>
struct StageInitializer {
 private:
  using Chain = typename Plan<Net>::template ChainOf<Kind>;
  using Activation = typename decltype(first_activation(static_cast<Chain*>(nullptr)))::type;

  static constexpr bool rectified() {
    if constexpr (requires { Activation::rectifier; }) return Activation::rectifier;
    return false;
  }
  static auto choose() {
    using Own = typename Plan<Net>::template ContractionOf<Kind>::Initializer;
    if constexpr (!std::is_void_v<Own>) {
      return typename Own::type{};
    } else {
      return std::conditional_t<rectified(), Kaiming, Xavier>{};
    }
  }

 public:
  using type = decltype(choose());
  /// What the activation leaves of the variance, inverted.
  static constexpr double squared_gain() {
    if constexpr (requires { Activation::leak; }) {
      return 2 / (1 + Activation::leak * Activation::leak);
    }
    return 2;
  }
};

template <Initializer Initial>
void fill_weights(const Stage& stage, const WeightDraw& first, float* trained) {
  const auto depth = static_cast<std::size_t>(stage.depth());
  const std::size_t count = depth * static_cast<std::size_t>(stage.outputs());
  const auto set = [&](std::size_t i, double weight) {
    trained[stage.weights + packed_index(stage, i / depth, i % depth)] = static_cast<float>(weight);
  };
  if constexpr (DrawsWeights<Initial>) {
    for (std::size_t i = 0; i < count; ++i) set(i, Initial{}(first.at(i)));
  } else {
    std::vector<double> weights(count);
    WeightDraw matrix = first;
    matrix.fan_in = stage.depth();  // its columns
    Initial{}.fill(matrix, weights);
    for (std::size_t i = 0; i < count; ++i) set(i, weights[i]);
  }
}

/// The same for tables; null where there are no weights.
struct WeightStart {
  void (*fill)(const Stage& stage, const WeightDraw& first, float* trained) = nullptr;
  double squared_gain = 0;
};

template <class Net>
inline constexpr auto weight_starts =
    Plan<Net>::for_kinds([]<int Kind>(std::integral_constant<int, Kind>) {
      WeightStart start;
      if constexpr (Plan<Net>::first_of(Kind).contraction) {
        using Start = StageInitializer<Net, Kind>;
        start = {&fill_weights<typename Start::type>, Start::squared_gain()};
      }
      return start;
    });

/// Products that an output is the sum of; of a transposed convolution those that it has where no
/// edge is near, on average: its taps belong to stride x stride outputs in turn.
inline int fan_in(const Stage& stage) {
  const Window& window = stage.operation.window;
  return stage.transposed() ? std::max(1, stage.depth() / (window.y.stride * window.x.stride))
                            : stage.depth();
}
/// Outputs that an input goes into.
inline int fan_out(const Stage& stage) {
  return stage.group_outputs() * stage.taps();
}

inline ParameterBlock initial_parameters(std::span<const Stage> stages,
                                         std::span<const WeightStart> starts, ParameterBlock block,
                                         Seed seed) {
  for (const Stage& stage : stages) {
    if (!stage.contraction) continue;
    const WeightStart& start = starts[static_cast<std::size_t>(stage.kind)];
    start.fill(stage,
               {.fan_in = fan_in(stage),
                .fan_out = fan_out(stage),
                .squared_gain = start.squared_gain,
                .seed = seed.value,
                .stream = static_cast<std::uint32_t>(stage.stream)},
               block.trained.data());
  }
  for (const Stage& stage : stages) {
    if (!stage.normalized) continue;
    const int padded = stage.panels.padded();
    std::fill_n(block.trained.data() + stage.scale_vector, padded, 1.0f);
    std::fill_n(block.trained.data() + stage.trained_scale, stage.trained_scale_floats(), 1.0f);
    // Sums start at 0, variances and deviations at 1.
    if (stage.has_averages() && stage.norm.averages != Averages::Running) {
      std::fill_n(block.running.data() + stage.running + padded, padded, 1.0f);
    }
  }
  decompose_weights(stages, block.trained.data());
  return block;
}

}  // namespace detail

/// Fresh parameters: weights by their initializers, biases and shifts 0, scales 1, running mean 0
/// and variance 1. The number drawn for a weight depends on (seed, position, out, in) alone.
template <class Net>
ParameterBlock initial_parameters(Seed seed) {
  using P = Plan<Net>;
  return detail::initial_parameters(
      P::stages, detail::weight_starts<Net>,
      {AlignedFloats(P::parameter_floats), AlignedFloats(P::running_floats),
       std::vector<std::int64_t>(P::norms)},
      seed);
}

}  // namespace lamina
