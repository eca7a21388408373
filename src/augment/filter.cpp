#include <algorithm>
#include <cmath>

#include <lamina/augment/filter.hpp>

#include "augment/check.hpp"
#include "augment/each.hpp"
#include "augment/whole.hpp"

namespace lamina::augment {

namespace {

constexpr int most_taps = 1023;

/// Weights of a Gaussian that add up to 1.
void gaussian(std::span<float> weights, double deviation) {
  const double middle = (static_cast<double>(weights.size()) - 1) / 2;
  double numbers[most_taps];
  double sum = 0;
  for (std::size_t i = 0; i < weights.size(); ++i) {
    const double distance = (static_cast<double>(i) - middle) / deviation;
    numbers[i] = std::exp(-distance * distance / 2);
    sum += numbers[i];
  }
  for (std::size_t i = 0; i < weights.size(); ++i) {
    weights[i] = static_cast<float>(numbers[i] / sum);
  }
}

/// One channel, its values side by side.
Pixels<float> copied_channel(const Image& image, int channel, float* memory) {
  Image from = image;
  from.data = image.at(channel, 0, 0);
  from.channels = 1;
  const auto count = static_cast<std::size_t>(image.height) * static_cast<std::size_t>(image.width);
  const Image made = Image::plane({memory, count}, image.height, image.width);
  copy_values(from, made);
  return made;
}

/// row += weight * values
void add(float weight, const float* values, float* row, int count) {
  for (int x = 0; x < count; ++x) row[x] += weight * values[x];
}

}  // namespace

void gaussian_blur(const Image& image, int kernel, float deviation, Scratch& scratch) {
  expect_image(image, "gaussian_blur");
  expect(kernel > 0 && kernel % 2 == 1 && kernel <= most_taps, "gaussian_blur",
         "an odd kernel from 1 to 1023", kernel);
  expect(deviation > 0 && std::isfinite(deviation), "gaussian_blur", "a finite deviation above 0",
         static_cast<double>(deviation));
  float memory[most_taps];
  const std::span<float> weights(memory, static_cast<std::size_t>(kernel));
  gaussian(weights, static_cast<double>(deviation));
  const int around = kernel / 2;
  const auto positions =
      static_cast<std::size_t>(image.height) * static_cast<std::size_t>(image.width);
  const std::size_t padded =
      static_cast<std::size_t>(image.width) + static_cast<std::size_t>(kernel);
  float* plane = scratch.floats(positions + 2 * padded).data();
  float* columns = plane + positions;  // a row of sums down columns, with its mirror on both sides
  float* found = columns + padded;
  for (int c = 0; c < image.channels; ++c) {
    const Image source = copied_channel(image, c, plane);
    for (int y = 0; y < image.height; ++y) {
      std::fill_n(columns + around, image.width, 0.0f);
      for (int k = 0; k < kernel; ++k) {
        const int row = reflected(y + k - around, image.height);
        add(memory[k], source.at(0, row, 0), columns + around, image.width);
      }
      for (int x = 1; x <= around; ++x) {
        columns[around - x] = columns[around + reflected(-x, image.width)];
        const int beyond = image.width - 1 + x;
        columns[around + beyond] = columns[around + reflected(beyond, image.width)];
      }
      std::fill_n(found, image.width, 0.0f);
      for (int k = 0; k < kernel; ++k) add(memory[k], columns + k, found, image.width);
      float* target = image.at(c, y, 0);
      for (int x = 0; x < image.width; ++x) target[x * image.column_stride] = found[x];
    }
  }
}

void sharpen(const Image& image, float factor, Scratch& scratch) {
  expect_image(image, "sharpen");
  expect(factor >= 0 && std::isfinite(factor), "sharpen", "a finite factor of at least 0",
         static_cast<double>(factor));
  const auto positions =
      static_cast<std::size_t>(image.height) * static_cast<std::size_t>(image.width);
  float* plane = scratch.floats(positions).data();
  for (int c = 0; c < image.channels; ++c) {
    const Image source = copied_channel(image, c, plane);
    for (int y = 1; y < image.height - 1; ++y) {
      const float* above = source.at(0, y - 1, 0);
      const float* row = source.at(0, y, 0);
      const float* below = source.at(0, y + 1, 0);
      float* target = image.at(c, y, 0);
      with_stride(image.column_stride, [&](auto stride) {
        for (int x = 1; x < image.width - 1; ++x) {
          const float around = (above[x - 1] + above[x] + above[x + 1]) +
                               (row[x - 1] + row[x + 1]) + (below[x - 1] + below[x] + below[x + 1]);
          const float blurred = (around + 5 * row[x]) * (1.0f / 13);
          target[x * stride] = clipped(factor * row[x] + (1 - factor) * blurred);
        }
      });
    }
  }
}

}  // namespace lamina::augment
