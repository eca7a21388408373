#include <algorithm>
#include <cmath>
#include <optional>

#include <lamina/augment/regions.hpp>

#include "augment/check.hpp"
#include "augment/each.hpp"

namespace lamina::augment {

namespace {

/// The part of a region that is in the image; none where nothing is.
std::optional<Region> inside(const Region& region, Size size, const char* where) {
  if (region.height < 0 || region.width < 0) {
    throw Error(std::string(where) + ": expected a region of 0 x 0 or more, found " +
                text_of(region.size()));
  }
  const auto bounded = [](int start, int extent, int most) {
    const long long end = static_cast<long long>(start) + extent;
    const long long first = std::clamp<long long>(start, 0, most);
    return std::pair{static_cast<int>(first),
                     static_cast<int>(std::clamp<long long>(end, first, most) - first)};
  };
  const auto [top, height] = bounded(region.top, region.height, size.height);
  const auto [left, width] = bounded(region.left, region.width, size.width);
  if (height == 0 || width == 0) return std::nullopt;
  return Region{top, left, height, width};
}

/// Every value of one channel becomes the same.
template <class Value>
void fill(const Pixels<Value>& pixels, int channel, Value value) {
  for (int y = 0; y < pixels.height; ++y) {
    Value* row = pixels.at(channel, y, 0);
    with_stride(pixels.column_stride, [&](auto stride) {
      for (int x = 0; x < pixels.width; ++x) row[x * stride] = value;
    });
  }
}

template <class Value>
void erase_all(const Pixels<Value>& pixels, const Region& region, Value value) {
  const auto found = inside(region, pixels.size(), "erase");
  if (!found) return;
  for (int c = 0; c < pixels.channels; ++c) fill(pixels.part(*found), c, value);
}

template <class Value>
void paste_all(const Pixels<const Value>& from, const Pixels<Value>& to, const Region& region) {
  expect_size(from.size(), to.size(), "paste", "images");
  if (from.channels != to.channels) {
    throw Error("paste: expected images of " + std::to_string(to.channels) + " channels, found " +
                std::to_string(from.channels));
  }
  const auto found = inside(region, to.size(), "paste");
  if (found) copy_values(from.part(*found), to.part(*found));
}

}  // namespace

void erase(const Image& image, const Region& region, float value) {
  erase_all(image, region, value);
}

void erase(const Image& image, const Region& region, std::span<const float> values) {
  expect(values.size() == static_cast<std::size_t>(image.channels), "erase",
         "a value for each channel", static_cast<double>(values.size()));
  const auto found = inside(region, image.size(), "erase");
  if (!found) return;
  for (int c = 0; c < image.channels; ++c) {
    fill(image.part(*found), c, values[static_cast<std::size_t>(c)]);
  }
}

void erase(const Mask<std::uint8_t>& mask, const Region& region, std::uint8_t value) {
  erase_all(mask, region, value);
}
void erase(const Mask<std::uint16_t>& mask, const Region& region, std::uint16_t value) {
  erase_all(mask, region, value);
}
void erase(const Mask<std::int32_t>& mask, const Region& region, std::int32_t value) {
  erase_all(mask, region, value);
}

void erase(std::span<KeyPoint> points, const Region& region) {
  for (KeyPoint& point : points) {
    // In box coordinates, half a pixel more.
    const double x = static_cast<double>(point.x) + 0.5 - region.left;
    const double y = static_cast<double>(point.y) + 0.5 - region.top;
    const bool hidden = x >= 0 && y >= 0 && x < region.width && y < region.height;
    point.visible = point.visible && !hidden;
  }
}

void paste(const ConstImage& from, const Image& to, const Region& region) {
  paste_all(from, to, region);
}
void paste(const Mask<const std::uint8_t>& from, const Mask<std::uint8_t>& to,
           const Region& region) {
  paste_all(from, to, region);
}
void paste(const Mask<const std::uint16_t>& from, const Mask<std::uint16_t>& to,
           const Region& region) {
  paste_all(from, to, region);
}
void paste(const Mask<const std::int32_t>& from, const Mask<std::int32_t>& to,
           const Region& region) {
  paste_all(from, to, region);
}

Region cut_mix_region(Size size, double share, int y, int x) {
  expect(share >= 0 && share <= 1, "cut_mix_region", "a share in [0, 1]", share);
  expect(y >= 0 && y < size.height, "cut_mix_region", "a middle in the image", y);
  expect(x >= 0 && x < size.width, "cut_mix_region", "a middle in the image", x);
  const double half = std::sqrt(share) / 2;
  const int half_height = static_cast<int>(half * size.height);
  const int half_width = static_cast<int>(half * size.width);
  return inside({y - half_height, x - half_width, 2 * half_height, 2 * half_width}, size,
                "cut_mix_region")
      .value_or(Region{y, x, 0, 0});
}

void shuffle_channels(const Image& image, std::span<const int> order, Scratch& scratch) {
  expect_image(image, "shuffle_channels");
  expect(order.size() == static_cast<std::size_t>(image.channels), "shuffle_channels",
         "a number for each channel", static_cast<double>(order.size()));
  for (int c = 0; c < image.channels; ++c) {
    expect(std::count(order.begin(), order.end(), c) == 1, "shuffle_channels",
           "each channel once, not so channel", c);
  }
  Image row = image;
  row.height = 1;
  const std::size_t values =
      static_cast<std::size_t>(image.channels) * static_cast<std::size_t>(image.width);
  const Image copied =
      Image::channels_first(scratch.floats(values), image.channels, 1, image.width);
  for (int y = 0; y < image.height; ++y) {
    row.data = image.at(0, y, 0);
    copy_values(row, copied);
    for (int c = 0; c < image.channels; ++c) {
      const float* source = copied.at(order[static_cast<std::size_t>(c)], 0, 0);
      float* target = row.at(c, 0, 0);
      with_stride(row.column_stride, [&](auto stride) {
        for (int x = 0; x < row.width; ++x) target[x * stride] = source[x];
      });
    }
  }
}

void drop_channels(const Image& image, std::span<const int> channels, float value) {
  expect_image(image, "drop_channels");
  for (const int channel : channels) {
    expect(channel >= 0 && channel < image.channels, "drop_channels", "a channel of the image",
           channel);
  }
  for (const int channel : channels) fill(image, channel, value);
}

}  // namespace lamina::augment
