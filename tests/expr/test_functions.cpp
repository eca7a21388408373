#include <cmath>

#include <lamina/core/math.hpp>
#include <lamina/core/text.hpp>

#include "numbers.hpp"

// The register functions against those of the C library in double, and the text of numbers.

namespace test_functions {

using lamina::simd::Register;
using lamina::testing::epsilon;
using lamina::testing::Worst;

namespace {

constexpr float infinity = std::numeric_limits<float>::infinity();
constexpr float not_a_number = std::numeric_limits<float>::quiet_NaN();

template <class F>
float one(F f, float x) {
  alignas(64) float lanes[lamina::simd::lanes];
  f(Register(x)).store(lanes);
  return lanes[lamina::simd::lanes - 1];
}

/// Calls check(x, f(x)) for `count` points of [low, high].
template <class F, class Check>
void sweep(F f, double low, double high, int count, Check check) {
  constexpr int lanes = lamina::simd::lanes;
  alignas(64) float x[lanes];
  alignas(64) float y[lanes];
  for (int i = 0; i < count; i += lanes) {
    for (int k = 0; k < lanes; ++k) {
      x[k] = static_cast<float>(low + (high - low) * std::min(i + k, count - 1) / (count - 1));
    }
    f(Register::load(x)).store(y);
    for (int k = 0; k < lanes; ++k) check(static_cast<double>(x[k]), static_cast<double>(y[k]));
  }
}

// The headers of the functions state their errors; where they say ulp, one ulp is at most epsilon
// relative to the value.
const auto exponential = [](Register x) { return exp(x); };
const auto exponential_less_one = [](Register x) { return expm1(x); };
const auto logarithm_of_one_more = [](Register x) { return log1p(x); };
const auto logarithm = [](Register x) { return log(x); };
const auto hyperbolic_tangent = [](Register x) { return tanh(x); };
const auto error_function = [](Register x) { return erf(x); };

}  // namespace

TEST_CASE("math: exp, expm1, log, log1p are within the stated ulps", "[math]") {
  Worst worst;
  sweep(exponential, -87.3, 88.7, 2'000'000,
        [&](double x, double y) { worst.compare(y, std::exp(x), epsilon * std::exp(x), x); });
  LAMINA_CHECK_WORST(worst);
  worst = {};
  sweep(exponential_less_one, -30, 0, 2'000'000, [&](double x, double y) {
    worst.compare(y, std::expm1(x), epsilon * std::abs(std::expm1(x)), x);
  });
  LAMINA_CHECK_WORST(worst);
  worst = {};
  for (const double scale : {1e-30, 1e-10, 1e-4, 1.0}) {
    sweep(logarithm_of_one_more, 0, scale, 500'000, [&](double x, double y) {
      worst.compare(y, std::log1p(x), 1.3 * epsilon * std::log1p(x) + 1e-45, x);
    });
  }
  LAMINA_CHECK_WORST(worst);
  worst = {};
  for (const double scale : {1e-30, 1e-3, 2.0, 1e5, 3e38}) {
    sweep(logarithm, scale * 1e-3, scale, 500'000, [&](double x, double y) {
      worst.compare(y, std::log(x), 1.2 * epsilon * std::abs(std::log(x)), x);
    });
  }
  LAMINA_CHECK_WORST(worst);
}

TEST_CASE("math: tanh and erf are within three epsilon and never beyond 1", "[math]") {
  Worst worst;
  double most = 0;
  for (const double end : {1e-3, 1.0, 10.0, 100.0}) {
    sweep(hyperbolic_tangent, -end, end, 1'000'000, [&](double x, double y) {
      worst.compare(y, std::tanh(x), 3.1e-7, x);
      most = std::max(most, std::abs(y));
    });
    sweep(error_function, -end, end, 1'000'000, [&](double x, double y) {
      worst.compare(y, std::erf(x), 3.6e-7, x);
      most = std::max(most, std::abs(y));
    });
  }
  LAMINA_CHECK_WORST(worst);
  CHECK(most <= 1);
}

TEST_CASE("math: tanh and erf reach 1", "[math]") {
  // 1 - tanh(x) is multiplied by powers of x in the slopes of SiLU and GELUTanh: it must vanish.
  for (const float x : {9.1f, 10.0f, 100.0f, 1e30f, infinity}) {
    CAPTURE(x);
    CHECK(one(hyperbolic_tangent, x) == 1);
    CHECK(one(hyperbolic_tangent, -x) == -1);
    CHECK(one(error_function, x) == 1);
    CHECK(one(error_function, -x) == -1);
  }
}

