#include <algorithm>

#include <lamina/augment/geometry.hpp>

#include "augment/check.hpp"
#include "augment/resize_taps.hpp"
#include "augment/strides.hpp"

namespace lamina::augment {

namespace {

/// One row of one channel in another width.
void resize_row(const float* from, std::ptrdiff_t stride, const ResizeTaps& columns, int width,
                float* to) {
  with_stride(stride, [&](auto step) {
    for (int x = 0; x < width; ++x) {
      const int first = columns.first(x);
      const int count = columns.last(x) - first;
      const float* weights = columns.weights(x);
      float sum = 0;
      for (int tap = 0; tap < count; ++tap) sum += weights[tap] * from[(first + tap) * step];
      to[x] = sum;
    }
  });
}

/// The rows of one channel, which have their new width, in another height.
void resize_rows(const float* rows, const ResizeTaps& lines, const Image& to, int channel,
                 float* sums) {
  for (int y = 0; y < to.height; ++y) {
    std::fill_n(sums, to.width, 0.0f);
    for (int line = lines.first(y); line < lines.last(y); ++line) {
      const float weight = lines.weights(y)[line - lines.first(y)];
      const float* row = rows + static_cast<std::ptrdiff_t>(line) * to.width;
      for (int x = 0; x < to.width; ++x) sums[x] += weight * row[x];
    }
    float* made = to.at(channel, y, 0);
    for (int x = 0; x < to.width; ++x) made[x * to.column_stride] = sums[x];
  }
}

}  // namespace

void smooth_resize(const ConstImage& from, const Image& to, Scratch& scratch) {
  expect_image(from, "smooth_resize");
  expect_image(to, "smooth_resize");
  expect(from.channels == to.channels, "smooth_resize", "images of as many channels", to.channels);
  const ResizeTaps lines(from.height, to.height);
  const ResizeTaps columns(from.width, to.width);
  const auto width = static_cast<std::size_t>(to.width);
  const auto memory = scratch.floats((static_cast<std::size_t>(from.height) + 1) * width);
  float* rows = memory.data();
  for (int c = 0; c < from.channels; ++c) {
    for (int y = 0; y < from.height; ++y) {
      resize_row(from.at(c, y, 0), from.column_stride, columns, to.width,
                 rows + static_cast<std::ptrdiff_t>(y) * to.width);
    }
    resize_rows(rows, lines, to, c, rows + static_cast<std::ptrdiff_t>(from.height) * to.width);
  }
}

}  // namespace lamina::augment
