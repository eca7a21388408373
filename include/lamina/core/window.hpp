#pragma once

#include <algorithm>
#include <cstddef>

#include <lamina/core/shape.hpp>

namespace lamina {

/// A window that slides along one axis: output i reads positions
/// i * stride - before + k * dilation for k in [0, kernel), those that are there.
struct WindowAxis {
  int kernel = 1;
  int stride = 1;
  int dilation = 1;
  int before = 0;  ///< padding in front of the first position
  int after = 0;   ///< padding behind the last

  /// Positions from the first that an output reads to the last.
  [[nodiscard]] constexpr int reach() const { return (kernel - 1) * dilation + 1; }
  /// Positions that it makes of so many; 0 where the window is larger than what it slides over.
  [[nodiscard]] constexpr int output(int extent) const {
    const int room = extent + before + after - reach();
    return room < 0 ? 0 : room / stride + 1;
  }
};

/// A window over images; over signals `y` stays as it is.
struct Window {
  WindowAxis y;
  WindowAxis x;

  [[nodiscard]] constexpr int taps() const { return y.kernel * x.kernel; }
};

/// Positions of an axis of what a convolution reads that see the same of its taps: with a stride of
/// s every s-th. Seen from such a position the taps go backwards over neighbouring outputs.
struct AxisPhase {
  int first = 0;         ///< position; the others follow by the stride
  int count = 0;         ///< of positions
  int last_tap = 0;      ///< the first on the way back
  int taps = 0;          ///< how many
  int tap_step = 1;      ///< from one to the next on the way back
  int first_output = 0;  ///< that the first position's last tap belongs to; may lie outside
  int output_step = 1;   ///< from the output of a tap to that of the next
};

constexpr AxisPhase phase_of(const WindowAxis& axis, int extent, int phase) {
  AxisPhase made;
  made.first = ((phase - axis.before) % axis.stride + axis.stride) % axis.stride;
  made.count = made.first < extent ? (extent - made.first + axis.stride - 1) / axis.stride : 0;
  int previous = -1;
  for (int tap = 0; tap < axis.kernel; ++tap) {
    if (tap * axis.dilation % axis.stride != phase) continue;
    if (previous >= 0) made.tap_step = tap - previous;
    previous = tap;
    ++made.taps;
  }
  if (made.taps == 0) return made;
  made.last_tap = previous;
  // Exact: both sides belong to the phase.
  made.first_output = (made.first + axis.before - previous * axis.dilation) / axis.stride;
  made.output_step = made.tap_step * axis.dilation / axis.stride;
  return made;
}

/// Calls f(tap of y, tap of x) for the taps of every phase, backwards: the order in which the
/// gradient by what a convolution reads goes through weights.
template <class F>
constexpr void for_each_tap_back(const Window& window, const F& f) {
  for (int phase_y = 0; phase_y < window.y.stride; ++phase_y) {
    const AxisPhase y = phase_of(window.y, 0, phase_y);
    for (int phase_x = 0; phase_x < window.x.stride; ++phase_x) {
      const AxisPhase x = phase_of(window.x, 0, phase_x);
      for (int i = 0; i < y.taps; ++i) {
        for (int j = 0; j < x.taps; ++j)
          f(y.last_tap - i * y.tap_step, x.last_tap - j * x.tap_step);
      }
    }
  }
}

/// Where a tap of an axis stands in this order.
struct AxisPlace {
  int before = 0;  ///< taps of the phases before its own
  int phase = 0;   ///< taps of its own
  int within = 0;  ///< those of them before it
};
constexpr AxisPlace place_on_axis(const WindowAxis& axis, int tap) {
  AxisPlace place;
  const int own = tap * axis.dilation % axis.stride;
  for (int other = 0; other < axis.kernel; ++other) {
    const int phase = other * axis.dilation % axis.stride;
    place.before += phase < own ? 1 : 0;
    place.phase += phase == own ? 1 : 0;
    place.within += phase == own && other > tap ? 1 : 0;
  }
  return place;
}

/// The place of a tap in this order; taps are counted line by line.
constexpr int place_back(const Window& window, int tap) {
  const AxisPlace y = place_on_axis(window.y, tap / window.x.kernel);
  const AxisPlace x = place_on_axis(window.x, tap % window.x.kernel);
  return y.before * window.x.kernel + y.phase * x.before + y.within * x.phase + x.within;
}

/// Positions before the first and behind the last of an axis that taps read.
struct AxisEdges {
  int before = 0;
  int after = 0;
};
/// Those around an image.
struct Edges {
  AxisEdges y;
  AxisEdges x;

  /// Positions of an image with them.
  [[nodiscard]] constexpr std::size_t positions(const Shape& image) const {
    return static_cast<std::size_t>(image.height + y.before + y.after) *
           static_cast<std::size_t>(image.width + x.before + x.after);
  }
};

/// Padding around what a window slides over.
constexpr Edges input_edges(const Window& window) {
  return {{window.y.before, window.y.after}, {window.x.before, window.x.after}};
}

/// Outputs before the first and behind the last that some tap would belong to.
constexpr AxisEdges gradient_edges(const WindowAxis& axis, int extent, int outputs) {
  AxisEdges edges;
  for (int phase = 0; phase < axis.stride; ++phase) {
    const AxisPhase at = phase_of(axis, extent, phase);
    if (at.taps == 0 || at.count == 0) continue;
    const int last = at.first_output + at.count - 1 + (at.taps - 1) * at.output_step;
    edges.before = std::max(edges.before, -at.first_output);
    edges.after = std::max(edges.after, last - outputs + 1);
  }
  return edges;
}
constexpr Edges gradient_edges(const Window& window, const Shape& in, const Shape& out) {
  return {gradient_edges(window.y, in.height, out.height),
          gradient_edges(window.x, in.width, out.width)};
}

}  // namespace lamina
