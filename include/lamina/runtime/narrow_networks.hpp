#pragma once

#include <algorithm>
#include <cstddef>
#include <span>

#include <lamina/core/simd.hpp>
#include <lamina/kernel/dot.hpp>
#include <lamina/plan/narrow_front.hpp>

/// Which networks train with samples in the lanes.
namespace lamina::runtime {

/// Layers of at most this many inputs and outputs may run with samples in the lanes.
inline constexpr int narrow_features = 64;
/// And at most so many: code is made for each, and a chunk's values of all of them lie in cache.
inline constexpr std::size_t narrow_layers = 32;

/// The first layer of a network: behind its `Standardize`, if it has one, and nothing else.
template <class Net>
inline constexpr std::size_t first_layer = [] {
  constexpr const Stage& stage = Plan<Net>::stages[0];
  const bool fitted = stage.normalized && stage.norm.averages == Averages::Fitted;
  return fitted && !stage.contraction && stage.trivial() ? std::size_t{1} : std::size_t{0};
}();

/// True where a training step runs all layers on a block of samples while it is in cache, samples
/// in the lanes: small layers only, nothing that looks across the batch, nothing random. Random
/// items train on panels even where they are small: their bits are made for eight rows of a feature
/// at once, with features in the lanes.
template <class Net>
inline constexpr bool is_narrow = [] {
  if (simd::lanes < kernel::dot_rows)
    return false;  // a panel must hold a tile of the weight gradient
  if (Plan<Net>::spatial || !Plan<Net>::sequential || Plan<Net>::stages.size() > narrow_layers)
    return false;
  for (const Stage& stage : std::span(Plan<Net>::stages).subspan(first_layer<Net>)) {
    if (!stage.contraction || stage.normalized || stage.random > 0 ||
        stage.inputs > narrow_features || stage.outputs() > narrow_features) {
      return false;
    }
  }
  return Plan<Net>::stages.size() > first_layer<Net>;
}();

/// Floats of the parameters before a step, from the first on, that whoever looks at its values and
/// gradients needs: narrow networks and fronts forget some of them, and what makes outputs again
/// behind a norm are its scale and shift, in front of the weights.
template <class Net>
inline constexpr std::size_t floats_to_observe = [] {
  if (is_narrow<Net> || lamina::detail::front<Net>.count > 0) return Plan<Net>::parameter_floats;
  const bool again = std::ranges::any_of(Plan<Net>::stages, &Stage::recomputed);
  return again ? Plan<Net>::vector_floats : std::size_t{0};
}();

}  // namespace lamina::runtime
