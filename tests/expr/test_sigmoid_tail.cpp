#include <algorithm>
#include <bit>
#include <cmath>
#include <vector>

#include <lamina/activations/gelu.hpp>
#include <lamina/activations/silu.hpp>
#include <lamina/activations/softplus.hpp>
#include <lamina/core/math.hpp>
#include <lamina/expr/evaluate.hpp>
#include <lamina/losses/binary_cross_entropy.hpp>

#include "numbers.hpp"

// Functions that tend to 0 keep their relative precision on the way, and the sigmoid its order:
// probabilities of rare events are compared, and logarithms are taken of them.

namespace test_sigmoid_tail {

using lamina::simd::Register;
using lamina::testing::Worst;

namespace {

constexpr float infinity = std::numeric_limits<float>::infinity();
constexpr double least_normal = 0x1p-126;

/// One unit in the last place of a float near x.
double ulp(double x) {
  return std::ldexp(1.0, std::ilogb(x) - 23);
}

double sigmoid_in_double(double x) {
  return 1 / (1 + std::exp(-x));
}

/// Floats of both signs in order: every exponent, 2^12 steps each, and the 32 neighbours on either
/// side of the points where the way of computing changes: where x log2(e) lies between two whole
/// numbers, and where the range ends.
std::vector<float> all_over_the_floats() {
  std::vector<float> made;
  for (std::uint32_t bits = 0; bits < 0x7f800000u; bits += 1u << 11) {
    made.push_back(std::bit_cast<float>(bits));
  }
  std::vector<double> thresholds{87, 87.336544, 88.3, 88.72};
  for (int n = 0; n < 128; ++n) thresholds.push_back((n + 0.5) * std::log(2.0));
  for (const double threshold : thresholds) {
    const auto bits = std::bit_cast<std::uint32_t>(static_cast<float>(threshold));
    for (std::uint32_t i = bits - 32; i <= bits + 32; ++i) made.push_back(std::bit_cast<float>(i));
  }
  const std::size_t positive = made.size();
  for (std::size_t i = 0; i < positive; ++i) made.push_back(-made[i]);
  made.push_back(infinity);
  made.push_back(-infinity);
  std::sort(made.begin(), made.end());
  return made;
}

/// f of all of them.
template <class F>
std::vector<float> values_of(const F& f, const std::vector<float>& x) {
  constexpr auto lanes = static_cast<std::size_t>(lamina::simd::lanes);
  std::vector<float> made(x.size());
  for (std::size_t i = 0; i < x.size(); i += lanes) {
    const int count = static_cast<int>(std::min(lanes, x.size() - i));
    Register(f(Register::load_first(x.data() + i, count))).store_first(made.data() + i, count);
  }
  return made;
}

/// Compares where the result is a normal number: what is smaller may be flushed to 0.
template <class F, class Truth>
void check_ulps(const F& f, const Truth& truth, const std::vector<float>& x, double ulps) {
  const std::vector<float> found = values_of(f, x);
  Worst worst;
  for (std::size_t i = 0; i < x.size(); ++i) {
    const double wanted = truth(static_cast<double>(x[i]));
    if (!(std::abs(wanted) >= least_normal) || !std::isfinite(wanted)) continue;
    worst.compare(static_cast<double>(found[i]), wanted, ulps * ulp(wanted),
                  static_cast<double>(x[i]));
  }
  LAMINA_CHECK_WORST(worst);
}

template <class Item>
Register value_of(Register x) {
  return evaluate(Item::expression(lamina::expr::Argument{}), x);
}

}  // namespace

TEST_CASE("sigmoid tail: within 4 ulp of the true value over all floats", "[sigmoid]") {
  const std::vector<float> x = all_over_the_floats();
  REQUIRE(x.size() > 1u << 20);
  const auto found = [](Register v) { return lamina::expr::Sigmoid{}.value(v); };
  check_ulps(found, sigmoid_in_double, x, 4);
}

TEST_CASE("sigmoid tail: never falls from one float to the next", "[sigmoid]") {
  const std::vector<float> x = all_over_the_floats();
  const auto sigmoid = [](Register v) { return lamina::expr::Sigmoid{}.value(v); };
  const std::vector<float> found = values_of(sigmoid, x);
  CHECK(std::is_sorted(found.begin(), found.end()));
  CHECK(std::none_of(found.begin(), found.end(), [](float y) { return std::isnan(y); }));
  CHECK(found.front() < static_cast<float>(least_normal));
  CHECK(found.back() == 1);
  // Neighbouring floats where the errors of e^x are largest beside its steps.
  std::vector<float> dense;
  for (const float start : {-0.36f, -0.3f, 0.0f, 0.06f, 0.17f}) {
    const auto bits = std::bit_cast<std::uint32_t>(start);
    for (std::uint32_t i = 0; i < 1u << 16; ++i) {
      dense.push_back(std::bit_cast<float>(start < 0 ? bits - i : bits + i));
    }
  }
  std::sort(dense.begin(), dense.end());
  const std::vector<float> steps = values_of(sigmoid, dense);
  CHECK(std::is_sorted(steps.begin(), steps.end()));
}

TEST_CASE("sigmoid tail: what is made of it keeps its precision too", "[sigmoid]") {
  std::vector<float> x;
  for (float v = -80; v < -1; v += 0.00917f) x.push_back(v);
  const auto silu = [](double v) { return v * sigmoid_in_double(v); };
  check_ulps(value_of<lamina::SiLU>, silu, x, 5);
  const auto softplus = [](double v) { return std::log1p(std::exp(v)); };
  check_ulps(value_of<lamina::Softplus<>>, softplus, x, 4);
  const auto slope_of_softplus = [](Register v) { return lamina::expr::Softplus{}.slope(v, v); };
  check_ulps(slope_of_softplus, sigmoid_in_double, x, 4);
  // The probability of what did not happen, and less than nothing of what did.
  const auto slope_at_0 = [](Register v) {
    return lamina::BinaryCrossEntropy<>::slope(v, Register(0.0f));
  };
  check_ulps(slope_at_0, sigmoid_in_double, x, 4);
  const auto slope_at_1 = [](Register v) {
    return lamina::BinaryCrossEntropy<>::slope(Register(0.0f) - v, Register(1.0f));
  };
  check_ulps(slope_at_1, [](double v) { return -sigmoid_in_double(v); }, x, 4);
  // What is inside of GELU's sigmoid is rounded three times, and e^u makes |u| times as much of it.
  const auto gelu = [](double v) {
    return v * sigmoid_in_double(1.5957691216057307 * (v + 0.044715 * v * v * v));
  };
  for (const float v : {-0.5f, -2.0f, -3.0f, -5.0f, -6.5f, -8.0f}) {
    const std::vector<float> one{v};
    check_ulps(value_of<lamina::GELUTanh>, gelu, one,
               8 + 3 * std::abs(static_cast<double>(v * v * v)) * 0.08);
  }
}

}  // namespace test_sigmoid_tail
