#pragma once

#include <algorithm>
#include <cstddef>
#include <limits>

#include <lamina/kernel/lane_images.hpp>
#include <lamina/kernel/positions.hpp>

/// Pools, and all that resamples, with samples in the lanes.
namespace lamina::kernel {

namespace detail {

/// Calls f(y, x, taken lines, taken columns) for all outputs of a window.
template <class F>
HWY_INLINE void for_each_lane_window(const PositionTask& task, const F& f) {
  const Window& window = task.operation.window;
  for (int y = 0; y < task.out.height; ++y) {
    const Taken lines = taken(window.y, task.in.height, y);
    for (int x = 0; x < task.out.width; ++x) f(y, x, lines, taken(window.x, task.in.width, x));
  }
}

/// Calls f(y, x) for what a window takes.
template <class F>
HWY_INLINE void for_each_lane_taken(const PositionTask& task, const Taken& lines,
                                    const Taken& columns, const F& f) {
  const Window& window = task.operation.window;
  for (int y = lines.first; y < lines.end; y += window.y.dilation) {
    for (int x = columns.first; x < columns.end; x += window.x.dilation) f(y, x);
  }
}

/// The largest value that a window takes of a channel.
HWY_INLINE Register largest_taken(const PositionTask& task, const Taken& lines,
                                  const Taken& columns, const LaneImage<const float>& in,
                                  int channel) {
  Register most(-std::numeric_limits<float>::infinity());
  for_each_lane_taken(task, lines, columns, [&](int y, int x) {
    most = larger(most, Register::load(in.at(channel, y, x)));
  });
  return most;
}

/// Zeros at all positions, edges left as they are.
inline void clear_lanes(const Shape& shape, const LaneImage<float>& image) {
  for (int channel = 0; channel < shape.channels; ++channel) {
    for (int y = 0; y < shape.height; ++y) {
      std::fill_n(image.at(channel, y, 0), shape.width * lanes, 0.0f);
    }
  }
}

HWY_INLINE bool is_pool_of_two(const PositionTask& task) {
  return is_square_of_two(task.operation.window.y) && is_square_of_two(task.operation.window.x);
}

}  // namespace detail

/// The largest value of every window.
inline void max_pool_lanes(const PositionTask& task, const LaneImage<const float>& in,
                           const LaneImage<float>& out) {
  const bool of_two = detail::is_pool_of_two(task);
  for (int channel = 0; channel < task.in.channels; ++channel) {
    if (of_two) {
      for (int y = 0; y < task.out.height; ++y) {
        const float* from = in.at(channel, 2 * y, 0);
        float* to = out.at(channel, y, 0);
        for (int x = 0; x < task.out.width; ++x, from += 2 * lanes, to += lanes) {
          detail::largest_of_square(from, {0, lanes, in.line, in.line + lanes}).store(to);
        }
      }
      continue;
    }
    detail::for_each_lane_window(task, [&](int y, int x, const auto& lines, const auto& columns) {
      detail::largest_taken(task, lines, columns, in, channel).store(out.at(channel, y, x));
    });
  }
}

/// The gradient by what a pool reads, set: that by each output goes to the first of its largest
/// values. Calls behind(channel, first line, end) for lines that are done.
template <class Behind>
void max_pool_lanes_back(const PositionTask& task, const LaneImage<const float>& in,
                         const LaneImage<const float>& gradient, const LaneImage<float>& to,
                         const Behind& behind) {
  const auto take = [](Register value, Register most, Register& left) LAMINA_INLINE {
    const auto smaller = value < most;
    const Register all = select(smaller, Register(0.0f), left);
    left = select(smaller, left, Register(0.0f));
    return all;
  };
  const bool tiled = is_tiled(task);
  if (!tiled) detail::clear_lanes(task.in, to);
  for (int channel = 0; channel < task.in.channels; ++channel) {
    if (tiled) {
      for (int y = 0; y < task.out.height; ++y) {
        const float* from = in.at(channel, 2 * y, 0);
        const float* by = gradient.at(channel, y, 0);
        float* at = to.at(channel, 2 * y, 0);
        for (int x = 0; x < task.out.width; ++x, from += 2 * lanes, at += 2 * lanes, by += lanes) {
          const Register most =
              detail::largest_of_square(from, {0, lanes, in.line, in.line + lanes});
          Register left = Register::load(by);
          take(Register::load(from), most, left).store(at);
          take(Register::load(from + lanes), most, left).store(at + lanes);
          take(Register::load(from + in.line), most, left).store(at + to.line);
          take(Register::load(from + in.line + lanes), most, left).store(at + to.line + lanes);
        }
        behind(channel, 2 * y, 2 * y + 2);
      }
      continue;
    }
    detail::for_each_lane_window(task, [&](int y, int x, const auto& lines, const auto& columns) {
      const Register most = detail::largest_taken(task, lines, columns, in, channel);
      Register left = Register::load(gradient.at(channel, y, x));
      detail::for_each_lane_taken(task, lines, columns, [&](int from_y, int from_x) {
        const Register value = Register::load(in.at(channel, from_y, from_x));
        float* place = to.at(channel, from_y, from_x);
        (Register::load(place) + take(value, most, left)).store(place);
      });
    });
    behind(channel, 0, task.in.height);
  }
}

/// out = sums of weighted positions.
inline void resample_lanes(const PositionTask& task, const LaneImage<const float>& in,
                           const LaneImage<float>& out) {
  detail::clear_lanes(task.out, out);
  detail::for_each_weighted(task, [&](int output, int input, float weight) {
    const float* from = in.at(0, input / task.in.width, input % task.in.width);
    float* to = out.at(0, output / task.out.width, output % task.out.width);
    for (int c = 0; c < task.in.channels; ++c, from += in.plane, to += out.plane) {
      multiply_add(Register(weight), Register::load(from), Register::load(to)).store(to);
    }
  });
}

/// The gradient by what a resampling reads, set.
inline void resample_lanes_back(const PositionTask& task, const LaneImage<const float>& gradient,
                                const LaneImage<float>& to) {
  detail::clear_lanes(task.in, to);
  detail::for_each_weighted(task, [&](int output, int input, float weight) {
    const float* from = gradient.at(0, output / task.out.width, output % task.out.width);
    float* at = to.at(0, input / task.in.width, input % task.in.width);
    for (int c = 0; c < task.in.channels; ++c, from += gradient.plane, at += to.plane) {
      multiply_add(Register(weight), Register::load(from), Register::load(at)).store(at);
    }
  });
}

}  // namespace lamina::kernel
