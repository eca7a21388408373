#pragma once

#include <bit>
#include <cmath>
#include <cstdint>

namespace lamina::io {

/// The float with the bits of an IEEE 754 half: 1 sign, 5 exponent, 10 fraction bits. Exact.
[[nodiscard]] inline float from_half(std::uint16_t bits) {
  const bool negative = (bits >> 15) != 0;
  const int exponent = bits >> 10 & 0x1f;
  const std::uint32_t fraction = bits & 0x3ff;
  if (exponent == 0) {  // zero and subnormals: fraction * 2^-24
    const float magnitude = std::ldexp(static_cast<float>(fraction), -24);
    return negative ? -magnitude : magnitude;
  }
  const auto wide = exponent == 0x1f ? 0xffU : static_cast<std::uint32_t>(exponent - 15 + 127);
  return std::bit_cast<float>((negative ? 0x80000000U : 0U) | wide << 23 | fraction << 13);
}

/// The float with the bits of a bfloat16, the upper half of a float. Exact.
[[nodiscard]] inline float from_bfloat(std::uint16_t bits) {
  return std::bit_cast<float>(static_cast<std::uint32_t>(bits) << 16);
}

}  // namespace lamina::io
