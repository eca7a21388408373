#pragma once

#include <algorithm>
#include <cstddef>

#include <lamina/augment/image.hpp>

#include "augment/strides.hpp"

/// One loop for what a small function makes of each value, or of each pixel.
namespace lamina::augment {

/// Most values that a function is given together.
inline constexpr int together = 64;

inline float clipped(float x) {
  const float above = x > 0 ? x : 0;
  return above < 1 ? above : 1;
}

/// x = f(x) for every value, in the order of memory.
template <class F>
void each_value(const Image& image, const F& f) {
  const Image rows = joined(image);
  for (int c = 0; c < rows.channels; ++c) {
    for (int y = 0; y < rows.height; ++y) {
      float* row = rows.at(c, y, 0);
      with_stride(rows.column_stride, [&](auto stride) {
        for (int x = 0; x < rows.width; ++x) row[x * stride] = f(row[x * stride]);
      });
    }
  }
}

struct Rgb {
  float red;
  float green;
  float blue;

  [[nodiscard]] float gray() const { return 0.2989f * red + 0.587f * green + 0.114f * blue; }
};

/// f(row, count, stride) for rows of pixels; those that follow each other in memory are one.
template <class Pixels, class F>
void each_pixel_row(Pixels image, const F& f) {
  if (image.row_stride == image.width * image.column_stride) {
    image.width *= image.height;
    image.height = 1;
  }
  for (int y = 0; y < image.height; ++y) {
    with_stride(image.column_stride,
                [&](auto stride) { f(image.at(0, y, 0), image.width, stride); });
  }
}

/// pixel = f(pixel) for every pixel of three channels.
template <class F>
void each_pixel(const Image& image, const F& f) {
  each_pixel_row(image, [&](float* red, int count, auto stride) {
    float* green = red + image.channel_stride;
    float* blue = green + image.channel_stride;
    for (int x = 0; x < count; ++x) {
      const Rgb made = f(Rgb{red[x * stride], green[x * stride], blue[x * stride]});
      red[x * stride] = made.red;
      green[x * stride] = made.green;
      blue[x * stride] = made.blue;
    }
  });
}

}  // namespace lamina::augment
