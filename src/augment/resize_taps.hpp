#pragma once

#include <cstddef>
#include <vector>

namespace lamina::augment {

/// How a line of `from` values becomes one of `to` by linear interpolation, over all the values
/// that an output covers where there are more of them than outputs.
///
/// Output i is the sum of the inputs first(i), first(i) + 1, ... by its weights, which are a
/// triangle around (i + 1/2) from / to - 1/2, as wide as an output on both sides, at least 1.
///
/// Source: Pillow, src/libImaging/Resample.c, whose numbers these are.
class ResizeTaps {
 public:
  ResizeTaps(int from, int to);

  [[nodiscard]] int first(int output) const { return first_[static_cast<std::size_t>(output)]; }
  /// One behind the last input.
  [[nodiscard]] int last(int output) const { return last_[static_cast<std::size_t>(output)]; }
  [[nodiscard]] const float* weights(int output) const {
    return weights_.data() + static_cast<std::size_t>(output) * most_;
  }

 private:
  std::size_t most_;  // inputs of an output
  std::vector<int> first_;
  std::vector<int> last_;
  std::vector<float> weights_;  // (to, most)
};

}  // namespace lamina::augment
