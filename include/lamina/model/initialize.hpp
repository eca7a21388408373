#pragma once

#include <algorithm>
#include <cmath>

#include <lamina/initializers/init.hpp>
#include <lamina/model/parameters.hpp>

namespace lamina {

namespace detail {

/// The initializer of a stage's weights: the layer's own `Init`, else by the activation after it.
template <class Net, int S>
struct StageInitializer {
  template <class Item>
  static constexpr bool is_rectifier() {
    if constexpr (requires { Item::rectifier; }) return Item::rectifier;
    return false;
  }
  /// Of the first item that is not random.
  template <class... Items>
  static constexpr bool begins_with_rectifier(expr::Chain<Items...>*) {
    bool found = false;
    bool rectifier = false;
    ((found || expr::Random<Items> ? void()
                                   : (found = true, void(rectifier = is_rectifier<Items>()))),
     ...);
    return rectifier;
  }
  static auto choose() {
    using Own = typename Plan<Net>::template ContractionOf<S>::Initializer;
    using Chain = typename Plan<Net>::template ChainOf<S>;
    if constexpr (!std::is_void_v<Own>) {
      return typename Own::type{};
    } else if constexpr (begins_with_rectifier(static_cast<Chain*>(nullptr))) {
      return Kaiming{};
    } else {
      return Xavier{};
    }
  }
  using type = decltype(choose());
};

inline void fill_weights(const Stage& stage, Seed seed, double deviation, float* trained) {
  const auto inputs = static_cast<std::size_t>(stage.inputs);
  for (std::size_t i = 0; i < inputs * static_cast<std::size_t>(stage.outputs()); ++i) {
    trained[stage.weights + packed_index(stage, i / inputs, i % inputs)] = static_cast<float>(
        deviation * random::normal(seed.value, static_cast<std::uint32_t>(stage.position), i));
  }
}

}  // namespace detail

/// Fresh parameters: weights by their initializers, biases and shifts 0, scales 1, running mean 0
/// and variance 1. The number drawn for a weight depends on (seed, position, out, in) alone.
template <class Net>
ParameterBlock initial_parameters(Seed seed) {
  using P = Plan<Net>;
  ParameterBlock block{AlignedFloats(P::parameter_floats), AlignedFloats(P::running_floats),
                       std::vector<std::int64_t>(P::norms)};
  [&]<std::size_t... S>(std::index_sequence<S...>) {
    (
        [&] {
          constexpr const Stage& stage = P::stages[S];
          if constexpr (stage.contraction) {
            using Initializer = typename detail::StageInitializer<Net, static_cast<int>(S)>::type;
            detail::fill_weights(stage, seed, Initializer::deviation(stage.inputs, stage.outputs()),
                                 block.trained.data());
          }
        }(),
        ...);
  }(std::make_index_sequence<static_cast<std::size_t>(P::stage_count)>{});
  for (const Stage& stage : P::stages) {
    if (!stage.normalized()) continue;
    const int padded = stage.panels.padded();
    std::fill_n(block.trained.data() + stage.scale_vector, padded, 1.0f);
    std::fill_n(block.running.data() + stage.running + padded, padded, 1.0f);
  }
  return block;
}

}  // namespace lamina
