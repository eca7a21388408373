#pragma once

namespace lamina {

/// The extents of one sample: channels, height, width. Dense features are (features, 1, 1).
struct Shape {
  int channels = 0;
  int height = 1;
  int width = 1;

  /// Number of values in one sample.
  [[nodiscard]] constexpr int features() const { return channels * height * width; }
  /// True when there is nothing to reduce over in space.
  [[nodiscard]] constexpr bool flat() const { return height == 1 && width == 1; }

  friend constexpr bool operator==(const Shape&, const Shape&) = default;
};

}  // namespace lamina