TEST_CASE("math: small arguments keep their relative precision", "[math]") {
  Worst worst;
  for (double x = 1e-37; x < 1e-3; x *= 1.7) {
    const auto small = static_cast<float>(x);
    const auto exact = static_cast<double>(small);
    worst.compare(static_cast<double>(one(hyperbolic_tangent, small)), std::tanh(exact),
                  4 * epsilon * exact, exact);
    worst.compare(static_cast<double>(one(error_function, small)), std::erf(exact),
                  4 * epsilon * exact, exact);
    worst.compare(static_cast<double>(one(exponential_less_one, -small)), std::expm1(-exact),
                  epsilon * exact, exact);
  }
  LAMINA_CHECK_WORST(worst);
}

TEST_CASE("math: the ends of the range", "[math]") {
  CHECK(one(exponential, 0.0f) == 1);
  CHECK(one(exponential, -0.0f) == 1);
  CHECK(one(exponential, infinity) == infinity);
  CHECK(one(exponential, 1e30f) == infinity);
  CHECK(one(exponential, -infinity) == 0);
  CHECK(one(exponential, -1e30f) == 0);
  CHECK(one(exponential, 88.72f) == Approx(std::exp(88.72)).epsilon(1e-5));
  CHECK(one(exponential, 89.0f) == infinity);
  // Below the normal numbers e^x loses bits one by one but does not fall to zero at once.
  CHECK(one(exponential, -90.0f) == Approx(std::exp(-90.0)).epsilon(1e-3));
  CHECK(one(exponential_less_one, -infinity) == -1);
  CHECK(one(exponential_less_one, -1e30f) == -1);
  CHECK(one(exponential_less_one, 0.0f) == 0);
  CHECK(one(logarithm, 1.0f) == 0);
  CHECK(one(logarithm, 0.0f) == -infinity);
  CHECK(one(logarithm, -0.0f) == -infinity);
  CHECK(one(logarithm, infinity) == infinity);
  CHECK(std::isnan(one(logarithm, -1.0f)));
  CHECK(std::isnan(one(logarithm, -infinity)));
  CHECK(one(logarithm_of_one_more, 0.0f) == 0);
  CHECK(std::isnan(one(exponential, not_a_number)));
  CHECK(std::isnan(one(exponential_less_one, not_a_number)));
  CHECK(std::isnan(one(logarithm, not_a_number)));
  CHECK(std::isnan(one(logarithm_of_one_more, not_a_number)));
  CHECK(std::isnan(one(hyperbolic_tangent, not_a_number)));
  CHECK(std::isnan(one(error_function, not_a_number)));
}

TEST_CASE("text: numbers are written shortest, as a user writes them", "[text]") {
  const auto text = [](auto number) {
    lamina::TextBuffer buffer;
    buffer << number;
    return std::string(buffer.view());
  };
  CHECK(text(0) == "0");
  CHECK(text(-42) == "-42");
  CHECK(text(1234567890123LL) == "1234567890123");
  CHECK(text(0.0) == "0");
  CHECK(text(1.0) == "1");
  CHECK(text(0.2) == "0.2");
  CHECK(text(-0.01) == "-0.01");
  CHECK(text(5e-4) == "0.0005");
  CHECK(text(1e-5) == "0.00001");
  CHECK(text(1e-8) == "1e-8");
  CHECK(text(20.0) == "20");
  CHECK(text(1.05) == "1.05");
  CHECK(text(0.1 + 0.2) == "0.3");
  CHECK(text(0.30000000001) == "0.30000000001");
  CHECK(text(123456.789) == "123456.789");
  CHECK(text(0.999) == "0.999");
  CHECK(text(std::numeric_limits<double>::infinity()) == "inf");
  CHECK(text(-std::numeric_limits<double>::infinity()) == "-inf");
  CHECK(text(std::numeric_limits<double>::quiet_NaN()) == "nan");
}

TEST_CASE("text: a number is never written as another one", "[text]") {
  const auto text = [](double number) {
    lamina::TextBuffer buffer;
    buffer << number;
    return std::stod(std::string(buffer.view()));
  };
  for (const double number : {1e-9, 1e-12, 1e-15, 1e9, 1e12, 1e30, 3e-7, 1.7e10}) {
    CHECK(text(number) == Approx(number).epsilon(1e-9));
  }
}

TEST_CASE("text: what does not fit is cut off", "[text]") {
  lamina::TextBuffer buffer;
  for (int i = 0; i < 1000; ++i) buffer << "word ";
  CHECK(buffer.size() == 400);
  CHECK(buffer.view().substr(0, 10) == "word word ");
}

}  // namespace test_functions
