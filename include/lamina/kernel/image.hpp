#pragma once

#include <algorithm>
#include <array>
#include <cstddef>

#include <lamina/core/shape.hpp>
#include <lamina/core/simd.hpp>
#include <lamina/core/tile.hpp>
#include <lamina/core/window.hpp>

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

/// Room for an image with edges around it.
constexpr Staged staged(float* data, int channels, const Shape& image, const Edges& edges) {
  return {data,
          channels,
          image.height + edges.y.before + edges.y.after,
          image.width + edges.x.before + edges.x.after,
          edges.y.before,
          edges.x.before};
}

/// Zeros around an image of height x width, once it is there: `stage_channels` writes beyond it.
inline void clear_edges(const Staged& to, int height, int width) {
  // Loops and no fill: most edges are a few floats, and a call for each of them was 5 % of LeNet.
  const auto clear = [](float* from, const float* end) {
    while (from < end) *from++ = 0.0f;
  };
  clear(to.data, to.data + to.top * to.line_floats());
  for (int y = 0; y < height; ++y) {
    float* line = to.data + (y + to.top) * to.line_floats();
    clear(line, to.at(y, 0));
    clear(to.at(y, width), line + to.line_floats());
  }
  clear(to.data + (height + to.top) * to.line_floats(), to.data + to.floats());
}

/// Channels of an image to their place in a staged one, from its channel `first` on. Whole
/// registers are written where a position ends: what the last one has too much lies where the first
/// channels of the next position come, in the edges, or less than a register behind the end. So of
/// several images the last is staged first, then edges are cleared. Channels that fill one panel
/// lie in lines as they are.
inline void stage_channels(const Image<const float>& from, int channels, int height, int width,
                           const Staged& to, int first) {
  if (from.width == 1) {
    for (int c = 0; c < channels; ++c) {
      const float* source = from.at(c, 0);
      for (int y = 0; y < height; ++y) {
        float* target = to.at(y, 0) + first + c;
        for (int x = 0; x < width; ++x) target[x * to.channels] = *source++;
      }
    }
    return;
  }
  if (from.width == to.channels && channels == to.channels) {
    const std::ptrdiff_t line = static_cast<std::ptrdiff_t>(width) * from.width;
    for (int y = 0; y < height; ++y) std::copy_n(from.data + y * line, line, to.at(y, 0));
    return;
  }
  for (int panel = (channels - 1) / from.width; panel >= 0; --panel) {
    const int begin = panel * from.width;
    const int count = std::min(from.width, channels - begin);
    const int last = (count - 1) / simd::lanes * simd::lanes;
    // What follows are channels of another image, which are there already.
    const bool cut = count - last < simd::lanes && first + channels < to.channels;
    const float* source = from.at(begin, 0);
    for (int y = 0; y < height; ++y) {
      float* target = to.at(y, 0) + first + begin;
      for (int x = 0; x < width; ++x, source += from.width, target += to.channels) {
        if (cut) simd::Register::load(source + last).store_first(target + last, count - last);
        for (int c = cut ? last - simd::lanes : last; c >= 0; c -= simd::lanes) {
          simd::Register::load(source + c).store_unaligned(target + c);
        }
      }
    }
  }
}

/// The values of one channel: that of position p is at data[p * step].
struct ChannelLine {
  const float* data;
  std::ptrdiff_t step;
};

/// What a panel of channels reads of others in groups: lane l of product k that of
/// channel (first + l) / own * other + k.
struct GroupLanes {
  int first;  ///< channel of the first lane
  int count;  ///< of lanes
  int width;  ///< floats of the panel; those behind the last lane are zero
  int own;    ///< channels of a group, on the panel's side
  int other;  ///< on the side that is read

  [[nodiscard]] constexpr int channels() const { return other * width; }
};

/// Stages `of.other` panels a position, each lane its own channel; `line_of(channel)` is where it
/// lies. Edges are cleared after.
template <class LineOf>
void stage_groups(const GroupLanes& of, const LineOf& line_of, int height, int width,
                  const Staged& to) {
  constexpr auto most = static_cast<std::size_t>(tile_vectors) * simd::lanes;
  std::array<ChannelLine, most> lines;
  for (int k = 0; k < of.other; ++k) {
    bool together = true;  // one channel a group: they lie side by side
    for (int lane = 0; lane < of.count; ++lane) {
      ChannelLine& line = lines[static_cast<std::size_t>(lane)];
      line = line_of((of.first + lane) / of.own * of.other + k);
      together = together && line.data == lines[0].data + lane && line.step == lines[0].step;
    }
    for (int y = 0; y < height; ++y) {
      float* target = to.at(y, 0) + k * of.width;
      for (int x = 0; x < width; ++x, target += to.channels) {
        const std::ptrdiff_t p = static_cast<std::ptrdiff_t>(y) * width + x;
        if (together) {
          std::copy_n(lines[0].data + p * lines[0].step, of.count, target);
        } else {
          for (int lane = 0; lane < of.count; ++lane) {
            const ChannelLine& line = lines[static_cast<std::size_t>(lane)];
            target[lane] = line.data[p * line.step];
          }
        }
        std::fill(target + of.count, target + of.width, 0.0f);
      }
    }
  }
}

}  // namespace lamina::kernel
