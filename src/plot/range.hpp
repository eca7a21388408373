#pragma once

#include <algorithm>
#include <cmath>
#include <limits>
#include <string>

#include "plot/table.hpp"

namespace lamina::plot {

/// The finite numbers of some, from the smallest to the largest.
struct Range {
  double low = std::numeric_limits<double>::infinity();
  double high = -std::numeric_limits<double>::infinity();

  void add(double value) {
    if (!std::isfinite(value)) return;
    low = std::min(low, value);
    high = std::max(high, value);
  }
  [[nodiscard]] bool empty() const { return low > high; }

  /// A range with room around it, which holds more than one number: gnuplot cannot draw another.
  [[nodiscard]] Range widened(double share) const {
    if (empty()) return {0, 1};
    // Numbers that differ by rounding alone are one number.
    const double least = 1e-6 * std::max(std::abs(low), std::abs(high));
    if (high - low <= least) {
      const double room = low == 0 ? 1 : 0.1 * std::abs(low);
      return {low - room, high + room};
    }
    return {low - share * (high - low), high + share * (high - low)};
  }
};

/// `[low:high]`
inline std::string text_of(const Range& range) {
  // Appended piece by piece: g++ 12 warns of sums of strings here.
  std::string text("[");
  text += text_of_number(range.low);
  text += ':';
  text += text_of_number(range.high);
  text += ']';
  return text;
}

}  // namespace lamina::plot
