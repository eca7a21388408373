#include "augment/resize_taps.hpp"

#include <algorithm>
#include <cmath>

namespace lamina::augment {

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

}  // namespace lamina::augment
