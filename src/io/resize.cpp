#include "io/resize.hpp"

#include <algorithm>
#include <cmath>

namespace lamina::io {

ResizeTaps::ResizeTaps(int from, int to)
    : most_{0}, first_(static_cast<std::size_t>(to)), last_(static_cast<std::size_t>(to)) {
  const double scale = static_cast<double>(from) / to;
  const double support = std::max(scale, 1.0);
  most_ = static_cast<std::size_t>(std::ceil(support)) * 2 + 1;
  weights_.resize(static_cast<std::size_t>(to) * most_);
  std::vector<double> exact(most_);
  for (int output = 0; output < to; ++output) {
    const double centre = (output + 0.5) * scale;
    const int first = std::max(static_cast<int>(centre - support + 0.5), 0);
    const int last = std::min(static_cast<int>(centre + support + 0.5), from);
    double sum = 0;
    for (int input = first; input < last; ++input) {
      const double distance = std::abs(input + 0.5 - centre) / support;
      const double weight = std::max(1 - distance, 0.0);
      exact[static_cast<std::size_t>(input - first)] = weight;
      sum += weight;
    }
    float* weights = weights_.data() + static_cast<std::size_t>(output) * most_;
    for (int tap = 0; tap < last - first; ++tap) {
      weights[tap] = static_cast<float>(exact[static_cast<std::size_t>(tap)] / sum);
    }
    first_[static_cast<std::size_t>(output)] = first;
    last_[static_cast<std::size_t>(output)] = last;
  }
}

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
