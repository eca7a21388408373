#pragma once

#include <array>

#include <lamina/core/shape.hpp>
#include <lamina/core/window.hpp>

/// What a layer does to positions, as data: kernels and planner know nothing else of it, so that a
/// user's own has the same standing.
namespace lamina {

/// What a stage makes of the values that it reads, before its normalization and its chain.
enum class Operation {
  None,         ///< the values as they are, put together
  Product,      ///< a sum over the features with weights
  Convolution,  ///< a sum over taps and channels with weights
  /// The way back of a convolution's inputs taken as the way forward: every value adds to the
  /// positions of its window.
  TransposedConvolution,
  MaxPool,   ///< the largest value of a window
  Resample,  ///< a weighted sum of positions, of every channel alone
  Permute,   ///< every value in another place
  Flatten,   ///< all values at one position, channel by channel; `place` must say the same
};

/// What one index of an axis takes of another: the sum of `count` neighbours from `first` on, the
/// first of them times `first_weight`, the others times `weight`.
struct AxisTaps {
  int first = 0;
  int count = 0;
  float first_weight = 1;
  float weight = 1;
};

/// A value's place in a sample.
struct Place {
  int channel = 0;
  int position = 0;
};

/// An operation, for inputs of one shape.
struct SpatialOperation {
  Operation operation = Operation::None;
  /// Of `Convolution`, `MaxPool`, and, sliding over what it makes, of `TransposedConvolution`.
  Window window{};
  /// Of convolutions: channels that go in and out are cut into so many runs, each a convolution.
  int groups = 1;
  /// Of `Resample`: what index `i` of height and of width takes of an axis of that extent.
  std::array<AxisTaps (*)(int extent, int i), 2> taps{};
  /// Of `Permute` and `Flatten`: where a value of the input goes.
  Place (*place)(const Shape& input, Place from) = nullptr;
};

namespace detail {

/// An axis that stays as it is.
constexpr AxisTaps same_index(int, int i) {
  return {i, 1};
}

/// What an item that works on positions says against features without any.
constexpr TextBuffer needs_positions(const Shape& input) {
  TextBuffer wrong;
  if (input.dimensions == 0) {
    wrong << "expects an image or a signal, got " << words_of(input)
          << ": declare Input<channels, height, width> or Input<channels, length>";
  }
  return wrong;
}

}  // namespace detail

}  // namespace lamina
