#pragma once

#include <bit>
#include <cmath>
#include <cstdint>

#include <lamina/core/philox.hpp>

/// Random numbers that are the same on every machine: integers from Philox, and only operations of
/// double that IEEE 754 defines to the bit. Multiply-adds are spelled `std::fma`, so that a
/// compiler that contracts a * b + c gives the same result as one that does not.
namespace lamina::random {

/// Natural logarithm of a normal x > 0 within 1e-11.
inline double log(double x) {
  int exponent = 0;
  double mantissa = std::frexp(x, &exponent);  // in [0.5, 1)
  if (mantissa < 0.70710678118654752) {
    mantissa *= 2;
    --exponent;
  }
  const double s = (mantissa - 1) / (mantissa + 1);
  const double ss = s * s;
  double series = 0;
  for (int i = 17; i >= 1; i -= 2) series = std::fma(series, ss, 1.0 / i);
  return std::fma(exponent, 0.69314718055994531, 2 * s * series);
}

/// Uniform in (-1, 1), symmetric, from 32 random bits.
constexpr double symmetric(std::uint32_t bits) {
  return (static_cast<double>(bits) + 0.5) * 0x1p-31 - 1.0;
}

/// The `index`-th standard normal number of a stream, by Marsaglia's polar method. Streams of one
/// seed are independent; parameters use their position in the network as the stream.
inline double normal(std::uint64_t seed, std::uint32_t stream, std::uint64_t index) {
  for (std::uint32_t attempt = 0;; ++attempt) {
    // Dropout numbers its steps from 1, so a last word of 0 is free for initial values.
    const philox::Counter words =
        philox::words({static_cast<std::uint32_t>(index), attempt,
                       stream ^ (static_cast<std::uint32_t>(index >> 32) << 16), 0},
                      seed);
    for (int pair = 0; pair < 4; pair += 2) {
      const double x = symmetric(words[static_cast<std::size_t>(pair)]);
      const double y = symmetric(words[static_cast<std::size_t>(pair) + 1]);
      const double square = std::fma(x, x, y * y);
      if (square < 1 && square > 0) return x * std::sqrt(-2 * log(square) / square);
    }
  }
}

/// The `index`-th number of a stream that is uniform in [0, 1), a multiple of 2^-53. Apart from the
/// normal numbers only where their indices are.
inline double uniform(std::uint64_t seed, std::uint32_t stream, std::uint64_t index) {
  const philox::Counter words =
      philox::words({static_cast<std::uint32_t>(index), 0,
                     stream ^ (static_cast<std::uint32_t>(index >> 32) << 16), 0},
                    seed);
  const std::uint64_t bits = (std::uint64_t{words[0]} << 21) ^ (words[1] >> 11);
  return static_cast<double>(bits) * 0x1p-53;
}

}  // namespace lamina::random
