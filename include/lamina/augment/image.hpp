#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <type_traits>

#include <lamina/core/error.hpp>

/// What is done to images and to what belongs to them: deterministic functions of an image and
/// numbers.
///
/// Pixel centres are at whole numbers: x counts columns to the right, y rows downwards, and pixel
/// (y, x) is the square [x, x + 1) x [y, y + 1) of a box, its key point (x, y). Angles are in
/// degrees, anticlockwise. Values of images are floats in [0, 1].
namespace lamina::augment {

/// The positions of an image.
struct Size {
  int height = 0;
  int width = 0;

  friend constexpr bool operator==(const Size&, const Size&) = default;
};

/// A rectangle of whole pixels: rows [top, top + height), columns [left, left + width).
struct Region {
  int top = 0;
  int left = 0;
  int height = 0;
  int width = 0;

  [[nodiscard]] constexpr Size size() const { return {height, width}; }
  friend constexpr bool operator==(const Region&, const Region&) = default;
};

/// A view of values at positions, with any strides: it owns nothing. (C, H, W) and channels last
/// are the same to every function, bit for bit.
///
/// Errors: making a view throws `Error` where the values are not as many as the extents say, or
/// more than 2^30.
///
/// Example: `auto image = Image::channels_first(sample.input, 3, 32, 32);`
template <class Value>
struct Pixels {
  Value* data = nullptr;
  int channels = 0;
  int height = 0;
  int width = 0;
  std::ptrdiff_t channel_stride = 0;
  std::ptrdiff_t row_stride = 0;
  std::ptrdiff_t column_stride = 0;

  /// (channels, height, width), row-major.
  static Pixels channels_first(std::span<Value> values, int channels, int height, int width) {
    check(values.size(), channels, height, width);
    return {values.data(), channels, height, width, static_cast<std::ptrdiff_t>(height) * width,
            width,         1};
  }
  /// (height, width, channels), row-major.
  static Pixels channels_last(std::span<Value> values, int channels, int height, int width) {
    check(values.size(), channels, height, width);
    return {values.data(), channels, height,
            width,         1,        static_cast<std::ptrdiff_t>(width) * channels,
            channels};
  }
  /// (height, width) of one channel: a mask.
  static Pixels plane(std::span<Value> values, int height, int width) {
    return channels_first(values, 1, height, width);
  }

  [[nodiscard]] Value* at(int channel, int y, int x) const {
    return data + channel * channel_stride + y * row_stride + x * column_stride;
  }
  [[nodiscard]] Size size() const { return {height, width}; }
  [[nodiscard]] bool empty() const { return channels < 1 || height < 1 || width < 1; }
  /// False where the positions of all channels are more than 2^30: such a view is refused.
  [[nodiscard]] bool countable() const {
    constexpr std::size_t most = 1 << 30;
    return empty() || static_cast<std::size_t>(channels) * static_cast<std::size_t>(height) <=
                          most / static_cast<std::size_t>(width);
  }

  /// A part of the same memory. Errors: a region that is not inside throws `Error`.
  [[nodiscard]] Pixels part(const Region& region) const;

  // NOLINTNEXTLINE: what can be written can be read
  operator Pixels<const Value>() const
    requires(!std::is_const_v<Value>)
  {
    return {data, channels, height, width, channel_stride, row_stride, column_stride};
  }

 private:
  static void check(std::size_t values, int channels, int height, int width) {
    const Pixels shape{nullptr, channels, height, width};
    if (!shape.empty() && shape.countable() &&
        static_cast<std::size_t>(channels) * static_cast<std::size_t>(height) *
                static_cast<std::size_t>(width) ==
            values) {
      return;
    }
    throw Error("image: expected extents above 0 and as many values, 2^30 at most, found " +
                std::to_string(channels) + " channels of " + std::to_string(height) + " x " +
                std::to_string(width) + " and " + std::to_string(values) + " values");
  }
};

template <class Value>
Pixels<Value> Pixels<Value>::part(const Region& region) const {
  const bool inside = region.top >= 0 && region.left >= 0 && region.height > 0 &&
                      region.width > 0 && region.height <= height - region.top &&
                      region.width <= width - region.left;
  if (!inside) {
    throw Error("image: expected a region inside of " + std::to_string(height) + " x " +
                std::to_string(width) + ", found " + std::to_string(region.height) + " x " +
                std::to_string(region.width) + " at row " + std::to_string(region.top) +
                ", column " + std::to_string(region.left));
  }
  Pixels found = *this;
  found.data = at(0, region.top, region.left);
  found.height = region.height;
  found.width = region.width;
  return found;
}

/// Floats in [0, 1], of any number of channels.
using Image = Pixels<float>;
using ConstImage = Pixels<const float>;

/// A class map: a class at every position, in one channel. `std::uint8_t`, `std::uint16_t` and
/// `std::int32_t`, which is `Label`.
template <class Class>
using Mask = Pixels<Class>;

}  // namespace lamina::augment
