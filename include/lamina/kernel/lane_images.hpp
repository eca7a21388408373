#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <utility>

#include <lamina/kernel/convolution.hpp>
#include <lamina/kernel/tile.hpp>

/// Convolutions with samples in the lanes: a register is one value of a group of samples, and the
/// weights are the broadcast operand. The tile is that of dense layers, its registers neighbouring
/// positions of a line and its rows channels.
namespace lamina::kernel {

/// Values of a group: that of channel c at (y, x) is the register at
/// data + c * plane + y * line + x * lanes.
template <class Float>
struct LaneImage {
  Float* data;
  std::ptrdiff_t line;
  std::ptrdiff_t plane;

  [[nodiscard]] HWY_INLINE Float* at(int channel, int y, int x) const {
    return data + channel * plane + y * line + static_cast<std::ptrdiff_t>(x) * lanes;
  }
  operator LaneImage<const Float>() const { return {data, line, plane}; }
};

/// A tile of sums over channels, lines and taps of a line. Strides count floats; those of the
/// values may go backwards.
struct LaneTile {
  const float* weights;
  std::ptrdiff_t weight_row;
  std::ptrdiff_t weight_line;
  std::ptrdiff_t weight_tap;
  const float* in;
  std::ptrdiff_t in_plane;
  std::ptrdiff_t in_line;
  std::ptrdiff_t in_tap;
  int channels;
  int lines;
  int taps;
  float* out;
  std::ptrdiff_t out_row;
  const float* bias;  ///< of the rows; null: from zero
  /// The weights of channel c: of its panel and of its place there.
  int panel_channels;
  std::ptrdiff_t weight_panel;
  std::ptrdiff_t weight_channel;

  [[nodiscard]] HWY_INLINE const float* weights_of(int channel) const {
    return weights + channel / panel_channels * weight_panel +
           channel % panel_channels * weight_channel;
  }
};

template <int RowCount, int Vectors>
HWY_NOINLINE void multiply_lanes(const LaneTile& tile) {
  Accumulators<RowCount, Vectors> sums;
  LAMINA_UNROLL
  for (int i = 0; i < RowCount; ++i) {
    const Register start(tile.bias == nullptr ? 0.0f : tile.bias[i]);
    LAMINA_UNROLL
    for (int v = 0; v < Vectors; ++v) sums.at[i][v] = start;
  }
  const std::ptrdiff_t row = tile.weight_row;
  const std::ptrdiff_t weight_tap = tile.weight_tap;
  const std::ptrdiff_t in_tap = tile.in_tap;
  const int taps = tile.taps;
  for (int channel = 0; channel < tile.channels; ++channel) {
    const float* weights = tile.weights_of(channel);
    const float* in = tile.in + channel * tile.in_plane;
    for (int line = 0; line < tile.lines; ++line) {
      const float* weight = weights;
      const float* value = in;
      for (int tap = 0; tap < taps; ++tap) {
        detail::accumulate(
            sums, [&](int i) LAMINA_INLINE { return Register(weight[i * row]); }, value);
        weight += weight_tap;
        value += in_tap;
      }
      weights += tile.weight_line;
      in += tile.in_line;
    }
  }
  LAMINA_UNROLL
  for (int i = 0; i < RowCount; ++i) {
    LAMINA_UNROLL
    for (int v = 0; v < Vectors; ++v) {
      sums.at[i][v].store(tile.out + i * tile.out_row + v * lanes);
    }
  }
}

using MultiplyLanes = void (*)(const LaneTile&);
/// By the number of rows.
using LaneTiles = std::array<MultiplyLanes, tile_rows + 1>;

template <RowSet Set>
constexpr LaneTiles lane_tiles() {
  LaneTiles tiles{};
  [&]<std::size_t... R>(std::index_sequence<R...>) {
    ((tiles[R + 1] =
          [] {
            if constexpr ((Set >> (R + 1)) & 1u) {
              return &multiply_lanes<static_cast<int>(R + 1), tile_vectors>;
            } else {
              return static_cast<MultiplyLanes>(nullptr);
            }
          }()),
     ...);
  }(std::make_index_sequence<tile_rows>{});
  return tiles;
}

static_assert(lane_unit % tile_vectors == 0);

/// Calls f(x) for the units of a line of at least `lane_unit` positions, the last of which may
/// begin within the one before it.
template <class F>
HWY_INLINE void for_each_unit(int width, const F& f) {
  int x = 0;
  for (; x + lane_unit <= width; x += lane_unit) f(x);
  if (x < width) f(width - lane_unit);
}

/// out = bias + the sum over taps and channels; `in` has its edges around it. Calls behind(y) for
/// every line that is done, while it is in the L1 cache.
template <class Behind>
void convolve_lanes(const Convolution& of, const LaneTiles& tiles, const LaneImage<const float>& in,
                    const float* weights, const float* bias, const LaneImage<float>& out,
                    const Behind& behind) {
  const Panels& panels = of.panels;
  const int channels = of.panel_inputs;
  const std::ptrdiff_t weight_tap = static_cast<std::ptrdiff_t>(channels) * panels.width;
  LaneTile tile{};
  tile.weight_row = 1;
  tile.weight_line = of.window.x.kernel * weight_tap;
  tile.weight_tap = weight_tap;
  tile.in_plane = in.plane;
  tile.in_line = in.line;
  tile.in_tap = lanes;
  tile.channels = channels;
  tile.lines = of.window.y.kernel;
  tile.taps = of.window.x.kernel;
  tile.out_row = out.plane;
  tile.panel_channels = channels;
  tile.weight_channel = panels.width;
  for (int y = 0; y < of.out.height; ++y) {
    for_each_unit(of.out.width, [&](int unit) {
      for (int x = unit; x < unit + lane_unit; x += tile_vectors) {
        tile.in = in.at(0, y - of.window.y.before, x - of.window.x.before);
        for (int panel = 0; panel < panels.count; ++panel) {
          const int first = panel * panels.width;
          for_each_tile(panels.features_of(panel), [&](int row, int count) {
            tile.weights = weights + panel * of.panel_floats() + row;
            tile.bias = bias + first + row;
            tile.out = out.at(first + row, y, x);
            tiles[static_cast<std::size_t>(count)](tile);
          });
        }
      }
    });
    behind(y);
  }
}

/// Taps [first, end) that reach an output from some of the positions [position, position + count).
struct ReachingTaps {
  int first;
  int end;

