#pragma once

#include <cstdint>

namespace lamina {

/// base^exponent for exponents of at least 0, by squares: the C library's `pow` may differ from one
/// machine to the next in the last bit, these products cannot. Within 64 ulp of double for a base
/// in [0, 1].
constexpr double power(double base, std::int64_t exponent) {
  double result = 1;
  for (double square = base; exponent > 0; exponent /= 2, square *= square) {
    if (exponent % 2 != 0) result *= square;
  }
  return result;
}

}  // namespace lamina
