#include <algorithm>
#include <cmath>

#include <lamina/augment/color.hpp>

#include "augment/check.hpp"
#include "augment/each.hpp"
#include "augment/elementary.hpp"

namespace lamina::augment {

namespace {

void expect_factor(float factor, const char* where) {
  expect(factor >= 0 && std::isfinite(factor), where, "a finite factor of at least 0",
         static_cast<double>(factor));
}

/// False where there is no colour to change.
bool has_colors(const Image& image, const char* where) {
  expect_image(image, where);
  expect(image.channels == 1 || image.channels == 3, where, "an image of 1 or 3 channels",
         image.channels);
  return image.channels == 3;
}

/// A sum whose order is that of the pixels, in eight parts that a register can hold.
class Sum {
 public:
  void add(const float* values, int count) {
    for (int i = 0; i < count; ++i) parts_[i % 8] += static_cast<double>(values[i]);
  }
  [[nodiscard]] double value() const {
    return ((parts_[0] + parts_[4]) + (parts_[1] + parts_[5])) +
           ((parts_[2] + parts_[6]) + (parts_[3] + parts_[7]));
  }

 private:
  double parts_[8] = {};
};

/// Gray of the pixels of a row from `first` on.
void gray_of(const Image& image, int y, int first, int count, float* gray) {
  const float* row = image.at(0, y, first);
  if (image.channels == 3) {
    const float* green = row + image.channel_stride;
    const float* blue = green + image.channel_stride;
    with_stride(image.column_stride, [&](auto stride) {
      for (int x = 0; x < count; ++x) {
        gray[x] = Rgb{row[x * stride], green[x * stride], blue[x * stride]}.gray();
      }
    });
    return;
  }
  const float share = 1.0f / static_cast<float>(image.channels);
  for (int x = 0; x < count; ++x) {
    float sum = 0;
    for (int c = 0; c < image.channels; ++c) {
      sum += row[c * image.channel_stride + x * image.column_stride];
    }
    gray[x] = sum * share;
  }
}

float mean_gray(const Image& image) {
  Sum sum;
  float gray[together];
  for (int y = 0; y < image.height; ++y) {
    for (int first = 0; first < image.width; first += together) {
      const int count = std::min(together, image.width - first);
      gray_of(image, y, first, count, gray);
      sum.add(gray, count);
    }
  }
  return static_cast<float>(sum.value() / (static_cast<double>(image.height) * image.width));
}

/// The hue in sixths of the circle from red, turned; then the three channels from it.
Rgb turned(const Rgb& from, float sixths) {
  const float most = std::max(from.red, std::max(from.green, from.blue));
  const float least = std::min(from.red, std::min(from.green, from.blue));
  const float range = most - least;
  const float scale = 1 / (range > 0 ? range : 1);
  const float of_blue = 4 + (from.red - from.green) * scale;
  const float of_green = 2 + (from.blue - from.red) * scale;
  const float of_red = (from.green - from.blue) * scale;
  const float hue = most == from.red ? of_red : most == from.green ? of_green : of_blue;
  const float moved = hue + sixths;  // in [-4, 8]
  const float above = moved < 0 ? moved + 6 : moved;
  const float place = above >= 6 ? above - 6 : above;
  const auto channel = [&](float offset) {
    const float sum = offset + place;
    const float k = sum >= 6 ? sum - 6 : sum;
    return most - range * clipped(std::min(k, 4 - k));
  };
  return {channel(5), channel(3), channel(1)};
}

}  // namespace

void brightness(const Image& image, float factor) {
  expect_image(image, "brightness");
  expect_factor(factor, "brightness");
  each_value(image, [=](float x) { return clipped(factor * x); });
}

void contrast(const Image& image, float factor) {
  expect_image(image, "contrast");
  expect_factor(factor, "contrast");
  const float rest = (1 - factor) * mean_gray(image);
  each_value(image, [=](float x) { return clipped(factor * x + rest); });
}

void saturation(const Image& image, float factor) {
  expect_factor(factor, "saturation");
  if (!has_colors(image, "saturation")) return;
  each_pixel(image, [=](const Rgb& x) {
    const float rest = (1 - factor) * x.gray();
    return Rgb{clipped(factor * x.red + rest), clipped(factor * x.green + rest),
               clipped(factor * x.blue + rest)};
  });
}

void hue(const Image& image, float turn) {
  expect(turn >= -0.5f && turn <= 0.5f, "hue", "a turn in [-0.5, 0.5]", static_cast<double>(turn));
  if (!has_colors(image, "hue")) return;
  const float sixths = 6 * turn;
  each_pixel(image, [=](const Rgb& x) { return turned(x, sixths); });
}

void gamma(const Image& image, float exponent, float gain) {
  expect_image(image, "gamma");
  expect_factor(exponent, "gamma");
  expect_factor(gain, "gamma");
  each_value(image, [=](float x) {
    // Not by the logarithm of 0: 0^0 is 1, any other power of 0 is 0.
    const float power = exponential(exponent * natural_log(x > 0 ? x : 1));
    const float zero = exponent > 0 ? 0.0f : 1.0f;
    return clipped(gain * (x > 0 ? power : zero));
  });
}

void posterize(const Image& image, int bits) {
  expect_image(image, "posterize");
  expect(bits >= 1 && bits <= 8, "posterize", "1 to 8 bits", bits);
  const auto levels = static_cast<float>(1 << bits);
  each_value(image, [=](float x) {
    const float level = std::floor(x * levels);
    return std::min(std::max(level, 0.0f), levels - 1) / levels;
  });
}

void solarize(const Image& image, float threshold) {
  expect_image(image, "solarize");
  expect(threshold >= 0 && threshold <= 1, "solarize", "a threshold between 0 and 1",
         static_cast<double>(threshold));
  each_value(image, [=](float x) { return x >= threshold ? 1 - x : x; });
}

void auto_contrast(const Image& image) {
  expect_image(image, "auto_contrast");
  for (int c = 0; c < image.channels; ++c) {
    Image channel = image;
    channel.data = image.at(c, 0, 0);
    channel.channels = 1;
    float least = INFINITY;
    float largest = -INFINITY;
    each_value(channel, [&](float x) {
      least = std::min(least, x);
      largest = std::max(largest, x);
      return x;
    });
    if (!(least < largest)) continue;
    const float scale = 1 / (largest - least);
    each_value(channel, [=](float x) { return clipped((x - least) * scale); });
  }
}

void grayscale(const Image& image) {
  expect_image(image, "grayscale");
  float gray[together];
  for (int y = 0; y < image.height; ++y) {
    for (int first = 0; first < image.width; first += together) {
      const int count = std::min(together, image.width - first);
      gray_of(image, y, first, count, gray);
      for (int c = 0; c < image.channels; ++c) {
        float* row = image.at(c, y, first);
        for (int x = 0; x < count; ++x) row[x * image.column_stride] = gray[x];
      }
    }
  }
}

}  // namespace lamina::augment
