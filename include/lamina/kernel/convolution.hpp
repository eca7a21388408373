#pragma once

#include <algorithm>
#include <array>
#include <cstddef>

#include <lamina/core/tile.hpp>
#include <lamina/core/window.hpp>
#include <lamina/kernel/image.hpp>
#include <lamina/kernel/panel.hpp>
#include <lamina/kernel/transpose.hpp>
#include <lamina/kernel/update.hpp>

/// Convolutions of one sample: forward, the gradient by the inputs and the gradient by the weights
/// are the products of dense layers over lines of an image. What a kernel's line takes of an image
/// lies together where taps are neighbours, so that a line of the kernel is a block of the depth;
/// nothing is copied for each output (im2col).
namespace lamina::kernel {

/// A convolution's sizes.
struct Convolution {
  Window window;
  Shape in;       ///< channels, height, width of what it reads
  Shape out;      ///< of what it makes
  Panels panels;  ///< of the channels that it makes

  /// Rows of a packed panel: [tap][channel].
  [[nodiscard]] constexpr int depth() const { return window.taps() * in.channels; }
  /// Floats of a packed panel.
  [[nodiscard]] constexpr std::ptrdiff_t panel_floats() const {
    return static_cast<std::ptrdiff_t>(depth()) * panels.width;
  }
};

/// What it reads, with its padding.
constexpr Staged staged_input(const Convolution& of, float* data) {
  const WindowAxis& y = of.window.y;
  const WindowAxis& x = of.window.x;
  return {
      data,     of.in.channels, of.in.height + y.before + y.after, of.in.width + x.before + x.after,
      y.before, x.before};
}

/// The gradient by its outputs, with zeros where taps reach beyond them.
constexpr Staged staged_gradient(const Convolution& of, float* data) {
  const AxisEdges y = gradient_edges(of.window.y, of.in.height, of.out.height);
  const AxisEdges x = gradient_edges(of.window.x, of.in.width, of.out.width);
  return {data,
          of.out.channels,
          of.out.height + y.before + y.after,
          of.out.width + x.before + x.after,
          y.before,
          x.before};
}

/// `multiply_panel` over a line of an image.
template <int Vectors, RowSet Set>
void multiply_line(const PanelProduct& product, int rows) {
  for_each_tile(
      rows,
      [&](int row, int count) {
        multiply_line_rows<Vectors, Set>(
            count, product.left.from(row), product.right, product.right_stride, product.depth,
            Store<Vectors>{
                product.out + row * product.out_stride, product.out_stride,
                product.start == nullptr ? nullptr : product.start + row * product.start_stride,
                product.start_stride});
      },
      line_tile_rows(Vectors));
}

/// out = bias + sum over taps and channels: all panels of one sample.
inline void convolve(const Convolution& of, const MultiplyPanels& multiply, const Staged& in,
                     const float* weights, const float* bias, const Image<float>& out) {
  const WindowAxis& y = of.window.y;
  const WindowAxis& x = of.window.x;
  const int channels = in.channels;
  // Taps of a line that are no neighbours are blocks of their own, lines products of their own.
  const bool together = x.dilation == 1;
  const int lines = together ? 1 : y.kernel;
  const int depth = of.depth() / lines;
  for (int panel = 0; panel < of.panels.count; ++panel) {
    const auto multiply_lines = multiply[static_cast<std::size_t>(of.panels.vectors_of(panel))];
    const float* right = weights + panel * of.panel_floats();
    for (int line = 0; line < of.out.height; ++line) {
      float* to = out.data + panel * out.panel_stride +
                  static_cast<std::ptrdiff_t>(line) * of.out.width * out.width;
      for (int tap = 0; tap < lines; ++tap) {
        const Rows left{in.data + (line * y.stride + tap * y.dilation) * in.line_floats(),
                        static_cast<std::ptrdiff_t>(x.stride) * channels,
                        together ? x.kernel * channels : channels,
                        together ? y.dilation * in.line_floats()
                                 : static_cast<std::ptrdiff_t>(x.dilation) * channels};
        multiply_lines({left, right + static_cast<std::ptrdiff_t>(tap) * depth * of.panels.width,
                        of.panels.width, depth, to, out.width,
                        tap == 0 ? bias + panel * of.panels.width : to, tap == 0 ? 0 : out.width},
                       of.out.width);
      }
    }
  }
}

/// Floats of the turned weights of one panel of channels that a convolution reads.
constexpr std::size_t turned_floats(const Convolution& of, int width) {
  // `transpose_inputs` writes whole panels: the last one's padding lies behind the end.
  return static_cast<std::size_t>(of.window.taps() * of.out.channels + of.panels.width) *
         static_cast<std::size_t>(width);
}

/// Weights of channels [first, first + count) for the way back, [phase][tap, backwards][output]
/// [to_width].
inline void turn_weights(const Convolution& of, const float* weights, int first, int count,
                         float* to, int to_width) {
  const Window& window = of.window;
  for (int phase_y = 0; phase_y < window.y.stride; ++phase_y) {
    const AxisPhase y = phase_of(window.y, of.in.height, phase_y);
    for (int phase_x = 0; phase_x < window.x.stride; ++phase_x) {
      const AxisPhase x = phase_of(window.x, of.in.width, phase_x);
      for (int i = 0; i < y.taps; ++i) {
        for (int j = 0; j < x.taps; ++j) {
          const int tap =
              (y.last_tap - i * y.tap_step) * window.x.kernel + x.last_tap - j * x.tap_step;
          transpose_inputs(weights, of.panels, of.depth(), tap * of.in.channels + first, count, to,
                           to_width);
          to += static_cast<std::ptrdiff_t>(of.out.channels) * to_width;
        }
      }
    }
  }
}

/// A panel of the gradient by what a convolution reads, for one sample: from the gradient by its
/// outputs and the turned weights of this panel, set or added.
inline void convolve_back(const Convolution& of, MultiplyPanel multiply, int vectors,
                          const Staged& gradient, const float* turned, float* out, int width,
                          bool add) {
  const int channels = gradient.channels;
  const int to_width = vectors * lanes;
  for (int phase_y = 0; phase_y < of.window.y.stride; ++phase_y) {
    const AxisPhase y = phase_of(of.window.y, of.in.height, phase_y);
    for (int phase_x = 0; phase_x < of.window.x.stride; ++phase_x) {
      const AxisPhase x = phase_of(of.window.x, of.in.width, phase_x);
      const int taps = y.taps * x.taps;
      const bool together = x.output_step == 1;
      const int lines = together ? 1 : y.taps;
      const std::ptrdiff_t out_stride = static_cast<std::ptrdiff_t>(of.window.x.stride) * width;
      for (int t = 0; t < y.count && x.count > 0; ++t) {
        const int position = (y.first + t * of.window.y.stride) * of.in.width + x.first;
        float* to = out + static_cast<std::ptrdiff_t>(position) * width;
        if (taps == 0) {  // no tap reads these
          for (int i = 0; i < x.count && !add; ++i)
            std::fill_n(to + i * out_stride, to_width, 0.0f);
          continue;
        }
        for (int line = 0; line < lines; ++line) {
          const Rows left{gradient.at(y.first_output + t + line * y.output_step, x.first_output),
                          channels, together ? x.taps * channels : channels,
                          together ? y.output_step * gradient.line_floats()
                                   : static_cast<std::ptrdiff_t>(x.output_step) * channels};
          const int depth = taps / lines * channels;
          const bool adds = add || line > 0;
          multiply({left, turned + static_cast<std::ptrdiff_t>(line) * depth * to_width, to_width,
                    depth, to, out_stride, adds ? to : nullptr, out_stride},
                   x.count);
        }
      }
      turned += static_cast<std::ptrdiff_t>(taps) * channels * to_width;
    }
  }
}

/// Adds one sample's gradient by the weights of one panel to `to`, packed as they are. `gradient`
/// is that by the outputs, [position][width].
template <int Vectors, RowSet Set>
void add_convolution_gradient(const Convolution& of, const Staged& in, const float* gradient,
                              float* to) {
  const WindowAxis& y = of.window.y;
  const WindowAxis& x = of.window.x;
  const std::ptrdiff_t width = of.panels.width;
  const bool together = x.dilation == 1;
  const int runs = together ? 1 : x.kernel;
  const int rows = x.kernel / runs * in.channels;
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
                ColumnLines{first + row, static_cast<std::ptrdiff_t>(x.stride) * in.channels,
                            of.out.width, y.stride * in.line_floats()},
                gradient, width, of.out.positions(),
                StoreGradient<Vectors>{target + row * width, width, 1.0f, true});
          },
          line_tile_rows(Vectors));
    }
  }
}

