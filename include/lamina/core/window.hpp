#pragma once

#include <algorithm>

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

/// Outputs before the first and behind the last that some tap would belong to.
struct AxisEdges {
  int before = 0;
  int after = 0;
};
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

}  // namespace lamina
