#pragma once

#include <algorithm>
#include <cstddef>

#include <lamina/core/shape.hpp>

/// The values of one sample that has positions.
namespace lamina::kernel {

/// In panels of channels: channel c of position p is at
/// data[c / width * panel_stride + p * width + c % width]. A user's memory, channel by channel, is
/// that with panels of one channel.
template <class Float>
struct Image {
  Float* data;
  int width;
  std::ptrdiff_t panel_stride;

  [[nodiscard]] Float* at(int channel, int position) const {
    return data + channel / width * panel_stride + static_cast<std::ptrdiff_t>(position) * width +
           channel % width;
  }
  operator Image<const Float>() const { return {data, width, panel_stride}; }
};

/// Calls f(first channel, count) for the runs of channels [first, first + channels) of one image
/// and [other_first, ...) of another that lie together in both.
template <class F>
void for_each_channel_run(int width, int first, int other_width, int other_first, int channels,
                          const F& f) {
  for (int done = 0; done < channels;) {
    const int count = std::min({channels - done, width - (first + done) % width,
                                other_width - (other_first + done) % other_width});
    f(done, count);
    done += count;
  }
}

/// Channels of all positions from one image to another, copied or added.
template <bool Add>
void take_channels(const Image<const float>& from, int from_first, const Image<float>& to,
                   int to_first, int channels, int positions) {
  for_each_channel_run(
      from.width, from_first, to.width, to_first, channels, [&](int done, int count) {
        const float* source = from.at(from_first + done, 0);
        float* target = to.at(to_first + done, 0);
        for (int p = 0; p < positions; ++p, source += from.width, target += to.width) {
          for (int c = 0; c < count; ++c) target[c] = Add ? target[c] + source[c] : source[c];
        }
      });
}

/// An image that a convolution reads, in scratch memory: channels side by side, with edges of zeros
/// around the positions, so that what a kernel takes of a line lies together.
struct Staged {
  float* data;
  int channels;
  int lines;   ///< with the edges
  int length;  ///< of a line, likewise
  int top;     ///< lines before the first of the image
  int left;

  [[nodiscard]] constexpr std::ptrdiff_t line_floats() const {
    return static_cast<std::ptrdiff_t>(length) * channels;
  }
  [[nodiscard]] constexpr std::size_t floats() const {
    return static_cast<std::size_t>(lines) * static_cast<std::size_t>(line_floats());
  }
  [[nodiscard]] float* at(int y, int x) const {
    return data + (y + top) * line_floats() + static_cast<std::ptrdiff_t>(x + left) * channels;
  }
};

/// Zeros around an image of height x width.
inline void clear_edges(const Staged& to, int height, int width) {
  const auto clear = [&](float* from, float* end) { std::fill(from, end, 0.0f); };
  clear(to.data, to.data + to.top * to.line_floats());
  clear(to.at(height, 0) - static_cast<std::ptrdiff_t>(to.left) * to.channels,
        to.data + to.floats());
  for (int y = 0; y < height; ++y) {
    float* line = to.data + (y + to.top) * to.line_floats();
    clear(line, to.at(y, 0));
    clear(to.at(y, width), line + to.line_floats());
  }
}

/// Channels of an image to their place in a staged one, from its channel `first` on.
inline void stage_channels(const Image<const float>& from, int channels, int height, int width,
                           const Staged& to, int first) {
  for (int c = 0; c < channels; c += from.width) {
    const int count = std::min(from.width, channels - c);
    const float* source = from.at(c, 0);
    for (int y = 0; y < height; ++y) {
      float* target = to.at(y, 0) + first + c;
      for (int x = 0; x < width; ++x, source += from.width, target += to.channels) {
        std::copy_n(source, count, target);
      }
    }
  }
}

}  // namespace lamina::kernel
