#include <algorithm>
#include <cstring>

#include <lamina/augment/warp.hpp>

#include "augment/check.hpp"
#include "augment/places.hpp"
#include "augment/whole.hpp"

namespace lamina::augment {

namespace {

/// The frame with the values of `lanes` channels of a pixel side by side: one channel, or four, of
/// which those the image lacks are never written out. Layouts differ here and where results are
/// stored; between the two there is one loop.
template <int Lanes>
void fill_frame(const ConstImage& from, int first_channel, float fill, float* frame) {
  const int width = from.width + 2;
  const int channels = std::min(from.channels - first_channel, Lanes);
  std::fill_n(frame, width * Lanes, fill);
  for (int y = 0; y < from.height; ++y) {
    float* row = frame + static_cast<std::ptrdiff_t>(y + 1) * width * Lanes;
    std::fill_n(row, Lanes, fill);
    for (int c = 0; c < channels; ++c) {
      const float* source = from.at(first_channel + c, y, 0);
      float* target = row + Lanes + c;
      with_stride(from.column_stride, [&](auto stride) {
        for (int x = 0; x < from.width; ++x) target[x * Lanes] = source[x * stride];
      });
    }
    std::fill_n(row + (width - 1) * Lanes, Lanes, fill);
  }
  std::fill_n(frame + static_cast<std::ptrdiff_t>(from.height + 1) * width * Lanes, width * Lanes,
              fill);
}

/// The first tap of each place, as an index into the frame, and the shares of the taps after it.
struct Taps {
  alignas(64) int column[run_length];
  alignas(64) int row[run_length];
  alignas(64) float x[run_length];
  alignas(64) float y[run_length];
};

void find_taps(const float* places, int count, int extent, int* taps, float* shares) {
  const auto last = static_cast<float>(extent);  // has a pixel after it, that of the border
  for (int i = 0; i < count; ++i) {
    const auto whole = static_cast<float>(static_cast<int>(places[i]));
    const float tap = whole < last ? whole : last;
    taps[i] = static_cast<int>(tap);
    shares[i] = places[i] - tap;
  }
}

/// One lane, or four that are computed together: clang makes scalars of loops over four.
template <int Lanes>
struct LanesOf {
  using Value __attribute__((vector_size(4 * Lanes))) = float;
  static Value load(const float* from) {
    Value found;
    std::memcpy(&found, from, sizeof(found));
    return found;
  }
  static void store(const Value& value, float* to) { std::memcpy(to, &value, sizeof(value)); }
};
template <>
struct LanesOf<1> {
  static float load(const float* from) { return *from; }
  static void store(float value, float* to) { *to = value; }
};

/// a + share (b - a): exactly a where the share is 0, and where b is a.
template <int Lanes>
void sample(const float* frame, std::ptrdiff_t pitch, const Taps& taps, int count,
            float* __restrict found) {
  using Lane = LanesOf<Lanes>;
  for (int i = 0; i < count; ++i) {
    const float* top = frame + taps.row[i] * pitch + taps.column[i] * Lanes;
    const float* bottom = top + pitch;
    const auto above = Lane::load(top);
    const auto below = Lane::load(bottom);
    const auto upper = above + taps.x[i] * (Lane::load(top + Lanes) - above);
    const auto lower = below + taps.x[i] * (Lane::load(bottom + Lanes) - below);
    Lane::store(upper + taps.y[i] * (lower - upper), found + i * Lanes);
  }
}

template <int Lanes>
void warp_channels(const ConstImage& from, const Image& to, int first_channel,
                   const PlaceFinder& finder, float fill, float* frame) {
  fill_frame<Lanes>(from, first_channel, fill, frame);
  const std::ptrdiff_t pitch = static_cast<std::ptrdiff_t>(from.width + 2) * Lanes;
  const int channels = std::min(from.channels - first_channel, Lanes);
  Places places;
  Taps taps;
  alignas(64) float found[run_length * Lanes];
  for (int y = 0; y < to.height; ++y) {
    for (int first = 0; first < to.width; first += run_length) {
      const int count = std::min(run_length, to.width - first);
      finder.find(y, first, count, places);
      find_taps(places.x, count, from.width, taps.column, taps.x);
      find_taps(places.y, count, from.height, taps.row, taps.y);
      sample<Lanes>(frame, pitch, taps, count, found);
      for (int c = 0; c < channels; ++c) {
        float* target = to.at(first_channel + c, y, first);
        with_stride(to.column_stride, [&](auto stride) {
          for (int i = 0; i < count; ++i) target[i * stride] = found[i * Lanes + c];
        });
      }
    }
  }
}

}  // namespace

void warp(const ConstImage& from, const Image& to, const Warp& by, const Border& border,
          Scratch& scratch) {
  expect_image(from, "warp");
  expect_image(to, "warp");
  expect_size(from.size(), by.from(), "warp", "an image");
  expect_size(to.size(), by.to(), "warp", "an image to write");
  if (from.channels != to.channels) {
    throw Error("warp: expected an image to write of " + std::to_string(from.channels) +
                " channels, found " + std::to_string(to.channels));
  }
  const Border around = border_of(by, border);
  const auto* fill = std::get_if<Fill>(&around);
  const float fill_value = fill == nullptr ? 0.0f : fill->value;
  if (copy_whole(from, to, by, around, fill_value,
                 [&](std::size_t count) { return scratch.floats(count); }))
    return;
  const Region seen = seen_region(by);
  const ConstImage source = from.part(seen);
  const PlaceFinder finder(by, seen, around);
  const std::size_t positions = FrameSize(seen).positions();
  const int lanes = from.channels == 1 ? 1 : 4;
  // Where both are the same memory and there are more channels than fit a frame, frames of later
  // channels are read after earlier channels were written, never after their own.
  float* frame = scratch.floats(positions * static_cast<std::size_t>(lanes)).data();
  for (int channel = 0; channel < from.channels; channel += lanes) {
    if (lanes == 1) {
      warp_channels<1>(source, to, channel, finder, fill_value, frame);
    } else {
      warp_channels<4>(source, to, channel, finder, fill_value, frame);
    }
  }
}

}  // namespace lamina::augment
