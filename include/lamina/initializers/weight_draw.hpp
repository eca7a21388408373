#pragma once

#include <cmath>
#include <concepts>
#include <cstdint>
#include <span>

#include <lamina/core/random.hpp>

namespace lamina {

/// What an initializer is told of one weight, and where its random numbers come from.
///
/// The numbers depend on the model's seed, the position of the layer and the weight alone: the same
/// on every machine and for any number of threads.
/// Example: `[](lamina::WeightDraw draw) { return draw.normal() / std::sqrt(draw.fan_in); }`
struct WeightDraw {
  int fan_in = 1;   ///< inputs that an output sums over
  int fan_out = 1;  ///< outputs that an input reaches
  /// What weights must make up for in variance: 2 for ReLU, 2 / (1 + a^2) for `LeakyReLU<a>`, and 2
  /// where no rectifier follows.
  double squared_gain = 2;
  std::uint64_t seed = 0;
  std::uint32_t stream = 0;  ///< the layer's number in the network
  std::uint64_t index = 0;   ///< out * (weights into an output) + in
  std::uint64_t drawn = 0;   ///< numbers that were drawn for this weight

  [[nodiscard]] double gain() const { return std::sqrt(squared_gain); }
  /// The next standard normal number of this weight.
  double normal() { return random::normal(seed, stream, next()); }
  /// The next number of this weight that is uniform in [0, 1).
  double uniform() { return random::uniform(seed, stream, next()); }
  /// The same for another weight of the layer.
  [[nodiscard]] WeightDraw at(std::uint64_t other) const {
    WeightDraw draw = *this;
    draw.index = other;
    return draw;
  }

 private:
  /// Numbers of one weight are 2^36 apart: more than a layer has weights.
  std::uint64_t next() { return index + (drawn++ << 36); }
};

/// Draws one weight from what it is told of it; what most initializers do.
template <class T>
concept DrawsWeights = std::default_initializable<T> && requires(const T& initializer) {
  { initializer(WeightDraw{}) } -> std::convertible_to<double>;
};

/// Fills the whole matrix (outputs, fan_in) at once, row-major, from the draw of its first weight,
/// whose `fan_in` is the number of columns; for weights that depend on each other.
template <class T>
concept FillsWeights =
    std::default_initializable<T> && requires(const T& initializer, std::span<double> weights) {
      initializer.fill(WeightDraw{}, weights);
    };

/// Says how the weights of a layer start.
template <class T>
concept Initializer = DrawsWeights<T> || FillsWeights<T>;

}  // namespace lamina
