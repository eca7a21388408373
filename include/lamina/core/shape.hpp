#pragma once

#include <algorithm>

#include <lamina/core/text.hpp>

namespace lamina {

/// The extents of one sample: channels, and positions. Images have height x width of them, signals
/// one line, dense features one position.
struct Shape {
  int channels = 0;
  int height = 1;
  int width = 1;
  int dimensions = 0;  ///< axes of its positions: 2 of images, 1 of signals, their width

  /// Values of one sample at most: what is counted by int.
  static constexpr int most_values = 1 << 30;
  /// Its values can be counted.
  [[nodiscard]] constexpr bool countable() const {
    const long long of_lines = static_cast<long long>(channels) * height;
    return of_lines <= most_values && of_lines * width <= most_values;
  }
  /// Number of values in one sample.
  [[nodiscard]] constexpr int features() const { return channels * positions(); }
  [[nodiscard]] constexpr int positions() const { return height * width; }
  /// True when there is nothing to reduce over in space.
  [[nodiscard]] constexpr bool flat() const { return positions() == 1; }
  /// The same positions with other channels.
  [[nodiscard]] constexpr Shape with_channels(int count) const {
    return {count, height, width, dimensions};
  }
  [[nodiscard]] constexpr bool same_positions(const Shape& other) const {
    return height == other.height && width == other.width && dimensions == other.dimensions;
  }

  friend constexpr bool operator==(const Shape&, const Shape&) = default;
};

/// An extent that may be more than an int counts: too many are one too many, which no shape can
/// have.
constexpr int bounded_extent(long long extent) {
  constexpr long long most = Shape::most_values;
  return static_cast<int>(std::clamp(extent, -most, most + 1));
}

/// `784` of features, `2 x 100` of a signal, `3 x 32 x 32` of an image.
constexpr TextBuffer extents_of(const Shape& shape) {
  TextBuffer text;
  text << shape.channels;
  if (shape.dimensions == 2) text << " x " << shape.height;
  if (shape.dimensions > 0) text << " x " << shape.width;
  return text;
}

/// A shape in words: `784 features`, `a signal of 2 x 100`, `an image of 3 x 32 x 32`.
constexpr TextBuffer words_of(const Shape& shape) {
  TextBuffer text;
  if (shape.dimensions == 0) return text << shape.features() << " features";
  return text << (shape.dimensions == 1 ? "a signal of " : "an image of ") << extents_of(shape);
}

}  // namespace lamina
