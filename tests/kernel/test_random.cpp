#include <algorithm>

#include <lamina/core/draw.hpp>
#include <lamina/core/random.hpp>

#include "numbers.hpp"

// The generator, the masks of dropout and the normal numbers of initial weights.

namespace test_random {

using namespace lamina;
using namespace lamina::testing;

TEST_CASE("philox gives the known answers", "[random]") {
  using philox::Counter;
  using philox::words;
  constexpr std::uint32_t ones = 0xffffffff;
  constexpr Counter pi = {0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344};
  constexpr std::uint64_t pi_key = 0x299f31d0a4093822;
  // Of Random123's kat_vectors, philox4x32.
  STATIC_REQUIRE(words({0, 0, 0, 0}, 0, 7) ==
                 Counter{0x5f6fb709, 0x0d893f64, 0x4f121f81, 0x4f730a48});
  STATIC_REQUIRE(words({0, 0, 0, 0}, 0, 10) ==
                 Counter{0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8});
  STATIC_REQUIRE(words({ones, ones, ones, ones}, ~std::uint64_t{0}, 7) ==
                 Counter{0x5207ddc2, 0x45165e59, 0x4d8ee751, 0x8c52f662});
  STATIC_REQUIRE(words({ones, ones, ones, ones}, ~std::uint64_t{0}, 10) ==
                 Counter{0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd});
  STATIC_REQUIRE(words(pi, pi_key, 7) == Counter{0x4dfccaba, 0x190a87f0, 0xc47362ba, 0xb6b5242a});
  STATIC_REQUIRE(words(pi, pi_key, 10) == Counter{0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1});
  STATIC_REQUIRE(philox::rounds == 7);
}

TEST_CASE("a block of words is the words of its counters", "[random]") {
  const std::vector<philox::Counter> counters = {
      {0, 0, 0, 0}, {48, 3, 2, 1}, {0xfffffff0, 7, 0xffffffff, 0x80000000}};
  for (const philox::Counter& counter : counters) {
    for (const std::uint64_t key : {std::uint64_t{0}, std::uint64_t{0xdeadbeef12345678}}) {
      const philox::Block block = philox::block(counter, key);
      alignas(64) std::uint32_t lanes[4][simd::lanes];
      for (int w = 0; w < 4; ++w) simd::hn::Store(block.word[w], philox::Words{}, lanes[w]);
      for (int lane = 0; lane < simd::lanes; ++lane) {
        philox::Counter own = counter;
        own[0] += static_cast<std::uint32_t>(lane);
        const philox::Counter expected = philox::words(own, key);
        for (std::size_t w = 0; w < 4; ++w) REQUIRE(lanes[w][lane] == expected[w]);
      }
    }
  }
}

namespace {

std::vector<bool> mask(const NoiseSource& noise, int position, double keep, int rows = 64,
                       int features = 128) {
  std::vector<bool> kept;
  for (int row = 0; row < rows; ++row) {
    for (int f = 0; f < features; ++f) kept.push_back(keeps(noise, position, row, f, keep));
  }
  return kept;
}

double share(const std::vector<bool>& kept) {
  return static_cast<double>(std::count(kept.begin(), kept.end(), true)) /
         static_cast<double>(kept.size());
}

/// Share of values on which two masks agree: 1/2 for independent ones at keep 1/2.
double agreement(const std::vector<bool>& a, const std::vector<bool>& b) {
  std::size_t same = 0;
  for (std::size_t i = 0; i < a.size(); ++i) same += a[i] == b[i] ? 1u : 0u;
  return static_cast<double>(same) / static_cast<double>(a.size());
}

}  // namespace

TEST_CASE("dropout keeps its share of values", "[random]") {
  constexpr int rows = 1000;
  constexpr int features = 1000;
  for (const double rate : {0.01, 0.1, 0.2, 0.5, 0.9}) {
    CAPTURE(rate);
    const double found = share(mask({42, 1}, 3, 1 - rate, rows, features));
    // Five deviations of a binomial, and the rate's own rounding to 16 bits.
    CHECK(std::abs(found - (1 - rate)) <
          5 * std::sqrt(rate * (1 - rate) / (rows * features)) + 1.0 / 131072);
    // What is kept is multiplied by 1 / its share: the mean stays.
    const double scale = 1 / kept_share(keep_threshold(1 - rate));
    CHECK(found * scale == Approx(1).margin(5 * std::sqrt(rate / (1 - rate)) / 1000));
  }
  CHECK(keep_threshold(1.0) == 65536);
  CHECK(share(mask({1, 1}, 0, 1.0)) == 1);
}

TEST_CASE("masks of rows and features hang together no more than chance", "[random]") {
  constexpr int rows = 512;
  constexpr int features = 96;
  const auto kept = mask({7, 3}, 2, 0.5, rows, features);
  const auto at = [&](int row, int feature) {
    return kept[static_cast<std::size_t>(row * features + feature)];
  };
  // Every row and every column keeps half, and neighbours agree half the time: the largest of 600
  // deviations from the mean stays below five.
  for (int row = 0; row < rows; ++row) {
    int sum = 0;
    for (int f = 0; f < features; ++f) sum += at(row, f) ? 1 : 0;
    REQUIRE(std::abs(sum - features / 2) < 5 * std::sqrt(features) / 2);
  }
  for (int f = 0; f < features; ++f) {
    int sum = 0;
    for (int row = 0; row < rows; ++row) sum += at(row, f) ? 1 : 0;
    REQUIRE(std::abs(sum - rows / 2) < 5 * std::sqrt(rows) / 2);
  }
  for (const int step : {1, 2, 7, 8, 16}) {
    int same = 0;
    for (int row = 0; row + step < rows; ++row) {
      for (int f = 0; f < features; ++f) same += at(row, f) == at(row + step, f) ? 1 : 0;
    }
    const double count = (rows - step) * features;
    REQUIRE(std::abs(same - count / 2) < 5 * std::sqrt(count) / 2);
  }
}

TEST_CASE("masks are fresh for every step, position and seed", "[random]") {
  const auto base = mask({42, 1}, 3, 0.5);
  const double five_deviations = 5 * 0.5 / std::sqrt(static_cast<double>(base.size()));
  CHECK(agreement(base, mask({42, 1}, 3, 0.5)) == 1);
  CHECK(std::abs(agreement(base, mask({42, 2}, 3, 0.5)) - 0.5) < five_deviations);
  CHECK(std::abs(agreement(base, mask({42, 1}, 4, 0.5)) - 0.5) < five_deviations);
  CHECK(std::abs(agreement(base, mask({43, 1}, 3, 0.5)) - 0.5) < five_deviations);
  CHECK(std::abs(agreement(base, mask({42 + (std::uint64_t{1} << 32), 1}, 3, 0.5)) - 0.5) <
        five_deviations);
  // What a smaller rate keeps, it keeps of what a larger one does: one draw, two thresholds.
  const auto more = mask({42, 1}, 3, 0.9);
  for (std::size_t i = 0; i < base.size(); ++i) REQUIRE((!base[i] || more[i]));
}

namespace {

/// What `get` makes of all 65536 values of the bits, from registers.
template <class Get>
std::vector<double> of_all_bits(const Get& get) {
  std::vector<double> found;
  for (std::int32_t first = 0; first < 65536; first += simd::lanes) {
    const RegisterDraw draw{simd::hn::Iota(RegisterDraw::Int{}, first)};
    alignas(64) float lanes[simd::lanes];
    get(draw).store(lanes);
    found.insert(found.end(), lanes, lanes + simd::lanes);
  }
  return found;
}

}  // namespace

TEST_CASE("16 random bits make symmetric numbers, the same in registers and in double",
          "[random]") {
  const auto uniform = of_all_bits([](const RegisterDraw& draw) { return draw.symmetric(); });
  const auto normal = of_all_bits([](const RegisterDraw& draw) { return draw.normal(); });
  Worst worst;
  for (std::size_t i = 0; i < normal.size(); ++i) {
    const ScalarDraw<double> twin{static_cast<std::int32_t>(i)};
    REQUIRE(uniform[i] == twin.symmetric());
    REQUIRE(uniform[i] == (2.0 * static_cast<double>(i) + 1) / 65536 - 1);
    REQUIRE(normal[i] == -normal[65535 - i]);
    REQUIRE((i == 0 || normal[i] > normal[i - 1]));
    // Eight roundings of Horner's rule, the last of them of the largest terms.
    worst.compare(normal[i], twin.normal(), 8 * epsilon * (1 + std::abs(twin.normal())), "twin");
    // The distribution function of the number is the middle of its cell: within the error of the
    // approximation times the density.
    const double density = std::exp(-normal[i] * normal[i] / 2) * 0.3989422804;
    worst.compare(std::erfc(-normal[i] / std::sqrt(2.0)) / 2,
                  (static_cast<double>(i) + 0.5) / 65536, 1.3e-5 * density + 1e-12, "quantile");
  }
  LAMINA_CHECK_WORST(worst);
  for (const std::int32_t threshold : {0, 1, 20000, 65535, 65536}) {
    const auto kept = of_all_bits([&](const RegisterDraw& draw) {
      return select_or_zero(draw.kept(threshold), simd::Register(1.0f));
    });
    REQUIRE(std::count(kept.begin(), kept.end(), 1.0) == threshold);
    for (std::size_t i = 0; i < kept.size(); ++i) {
      REQUIRE((kept[i] == 1) == ScalarDraw<double>{static_cast<std::int32_t>(i)}.kept(threshold));
    }
  }
}

TEST_CASE("the normal numbers of 16 bits have the moments of the normal distribution", "[random]") {
  const auto normal = of_all_bits([](const RegisterDraw& draw) { return draw.normal(); });
  double sums[6] = {};
  double within_one = 0;
  for (const double x : normal) {
    double power = 1;
    for (double& sum : sums) sum += (power *= x) / 65536;
    within_one += std::abs(x) < 1 ? 1.0 / 65536 : 0;
  }
  // All bits are as likely: these are the moments themselves. Odd ones vanish by symmetry, but for
  // the order of the sum; cells at the ends are cut at their middle, which takes 2e-5 and 9e-4.
  for (const int odd : {0, 2, 4}) CHECK(std::abs(sums[odd]) < 1e-10);
  CHECK(sums[1] == Approx(1).margin(1e-4));
  CHECK(sums[3] == Approx(3).margin(1e-3));
  CHECK(within_one == Approx(0.6826894921).margin(2.0 / 65536));
}

TEST_CASE("the logarithm of the generator is precise", "[random]") {
  for (double x = 1e-300; x < 1e300; x *= 1.7) {
    REQUIRE(random::log(x) == Approx(std::log(x)).epsilon(1e-11).margin(1e-11));
  }
  for (double x = 0.5; x < 2; x += 1e-4) {
    REQUIRE(random::log(x) == Approx(std::log(x)).margin(1e-11));
  }
}

TEST_CASE("normal numbers have the moments of the normal distribution", "[random]") {
  constexpr int count = 400'000;
  double sums[4] = {};
  double within_one = 0;
  double beyond_three = 0;
  double neighbours = 0;
  double last = 0;
  for (int i = 0; i < count; ++i) {
    const double x = random::normal(42, 3, static_cast<std::uint64_t>(i));
    double power = 1;
    for (double& sum : sums) sum += (power *= x);
    within_one += std::abs(x) < 1 ? 1 : 0;
    beyond_three += std::abs(x) > 3 ? 1 : 0;
    neighbours += x * last;
    last = x;
  }
  // Five deviations of each mean: those of x, x^2, x^3, x^4 are 1, sqrt 2, sqrt 15, sqrt 96.
  const double root = std::sqrt(count);
  CHECK(std::abs(sums[0] / count) < 5 / root);
  CHECK(std::abs(sums[1] / count - 1) < 5 * std::sqrt(2) / root);
  CHECK(std::abs(sums[2] / count) < 5 * std::sqrt(15) / root);
  CHECK(std::abs(sums[3] / count - 3) < 5 * std::sqrt(96) / root);
  CHECK(std::abs(neighbours / count) < 5 / root);
  CHECK(std::abs(within_one / count - 0.6826894921) < 5 * 0.4655 / root);
  CHECK(std::abs(beyond_three / count - 0.0026997961) < 5 * 0.0519 / root);
}

TEST_CASE("streams and seeds of normal numbers are apart", "[random]") {
  double products[3] = {};
  constexpr int count = 100'000;
  for (std::uint64_t i = 0; i < count; ++i) {
    const double x = random::normal(42, 3, i);
    products[0] += x * random::normal(42, 4, i);
    products[1] += x * random::normal(43, 3, i);
    products[2] += x * random::normal(42, 3, i + (std::uint64_t{1} << 32));
  }
  for (const double product : products) CHECK(std::abs(product / count) < 5 / std::sqrt(count));
}

TEST_CASE("normal numbers are the same on every machine", "[random]") {
  // Written down once; integers and exactly rounded operations alone make them.
  const double expected[] = {0x1.686af9f1db94ap-2, -0x1.143dce145ec5cp-4, 0x1.f21c4810f73ddp-3,
                             0x1.485934932d4e4p+0, 0x1.3c61793647e4fp+0,  -0x1.2dddb532a4fb6p-4};
  for (std::uint64_t i = 0; i < 6; ++i) CHECK(random::normal(42, 0, i) == expected[i]);
}

}  // namespace test_random
