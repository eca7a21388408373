#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>

#include <lamina/augment/warp.hpp>

/// Where the pixels of an output are found in the input, a run of them at a time: what the samplers
/// of images and of masks share.
namespace lamina::augment {

/// Pixels of an output row that are handled together: short arrays on the stack, in cache.
inline constexpr int run_length = 64;

/// Places in a frame: the input with one pixel of border on every side, so that each tap of each
/// place is there and no inner loop asks for the border. Pixel (0, 0) of the input is at (1, 1).
struct Places {
  alignas(64) float x[run_length];
  alignas(64) float y[run_length];
};

/// What the border makes of one coordinate in the frame.
class AxisLimits {
 public:
  AxisLimits(int extent, const Border& border)
      : low_(std::holds_alternative<Fill>(border) ? 0.0f : 1.0f),
        high_(static_cast<float>(std::holds_alternative<Fill>(border) ? extent + 1 : extent)),
        mirrored_(std::holds_alternative<Reflect>(border)),
        last_(static_cast<float>(extent - 1)) {}

  /// Coordinates become such as are inside the frame, whatever they were: NaN too.
  void apply(float* places, int count) const {
    if (mirrored_) mirror(places, count, last_);
    const float low = low_;  // no member, which a store to places might change
    const float high = high_;
    for (int i = 0; i < count; ++i) {
      const float above = places[i] > low ? places[i] : low;
      places[i] = above < high ? above : high;
    }
  }

 private:
  /// Folds at the first and last pixel's centre.
  static void mirror(float* places, int count, float last) {
    constexpr float far = 1 << 24;  // where floats stop counting pixels
    const float period = std::max(2 * last, 1.0f);
    for (int i = 0; i < count; ++i) {
      const float distance = std::abs(places[i] - 1);
      const float finite = distance < far ? distance : far;
      const float rest = finite - period * static_cast<float>(static_cast<int>(finite / period));
      const float back = period - rest;
      places[i] = 1 + (rest < back ? rest : back);
    }
  }

  float low_;
  float high_;
  bool mirrored_;
  float last_;
};

/// The places of pixels [first, first + count) of output row y.
class PlaceFinder {
 public:
  PlaceFinder(const Warp& by, const Region& seen, const Border& border)
      : by_(by),
        left_(1 - seen.left),
        top_(1 - seen.top),
        x_limits_(seen.width, border),
        y_limits_(seen.height, border) {}

  void find(int y, int first, int count, Places& places) const {
    if (!by_.right().empty()) {
      displaced(y, first, count, places);
    } else if (by_.is_affine()) {
      affine(y, first, count, places);
    } else {
      projective(y, first, count, places);
    }
    x_limits_.apply(places.x, count);
    y_limits_.apply(places.y, count);
  }

 private:
  // The run's start in double: floats alone would be off by 1e-4 pixel in images of thousands.
  void affine(int y, int first, int count, Places& places) const {
    const auto& m = by_.matrix();
    const auto x_start = static_cast<float>(m[0] * first + m[1] * y + m[2] + left_);
    const auto y_start = static_cast<float>(m[3] * first + m[4] * y + m[5] + top_);
    const auto x_step = static_cast<float>(m[0]);
    const auto y_step = static_cast<float>(m[3]);
    for (int i = 0; i < count; ++i) {
      places.x[i] = x_start + x_step * static_cast<float>(i);
      places.y[i] = y_start + y_step * static_cast<float>(i);
    }
  }

  // Beyond the horizon, where w is not above 0, is far outside: the border.
  void projective(int y, int first, int count, Places& places) const {
    const auto& m = by_.matrix();
    const double step[] = {m[0], m[3], m[6]};
    const double start[] = {m[0] * first + m[1] * y + m[2], m[3] * first + m[4] * y + m[5],
                            m[6] * first + m[7] * y + m[8]};
    const double left = left_;
    const double top = top_;
    constexpr double far = 1 << 24;
    for (int i = 0; i < count; ++i) {
      const double w = start[2] + step[2] * i;
      const double by = w > 0 ? 1 / w : -far;
      const double u = (start[0] + step[0] * i) * by + left;
      const double v = (start[1] + step[1] * i) * by + top;
      const double right = u > -far && w > 0 ? u : -far;
      const double down = v > -far && w > 0 ? v : -far;
      places.x[i] = static_cast<float>(right < far ? right : far);
      places.y[i] = static_cast<float>(down < far ? down : far);
    }
  }

  void displaced(int y, int first, int count, Places& places) const {
    const std::size_t start =
        static_cast<std::size_t>(y) * static_cast<std::size_t>(by_.to().width) +
        static_cast<std::size_t>(first);
    const float* right = by_.right().data() + start;
    const float* down = by_.down().data() + start;
    const auto x_start = static_cast<float>(first + left_);
    const auto y_start = static_cast<float>(y + top_);
    for (int i = 0; i < count; ++i) {
      places.x[i] = x_start + static_cast<float>(i) + right[i];
      places.y[i] = y_start + down[i];
    }
  }

  const Warp& by_;
  int left_;
  int top_;
  AxisLimits x_limits_;
  AxisLimits y_limits_;
};

/// What of the input a warp sees, and the border around it.
inline Region seen_region(const Warp& by) {
  return by.seen().value_or(Region{0, 0, by.from().height, by.from().width});
}
inline Border border_of(const Warp& by, const Border& border) {
  return by.seen() ? Border{Edge{}} : border;
}

/// The frame of an input: `pitch` places a row, of which the border makes 2.
struct FrameSize {
  int height;
  int width;
  explicit FrameSize(const Region& seen) : height(seen.height + 2), width(seen.width + 2) {}
  [[nodiscard]] std::size_t positions() const {
    return static_cast<std::size_t>(height) * static_cast<std::size_t>(width);
  }
};

}  // namespace lamina::augment
