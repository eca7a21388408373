#pragma once

#include <algorithm>
#include <limits>

namespace lamina::detail {

/// The number that an optimizer adds to a deviation before it divides by it. A user may ask for 0,
/// but a weight that has seen no gradient yet, such as those that only fill up a register, would
/// become 0 / 0.
inline float divisible(float epsilon) {
  return std::max(epsilon, std::numeric_limits<float>::min());
}

}  // namespace lamina::detail
