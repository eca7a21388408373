#include <algorithm>
#include <array>
#include <cmath>

#include <lamina/core/power.hpp>
#include <lamina/core/rounded.hpp>
#include <lamina/core/simd.hpp>
#include <lamina/expr/evaluate.hpp>

#include "numbers.hpp"

// What every compiler and every width of a register must round alike: sums across lanes, products,
// and products that are added to.

namespace test_sums {

using namespace lamina;
using simd::LaneSums;
using simd::Register;

namespace {

float first_lane(Register a) {
  alignas(64) float lanes[simd::lanes];
  a.store(lanes);
  return lanes[0];
}

/// A number that no compiler knows.
template <class T>
T unknown(T number) {
  volatile T hidden = number;
  return hidden;
}

// Fused, x * x - y is 2^-24 (2^-54 of doubles); rounded before, the product is y.
const float x = unknown(1 + 0x1p-12f);
const float y = unknown(1 + 0x1p-11f);

}  // namespace

TEST_CASE("sums: 16 lanes are added in one order for any width of a register", "[sums]") {
  STATIC_REQUIRE(simd::sum_lanes >= 16);
  if (simd::lanes == 1 || simd::sum_lanes != 16) return;  // no blocks of four, or wider ones
  for (unsigned seed = 0; seed < 100; ++seed) {
    const std::vector<float> numbers = testing::uniform(16, seed);
    LaneSums sums;
    for (std::size_t i = 0; i < 16; i += simd::lanes) {
      sums.part[i / simd::lanes] = Register::load_unaligned(numbers.data() + i);
    }
    std::array<float, 4> blocks{};
    for (std::size_t b = 0; b < 4; ++b) {
      const float* at = numbers.data() + 4 * b;
      blocks[b] = (at[0] + at[2]) + (at[1] + at[3]);
    }
    CHECK(simd::sum(sums) == (blocks[0] + blocks[2]) + (blocks[1] + blocks[3]));
  }
}

TEST_CASE("sums: what is added to a product does not see it before it is rounded", "[sums]") {
  const Register product = Register(x) * Register(x);
  CHECK(first_lane(product - Register(y)) == 0);
  CHECK(first_lane(Register(y) - Register(x) * Register(x)) == 0);
  CHECK(rounded(x * x) - y == 0);
  const double wide = unknown(1 + 0x1p-27);
  CHECK(rounded(wide * wide) - (1 + 0x1p-26) == 0);
}

TEST_CASE("sums: a product under + or - of an expression is rounded with it", "[sums]") {
  const auto value = [](auto tree) { return first_lane(evaluate(tree, Register(x))); };
  const auto slope = [](auto tree) { return first_lane(differentiate(tree, Register(x)).slope); };
  const expr::Argument v;
  const float fused = first_lane(multiply_add(Register(x), Register(x), Register(-y)));
  CHECK((fused == 0x1p-24f || fused == 0));  // 0 where the machine has no fused multiply-add
  const auto number = static_cast<double>(y);
  CHECK(value(v * v - number) == fused);
  CHECK(value(v * v + -number) == fused);
  CHECK(value(-number + v * v) == fused);
  CHECK(value(number - v * v) == -fused);
  CHECK(slope(v * v - number) == 2 * x);
  CHECK(slope(number - v * v) == -2 * x);
  CHECK(slope(3.0 * v + v) == 4);
  CHECK(slope(v - v * 3.0) == -2);
}

TEST_CASE("sums: powers are products", "[sums]") {
  for (const double base : {0.9, 0.999, 0.5, 0.0, 1.0}) {
    for (const std::int64_t exponent : {0, 1, 2, 3, 10, 1000, 1'000'000}) {
      CAPTURE(base, exponent);
      CHECK(power(base, exponent) ==
            Approx(std::pow(base, static_cast<double>(exponent))).epsilon(1e-13).margin(1e-300));
    }
  }
}

}  // namespace test_sums