  static ReachingTaps of(const WindowAxis& axis, int outputs, int position, int count) {
    const int at = position + axis.before;
    return {std::max(0, at - outputs + 1), std::min(axis.kernel, at + count)};
  }
  [[nodiscard]] int count() const { return std::max(0, end - first); }
};

/// The gradient by the inputs of a convolution from that by its outputs, which has zeros at both
/// ends of its lines: taps that lie beyond for a whole tile are left out. Calls behind(y) as
/// `convolve_lanes` does.
template <class Behind>
void convolve_lanes_back(const Convolution& of, const LaneTiles& tiles,
                         const LaneImage<const float>& gradient, const float* weights,
                         const LaneImage<float>& to, const Behind& behind) {
  const std::ptrdiff_t width = of.panels.width;
  const std::ptrdiff_t weight_tap = of.panel_inputs * width;
  LaneTile tile{};
  tile.weight_row = width;
  tile.weight_tap = weight_tap;
  tile.weight_line = of.window.x.kernel * weight_tap;
  tile.in_plane = gradient.plane;
  tile.in_line = -gradient.line;
  tile.in_tap = -lanes;
  tile.channels = of.panels.features;
  tile.out_row = to.plane;
  tile.panel_channels = of.panels.width;
  tile.weight_panel = of.panel_floats();
  tile.weight_channel = 1;
  for (int y = 0; y < of.in.height; ++y) {
    const auto lines = ReachingTaps::of(of.window.y, of.out.height, y, 1);
    tile.lines = lines.count();
    for_each_unit(of.in.width, [&](int unit) {
      const auto taps = ReachingTaps::of(of.window.x, of.out.width, unit, lane_unit);
      tile.taps = taps.count();
      for (int x = unit; x < unit + lane_unit; x += tile_vectors) {
        tile.in = gradient.at(0, y + of.window.y.before - lines.first,
                              x + of.window.x.before - taps.first);
        for_each_tile(of.panel_inputs, [&](int row, int count) {
          tile.weights =
              weights + row * width + lines.first * tile.weight_line + taps.first * weight_tap;
          tile.out = to.at(row, y, x);
          tiles[static_cast<std::size_t>(count)](tile);
        });
      }
    });
    behind(y);
  }
}

}  // namespace lamina::kernel
