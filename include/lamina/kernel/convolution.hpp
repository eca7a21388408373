#pragma once

#include <algorithm>
#include <cstddef>

#include <lamina/core/tile.hpp>
#include <lamina/core/window.hpp>
#include <lamina/kernel/grouped.hpp>
#include <lamina/kernel/image.hpp>
#include <lamina/kernel/panel.hpp>
#include <lamina/kernel/transpose.hpp>
#include <lamina/kernel/update.hpp>

/// Convolutions of one sample: forward, the gradient by the inputs and the gradient by the weights
/// are the products of dense layers over lines of an image. What a kernel's line takes of an image
/// lies together where taps are neighbours, so that a line of the kernel is a block of the depth;
/// nothing is copied for each output (im2col).
namespace lamina::kernel {

/// A convolution's sizes. Of a transposed one those of the convolution whose way back it is.
struct Convolution {
  Window window;
  Shape in;   ///< channels, height, width of what the window slides over
  Shape out;  ///< of what it leaves
  int groups;
  /// Of packed weights: the channels that the stage makes.
  Panels panels;
  int panel_inputs;  ///< channels that go into each of them

  /// Rows of a packed panel: [tap][channel], the taps of a transposed one as `place_back` says.
  [[nodiscard]] constexpr int depth() const { return window.taps() * panel_inputs; }
  /// Floats of a packed panel.
  [[nodiscard]] constexpr std::ptrdiff_t panel_floats() const {
    return static_cast<std::ptrdiff_t>(depth()) * panels.width;
  }
};

/// What the window slides over, with its padding; `channels` floats a position.
constexpr Staged staged_input(const Convolution& of, int channels, float* data) {
  return staged(data, channels, of.in, input_edges(of.window));
}

/// The gradient by what it leaves, with zeros where taps reach beyond.
constexpr Staged staged_gradient(const Convolution& of, int channels, float* data) {
  return staged(data, channels, of.out, gradient_edges(of.window, of.in, of.out));
}

/// Weights of a panel, a row for every tap and channel that goes in.
struct PanelWeights {
  const float* data;
  std::ptrdiff_t width;
};

/// Where a panel of sums goes, and what it starts from.
struct PanelTarget {
  float* data;
  std::ptrdiff_t width;  ///< floats from a position to the next
  const float* bias;     ///< a row that all positions start from; null: from zero
  bool add;              ///< to what is there

