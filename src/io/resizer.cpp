#include "io/resizer.hpp"

#include <cstddef>

namespace lamina::io {

Resizer::Resizer(int height, int width, int channels, int to_height, int to_width, float* to)
    : width_{width},
      channels_{channels},
      to_height_{to_height},
      to_width_{to_width},
      to_{to},
      lines_{height, to_height},
      columns_{width, to_width},
      resized_(static_cast<std::size_t>(channels) * static_cast<std::size_t>(to_width)) {}

void Resizer::add(const float* line) {
  float* out = resized_.data();
  for (int channel = 0; channel < channels_; ++channel) {
    const float* in = line + static_cast<std::ptrdiff_t>(channel) * width_;
    for (int x = 0; x < to_width_; ++x) {
      const int first = columns_.first(x);
      const float* weights = columns_.weights(x);
      float sum = 0;
      const int count = columns_.last(x) - first;
      for (int tap = 0; tap < count; ++tap) sum += weights[tap] * in[first + tap];
      *out++ = sum;
    }
  }
  while (unfinished_ < to_height_ && lines_.last(unfinished_) <= line_) ++unfinished_;
  for (int y = unfinished_; y < to_height_ && lines_.first(y) <= line_; ++y) {
    const float weight = lines_.weights(y)[line_ - lines_.first(y)];
    for (int channel = 0; channel < channels_; ++channel) {
      float* sums = to_ + (static_cast<std::ptrdiff_t>(channel) * to_height_ + y) * to_width_;
      const float* values = resized_.data() + static_cast<std::ptrdiff_t>(channel) * to_width_;
      for (int x = 0; x < to_width_; ++x) sums[x] += weight * values[x];
    }
  }
  ++line_;
}

}  // namespace lamina::io
