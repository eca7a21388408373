#pragma once

#include <array>
#include <cstddef>

#include <lamina/core/shape.hpp>
#include <lamina/core/tile.hpp>
#include <lamina/expr/function.hpp>
#include <lamina/norms/axes.hpp>

namespace lamina {

/// One stage of the plan, as numbers: at most one contraction, at most one normalization, and a
/// chain of elementwise items. Kernels read these at run time and are shared by all stages of the
/// same tile shape. Offsets count floats; they are into the parameter block, the block of running
/// statistics, or (times the batch) the arena of activations.
struct Stage {
  static constexpr int absent = -1;
  static constexpr int most_random = 4;

  int position = absent;  ///< of the contraction in the network, absent if there is none
  int normalization_position = absent;
  int inputs = 0;   ///< features that come in
  Panels panels{};  ///< of the features that go out
  bool contraction = false;
  bool bias = false;
  Axes axes = Axes::None;
  float epsilon = 0;
  float momentum = 0;
  expr::Reads reads = expr::Reads::Nothing;  ///< what the chain's backward reads
  bool trivial_chain = true;   ///< nothing between the normalization and the next stage
  bool expressionless = true;  ///< nothing but random items there: inference does nothing
  int random = 0;              ///< random items in the chain
  std::array<int, most_random> random_positions{};
  int first_random = 0;  ///< the first of them among those of the network

  std::size_t weights = 0;       ///< [panel][input][width], in the parameter block
  std::size_t bias_vector = 0;   ///< [padded]: the bias, or with a normalization its shift
  std::size_t scale_vector = 0;  ///< [padded]: scale of the normalization
  std::size_t running = 0;       ///< [padded] mean, [padded] variance
  int norm_index = absent;       ///< which of the network's normalizations, for its counter

  std::size_t before = 0;    ///< values before the chain, per sample, in the arena
  std::size_t after = 0;     ///< values after the chain; the same place where both agree
  std::size_t gradient = 0;  ///< gradient by the values before normalization and chain
  /// The gradient takes the place of the values before the normalization, which nobody reads again:
  /// the product backward goes to scratch memory that stays in cache.
  bool gradient_in_place = false;

  [[nodiscard]] constexpr int outputs() const { return panels.features; }
  [[nodiscard]] constexpr bool normalized() const { return axes != Axes::None; }
  /// A vector of offsets is trained: the bias, or the shift of a normalization.
  [[nodiscard]] constexpr bool shifted() const { return bias || normalized(); }
  /// Floats of packed weights.
  [[nodiscard]] constexpr std::size_t weight_floats() const {
    return contraction
               ? static_cast<std::size_t>(inputs) * static_cast<std::size_t>(panels.padded())
               : 0;
  }
  /// Trained numbers without padding.
  [[nodiscard]] constexpr std::size_t parameters() const {
    const auto out = static_cast<std::size_t>(outputs());
    return (contraction ? static_cast<std::size_t>(inputs) * out : 0) + (shifted() ? out : 0) +
           (normalized() ? out : 0);
  }
  /// Multiply-adds of the contraction for one sample.
  [[nodiscard]] constexpr std::size_t multiplications() const {
    return contraction ? static_cast<std::size_t>(inputs) * static_cast<std::size_t>(outputs()) : 0;
  }
};

}  // namespace lamina