  /// Rows of sums from one position on, `stride` floats from each other.
  [[nodiscard]] PanelProduct product(const Rows& left, const float* right,
                                     std::ptrdiff_t right_stride, int depth, int position,
                                     std::ptrdiff_t stride, bool adds) const {
    float* out = data + position * width;
    return {left,
            right,
            right_stride,
            depth,
            out,
            stride,
            adds || add ? out : bias,
            adds || add ? stride : 0};
  }
};

/// `multiply_panel` over a line of an image.
template <class Left, int Vectors, RowSet Set>
void multiply_line(const PanelProduct& product, int rows) {
  for_each_tile(
      rows,
      [&](int row, int count) {
        multiply_line_rows<Vectors, Set>(
            count, Left{product.left}.from(row), product.right, product.right_stride, product.depth,
            Store<Vectors>{
                product.out + row * product.out_stride, product.out_stride,
                product.start == nullptr ? nullptr : product.start + row * product.start_stride,
                product.start_stride});
      },
      line_tile_rows(Vectors));
}

/// A panel of sums over taps and channels for one sample, `products` channels of a tap.
inline void convolve(const Convolution& of, int products, MultiplyPanel multiply, const Staged& in,
                     PanelWeights weights, const PanelTarget& to) {
  const WindowAxis& y = of.window.y;
  const WindowAxis& x = of.window.x;
  // Taps of a line that are no neighbours are blocks of their own, lines products of their own.
  const bool together = x.dilation == 1;
  const int lines = together ? 1 : y.kernel;
  const int depth = of.window.taps() / lines * products;
  for (int line = 0; line < of.out.height; ++line) {
    for (int tap = 0; tap < lines; ++tap) {
      const Rows left{in.data + (line * y.stride + tap * y.dilation) * in.line_floats(),
                      static_cast<std::ptrdiff_t>(x.stride) * in.channels,
                      together ? x.kernel * products : products,
                      together ? y.dilation * in.line_floats()
                               : static_cast<std::ptrdiff_t>(x.dilation) * in.channels};
      multiply(to.product(left, weights.data + tap * depth * weights.width, weights.width, depth,
                          line * of.out.width, to.width, tap > 0),
               of.out.width);
    }
  }
}

/// Floats of weights turned for the gradient by one panel of what a stage reads; `width` is its.
constexpr std::size_t turned_floats(const Convolution& of, int width) {
  // `transpose_inputs` writes whole panels: the last one's padding lies behind the end.
  return static_cast<std::size_t>(of.window.taps() * of.panels.features + of.panels.width) *
         static_cast<std::size_t>(width);
}

/// Calls f(place among packed taps) in the order of the way back through a stage's weights.
template <class F>
void for_each_turned_tap(const Convolution& of, bool transposed, const F& f) {
  const Window& window = of.window;
  if (!transposed) {
    return for_each_tap_back(window, [&](int y, int x) { f(y * window.x.kernel + x); });
  }
  for (int tap = 0; tap < window.taps(); ++tap) f(place_back(window, tap));
}

/// Weights by channels [first, first + count) that a stage reads, for the way back:
/// [tap][output][to_width].
inline void turn_weights(const Convolution& of, bool transposed, const float* weights, int first,
                         int count, float* to, int to_width) {
  for_each_turned_tap(of, transposed, [&](int place) {
    transpose_inputs(weights, of.panels, of.depth(), place * of.panel_inputs + first, count, to,
                     to_width);
    to += static_cast<std::ptrdiff_t>(of.panels.features) * to_width;
  });
}

/// The same in groups: an output is of the group of the channel that is read.
inline void turn_groups(const Convolution& of, bool transposed, const float* weights, int first,
                        int count, float* to, int to_width) {
  const int outputs = of.panels.features / of.groups;
  for_each_turned_tap(of, transposed, [&](int place) {
    for (int k = 0; k < outputs; ++k, to += to_width) {
      for (int lane = 0; lane < to_width; ++lane) {
        const int channel = first + lane;
        const int output = channel / of.panel_inputs * outputs + k;
        const std::ptrdiff_t row = output / of.panels.width * of.depth() + place * of.panel_inputs +
                                   channel % of.panel_inputs;
        to[lane] = lane < count ? weights[row * of.panels.width + output % of.panels.width] : 0.0f;
      }
    }
  });
}

/// The way back of `convolve`: a panel of what the window slides over, for one sample, from what it
/// leaves, `products` channels of a tap, and weights in the order of `for_each_tap_back`.
inline void convolve_back(const Convolution& of, int products, MultiplyPanel multiply,
                          const Staged& gradient, PanelWeights weights, const PanelTarget& to) {
  for (int phase_y = 0; phase_y < of.window.y.stride; ++phase_y) {
    const AxisPhase y = phase_of(of.window.y, of.in.height, phase_y);
    for (int phase_x = 0; phase_x < of.window.x.stride; ++phase_x) {
      const AxisPhase x = phase_of(of.window.x, of.in.width, phase_x);
      // Where no tap reads there is a product without depth.
      const int taps = y.taps * x.taps;
      const bool together = x.output_step == 1 || taps == 0;
      const int lines = together ? 1 : y.taps;
      const int depth = taps / lines * products;
      for (int t = 0; t < y.count && x.count > 0; ++t) {
        const int position = (y.first + t * of.window.y.stride) * of.in.width + x.first;
        for (int line = 0; line < lines; ++line) {
          const Rows left{gradient.at(y.first_output + t + line * y.output_step, x.first_output),
                          gradient.channels, together ? x.taps * products : products,
                          together
                              ? y.output_step * gradient.line_floats()
                              : static_cast<std::ptrdiff_t>(x.output_step) * gradient.channels};
          multiply(to.product(left, weights.data + line * depth * weights.width, weights.width,
                              depth, position, of.window.x.stride * to.width, line > 0),
                   x.count);
        }
      }
      weights.data += static_cast<std::ptrdiff_t>(taps) * products * weights.width;
    }
  }
}

/// Adds one sample's gradient by the weights of one panel to `to`, packed as they are. `in` is what
/// the stage reads, `gradient` that by its outputs, [position][width].
template <class Left, int Vectors, RowSet Set>
void add_convolution_gradient(const Convolution& of, const Staged& in, const float* gradient,
                              float* to) {
  const WindowAxis& y = of.window.y;
  const WindowAxis& x = of.window.x;
  const std::ptrdiff_t width = of.panels.width;
  const bool together = x.dilation == 1;
  const int runs = together ? 1 : x.kernel;
  const int rows = x.kernel / runs * of.panel_inputs;
  for (int line = 0; line < y.kernel; ++line) {
    for (int run = 0; run < runs; ++run) {
      const float* first = in.data + line * y.dilation * in.line_floats() +
                           static_cast<std::ptrdiff_t>(run) * x.dilation * in.channels;
      float* target = to + static_cast<std::ptrdiff_t>(line * runs + run) * rows * width;
      for_each_tile(
          rows,
          [&](int row, int count) {
            multiply_line_rows<Vectors, Set>(
                count,
                Left{{first, static_cast<std::ptrdiff_t>(x.stride) * in.channels, of.out.width,
                      y.stride * in.line_floats()}}
                    .template from<Vectors>(row),
                gradient, width, of.out.positions(),
                StoreGradient<Vectors>{target + row * width, width, 1.0f, true});
          },
          line_tile_rows(Vectors));
    }
  }
}

/// Positions [first, end) of what a window leaves whose tap lies on what it slides over.
struct TapRange {
  int first;
  int end;
};
constexpr TapRange range_of_tap(const WindowAxis& axis, int tap, int extent, int left) {
  const int before = axis.before - tap * axis.dilation;  // the tap of position i is at i s - before
  const int first = before > 0 ? (before + axis.stride - 1) / axis.stride : 0;
  const int end = extent + before > 0 ? (extent - 1 + before) / axis.stride + 1 : 0;
  return {first, std::min(end, left)};
}

/// The same for a transposed convolution, line by line.
template <class Left, int Vectors, RowSet Set>
void add_transposed_gradient(const Convolution& of, const Staged& in, const float* gradient,
                             float* to) {
  const WindowAxis& y = of.window.y;
  const WindowAxis& x = of.window.x;
  const std::ptrdiff_t width = of.panels.width;
  for_each_tap_back(of.window, [&](int tap_y, int tap_x) {
    const TapRange lines = range_of_tap(y, tap_y, of.in.height, of.out.height);
    const TapRange columns = range_of_tap(x, tap_x, of.in.width, of.out.width);
    const int count = columns.end - columns.first;
    for (int line = lines.first; line < lines.end && count > 0; ++line) {
      const int position = (line * y.stride - y.before + tap_y * y.dilation) * of.in.width +
                           columns.first * x.stride - x.before + tap_x * x.dilation;
      for_each_tile(
          of.panel_inputs,
          [&](int row, int rows) {
            multiply_line_rows<Vectors, Set>(
                rows,
                Left{{in.at(line, columns.first), in.channels, count, 0}}.template from<Vectors>(
                    row),
                gradient + position * width, x.stride * width, count,
                StoreGradient<Vectors>{to + row * width, width, 1.0f, true});
          },
          line_tile_rows(Vectors));
    }
    to += of.panel_inputs * width;
  });
}

}  // namespace lamina::kernel
