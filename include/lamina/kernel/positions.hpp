#pragma once

#include <algorithm>
#include <array>
#include <limits>

#include <lamina/core/operation.hpp>
#include <lamina/core/tile.hpp>
#include <lamina/kernel/image.hpp>
#include <lamina/kernel/tile.hpp>

/// Operations that take values from other positions, forward and backward, one sample at a time.
/// Input and output have the same panels where channels stay as they are.
namespace lamina::kernel {

/// An operation's sizes.
struct PositionTask {
  SpatialOperation operation;
  Shape in;
  Shape out;
};

namespace detail {

/// Calls f(panel, lane) for every register of the channels.
template <class F>
HWY_INLINE void for_each_channel_register(const Panels& panels, const F& f) {
  for (int panel = 0; panel < panels.count; ++panel) {
    for (int v = 0; v < panels.vectors_of(panel); ++v) f(panel, v * lanes);
  }
}
/// Calls f(offset in the input, in the output) for the same.
template <class F>
HWY_INLINE void for_each_channel_register(const Panels& panels, std::ptrdiff_t in_stride,
                                          std::ptrdiff_t out_stride, const F& f) {
  for_each_channel_register(panels, [&](int panel, int lane) LAMINA_INLINE {
    f(panel * in_stride + lane, panel * out_stride + lane);
  });
}

/// Positions that a window's output reads along an axis: the first and the one behind the last, by
/// dilated steps.
struct Taken {
  int first;
  int end;
};
inline Taken taken(const WindowAxis& axis, int extent, int i) {
  int first = i * axis.stride - axis.before;
  const int end = std::min(first + axis.reach(), extent);
  while (first < 0) first += axis.dilation;
  return {first, end};
}

/// Calls f(output position, taken lines, taken columns) for all outputs of a window.
template <class F>
HWY_INLINE void for_each_window(const PositionTask& task, const F& f) {
  const Window& window = task.operation.window;
  int position = 0;
  for (int y = 0; y < task.out.height; ++y) {
    const Taken lines = taken(window.y, task.in.height, y);
    for (int x = 0; x < task.out.width; ++x) {
      f(position++, lines, taken(window.x, task.in.width, x));
    }
  }
}

/// Calls f(input position) for all that a window's output reads.
template <class F>
HWY_INLINE void for_each_taken(const PositionTask& task, const Taken& lines, const Taken& columns,
                               const F& f) {
  const Window& window = task.operation.window;
  for (int y = lines.first; y < lines.end; y += window.y.dilation) {
    for (int x = columns.first; x < columns.end; x += window.x.dilation) f(y * task.in.width + x);
  }
}

/// Calls f(output position, input position, weight) for all that a resampling reads.
template <class F>
HWY_INLINE void for_each_weighted(const PositionTask& task, const F& f) {
  int position = 0;
  for (int y = 0; y < task.out.height; ++y) {
    const AxisTaps lines = task.operation.taps[0](task.in.height, y);
    for (int x = 0; x < task.out.width; ++x, ++position) {
      const AxisTaps columns = task.operation.taps[1](task.in.width, x);
      for (int i = 0; i < lines.count; ++i) {
        for (int j = 0; j < columns.count; ++j) {
          f(position, (lines.first + i) * task.in.width + columns.first + j,
            (i == 0 ? lines.first_weight : lines.weight) *
                (j == 0 ? columns.first_weight : columns.weight));
        }
      }
    }
  }
}

/// The larger of two values, a NaN where one is: the instruction gives its second operand then.
HWY_INLINE Register larger(Register most, Register value) {
  return select(is_nan(most), most, select(is_nan(value), value, max(most, value)));
}

HWY_INLINE Register largest_of_square(const float* values,
                                      const std::array<std::ptrdiff_t, 4>& at) {
  return larger(larger(Register::load(values + at[0]), Register::load(values + at[1])),
                larger(Register::load(values + at[2]), Register::load(values + at[3])));
}

HWY_INLINE Register largest(const PositionTask& task, const Taken& lines, const Taken& columns,
                            const float* in, std::ptrdiff_t width) {
  Register most(-std::numeric_limits<float>::infinity());
  for_each_taken(task, lines, columns,
                 [&](int input) { most = larger(most, Register::load(in + input * width)); });
  return most;
}

/// Squares of two by two positions side by side, inside the image: what most pools are.
constexpr bool is_square_of_two(const WindowAxis& axis) {
  return axis.kernel == 2 && axis.stride == 2 && axis.dilation == 1 && axis.before == 0 &&
         axis.after == 0;
}

/// Calls f(output position, its four inputs) for all of them.
template <class F>
HWY_INLINE void for_each_square(const PositionTask& task, std::ptrdiff_t width, const F& f) {
  const std::ptrdiff_t line = task.in.width * width;
  std::ptrdiff_t output = 0;
  for (int y = 0; y < task.out.height; ++y) {
    std::ptrdiff_t at = 2 * y * line;
    for (int x = 0; x < task.out.width; ++x, at += 2 * width, output += width) {
      f(output, std::array<std::ptrdiff_t, 4>{at, at + width, at + line, at + line + width});
    }
  }
}

}  // namespace detail

/// The largest value of every window.
inline void max_pool(const PositionTask& task, const Panels& panels, const Image<const float>& in,
                     const Image<float>& out) {
  const std::ptrdiff_t width = panels.width;
  detail::for_each_channel_register(
      panels, in.panel_stride, out.panel_stride, [&](std::ptrdiff_t from, std::ptrdiff_t to) {
        const Window& window = task.operation.window;
        if (detail::is_square_of_two(window.y) && detail::is_square_of_two(window.x)) {
          const float* values = in.data + from;
          return detail::for_each_square(task, width, [&](std::ptrdiff_t output, const auto& at) {
            detail::largest_of_square(values, at).store(out.data + to + output);
          });
        }
        detail::for_each_window(task, [&](int output, const auto& lines, const auto& columns) {
          detail::largest(task, lines, columns, in.data + from, width)
              .store(out.data + to + output * width);
        });
      });
}

/// Every position is in one window: a gradient by it needs no sum.
inline bool is_tiled(const PositionTask& task) {
  const Window& window = task.operation.window;
  return detail::is_square_of_two(window.y) && detail::is_square_of_two(window.x) &&
         task.in.height == 2 * task.out.height && task.in.width == 2 * task.out.width;
}

/// Adds the gradient by every window's output to that by the first of its largest values, or sets
/// the gradient by all of a window, where it is tiled. They are found again: the chain of the stage
/// may have taken the place of the outputs.
template <bool Add = true>
void max_pool_back(const PositionTask& task, const Panels& panels, const Image<const float>& in,
                   const Image<const float>& gradient, const Image<float>& to) {
  const std::ptrdiff_t width = panels.width;
  // The values may be made again in scratch memory, with panels closer to each other.
  detail::for_each_channel_register(panels, [&](int panel, int lane) {
    const float* values = in.data + panel * in.panel_stride + lane;
    const float* slopes = gradient.data + panel * gradient.panel_stride + lane;
    float* const target = to.data + panel * to.panel_stride + lane;
    const auto take = [&](Register most, Register& left, std::ptrdiff_t input) LAMINA_INLINE {
      // What is smaller gets nothing, the first that is not takes all.
      const auto smaller = Register::load(values + input) < most;
      float* const place = target + input;
      Register taken = select(smaller, Register(0.0f), left);
      if constexpr (Add) taken = Register::load(place) + taken;
      taken.store(place);
      left = select(smaller, left, Register(0.0f));
    };
    const Window& window = task.operation.window;
    if (detail::is_square_of_two(window.y) && detail::is_square_of_two(window.x)) {
      return detail::for_each_square(task, width, [&](std::ptrdiff_t output, const auto& four) {
        const Register most = detail::largest_of_square(values, four);
        Register left = Register::load(slopes + output);
        for (const std::ptrdiff_t input : four) take(most, left, input);
      });
    }
    detail::for_each_window(task, [&](int output, const auto& lines, const auto& columns) {
      const Register most = detail::largest(task, lines, columns, values, width);
      Register left = Register::load(slopes + output * width);
      detail::for_each_taken(task, lines, columns,
                             [&](int input) { take(most, left, input * width); });
    });
  });
}

/// out = sums of weighted positions.
inline void resample(const PositionTask& task, const Panels& panels, const Image<const float>& in,
                     const Image<float>& out) {
  const std::ptrdiff_t width = panels.width;
  for (int panel = 0; panel < panels.count; ++panel) {
    float* to = out.data + panel * out.panel_stride;
    std::fill_n(to, task.out.positions() * width, 0.0f);
  }
  detail::for_each_weighted(task, [&](int output, int input, float weight) {
    detail::for_each_channel_register(
        panels, in.panel_stride, out.panel_stride, [&](std::ptrdiff_t from, std::ptrdiff_t to) {
          float* const place = out.data + to + output * width;
          multiply_add(Register(weight), Register::load(in.data + from + input * width),
                       Register::load(place))
              .store(place);
        });
  });
}

/// Adds the gradient by the outputs of a resampling to that by its inputs.
inline void resample_back(const PositionTask& task, const Panels& panels,
                          const Image<const float>& gradient, const Image<float>& to) {
  const std::ptrdiff_t width = panels.width;
  detail::for_each_weighted(task, [&](int output, int input, float weight) {
    detail::for_each_channel_register(
        panels, to.panel_stride, gradient.panel_stride,
        [&](std::ptrdiff_t at, std::ptrdiff_t from) {
          float* const place = to.data + at + input * width;
          multiply_add(Register(weight), Register::load(gradient.data + from + output * width),
                       Register::load(place))
              .store(place);
        });
  });
}

}  // namespace lamina::kernel
