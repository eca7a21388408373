#include <algorithm>

#include <lamina/augment/warp.hpp>

#include "augment/check.hpp"
#include "augment/places.hpp"
#include "augment/whole.hpp"

namespace lamina::augment {

namespace {

/// The classes with one of border on every side, in 32 bits whatever they were.
template <class Class>
void fill_frame(const Mask<const Class>& from, std::int32_t fill, std::int32_t* frame) {
  const int width = from.width + 2;
  std::fill_n(frame, width, fill);
  for (int y = 0; y < from.height; ++y) {
    std::int32_t* row = frame + static_cast<std::ptrdiff_t>(y + 1) * width;
    const Class* source = from.at(0, y, 0);
    row[0] = fill;
    for (int x = 0; x < from.width; ++x) row[x + 1] = source[x * from.column_stride];
    row[width - 1] = fill;
  }
  std::fill_n(frame + static_cast<std::ptrdiff_t>(from.height + 1) * width, width, fill);
}

template <class Class>
void warp_classes(const Mask<const Class>& source, const Mask<Class>& to, const PlaceFinder& finder,
                  const std::int32_t* frame) {
  const std::ptrdiff_t pitch = source.width + 2;
  Places places;
  for (int y = 0; y < to.height; ++y) {
    for (int first = 0; first < to.width; first += run_length) {
      const int count = std::min(run_length, to.width - first);
      finder.find(y, first, count, places);
      Class* target = to.at(0, y, first);
      for (int i = 0; i < count; ++i) {
        const int column = static_cast<int>(places.x[i] + 0.5f);  // halves to the right and down
        const int row = static_cast<int>(places.y[i] + 0.5f);
        target[i * to.column_stride] = static_cast<Class>(frame[row * pitch + column]);
      }
    }
  }
}

template <class Class>
void warp_mask(const Mask<const Class>& from, const Mask<Class>& to, const Warp& by,
               const Border& border, Class fill, Scratch& scratch) {
  for (const int channels : {from.channels, to.channels}) {
    if (channels != 1) {
      throw Error("warp: expected masks of 1 channel, found " + std::to_string(channels));
    }
  }
  expect_size(from.size(), by.from(), "warp", "a mask");
  expect_size(to.size(), by.to(), "warp", "a mask to write");
  const Border around = border_of(by, border);
  const auto kept = [&](std::size_t count) { return scratch.classes(count); };
  if (copy_whole(from, to, by, around, fill, kept)) return;
  const Region seen = seen_region(by);
  const auto source = from.part(seen);
  const auto frame = scratch.classes(FrameSize(seen).positions());
  fill_frame(source, fill, frame.data());
  warp_classes(source, to, PlaceFinder(by, seen, around), frame.data());
}

}  // namespace

void warp(const Mask<const std::uint8_t>& from, const Mask<std::uint8_t>& to, const Warp& by,
          const Border& border, std::uint8_t fill, Scratch& scratch) {
  warp_mask(from, to, by, border, fill, scratch);
}

void warp(const Mask<const std::uint16_t>& from, const Mask<std::uint16_t>& to, const Warp& by,
          const Border& border, std::uint16_t fill, Scratch& scratch) {
  warp_mask(from, to, by, border, fill, scratch);
}

void warp(const Mask<const std::int32_t>& from, const Mask<std::int32_t>& to, const Warp& by,
          const Border& border, std::int32_t fill, Scratch& scratch) {
  warp_mask(from, to, by, border, fill, scratch);
}

}  // namespace lamina::augment
