#pragma once

#include <array>
#include <cmath>
#include <cstddef>

namespace lamina::data {

struct Point {
  double x = 0;
  double y = 0;
};

/// Cosine and sine of 2 pi turns within 1e-15 for turns in [0, 1000], the same on every machine, as
/// those of the C library are not: a Taylor series within an eighth of a turn, of operations that
/// IEEE 754 defines to the bit.
inline Point on_circle(double turns) {
  const double quarters = std::floor(std::fma(turns, 4.0, 0.5));
  const double angle = 6.283185307179586477 * std::fma(quarters, -0.25, turns);
  const double square = angle * angle;
  double cosine = 1;
  double sine = 1;
  for (int n = 18; n >= 2; n -= 2) {
    cosine = std::fma(-cosine, square / (n * (n - 1)), 1.0);
    sine = std::fma(-sine, square / (n * (n + 1)), 1.0);
  }
  sine = std::fma(sine, angle, 0.0);  // no product that a caller's sum could be contracted with
  const std::array<Point, 4> turned{
      {{cosine, sine}, {-sine, cosine}, {-cosine, -sine}, {sine, -cosine}}};
  return turned[static_cast<std::size_t>(quarters) % 4];
}

}  // namespace lamina::data