using AddConvolutionGradient = void (*)(const Convolution&, const Staged& in, const float* gradient,
                                        float* to);

/// What convolutions of a network call by the number of registers of a panel.
struct ConvolutionKernels {
  MultiplyPanels lines{};  ///< forward, and back to what they read
  std::array<AddConvolutionGradient, tile_vectors + 1> gradients{};
};

/// Heights of the tiles that occur, by the number of registers of a panel: only those are compiled.
struct ConvolutionRows {
  std::array<RowSet, tile_vectors + 1> lines{};
  std::array<RowSet, tile_vectors + 1> gradients{};

  friend constexpr bool operator==(const ConvolutionRows&, const ConvolutionRows&) = default;
};

template <ConvolutionRows Rows>
inline constexpr ConvolutionKernels convolution_kernels = [] {
  ConvolutionKernels kernels;
  [&]<std::size_t... I>(std::index_sequence<I...>) {
    const auto set = [&]<std::size_t V>(std::integral_constant<std::size_t, V>) {
      constexpr int vectors = static_cast<int>(V);
      if constexpr (Rows.lines[V] != 0) {
        kernels.lines[V] = &multiply_line<vectors, Rows.lines[V]>;
      }
      if constexpr (Rows.gradients[V] != 0) {
        kernels.gradients[V] = &add_convolution_gradient<vectors, Rows.gradients[V]>;
      }
    };
    (set(std::integral_constant<std::size_t, I + 1>{}), ...);
  }(std::make_index_sequence<tile_vectors>{});
  return kernels;
}();

}  // namespace lamina::kernel
