#include <lamina/core/aligned.hpp>
#include <lamina/core/random.hpp>
#include <lamina/kernel/elementwise.hpp>

#include "curves.hpp"

// The random items: what they do to a panel, and their slopes by central differences.

namespace test_noise {

using namespace lamina;
using namespace lamina::testing;
using namespace lamina::testing::curves;
using kernel::ChainNumbers;
using kernel::ChainPanel;

namespace {

constexpr int width = 64;
constexpr int position = 5;
constexpr NoiseSource source{42, 7};

/// A chain of one random item and expressions over a panel of 64 features that starts at a row.
template <class... Items>
std::vector<float> noisy(const std::vector<float>& x, double rate,
                         const NoiseSource& noise = source, int first_row = 0) {
  using Chain = expr::Chain<Items...>;
  static_assert(Chain::random == 1);
  ChainNumbers numbers;
  numbers.set(Chain::numbers(&rate));
  const int rows = static_cast<int>(x.size()) / width;
  AlignedFloats before(x.size());
  AlignedFloats after(x.size());
  std::copy(x.begin(), x.end(), before.data());
  const ChainPanel panel{width, width / simd::lanes, first_row, rows,   0, {},
                         noise, &position,           &numbers,  nullptr};
  kernel::training_chain<Chain>.forward(panel, before.data(), after.data());
  return {after.data(), after.data() + x.size()};
}

std::vector<float> ones(int rows) {
  return std::vector<float>(static_cast<std::size_t>(rows * width), 1.0f);
}

struct Moments {
  double mean = 0;
  double variance = 0;
  double fourth = 0;  // central, over the square of the variance
};
Moments moments_of(const std::vector<float>& values) {
  Moments found;
  const auto count = static_cast<double>(values.size());
  for (const float x : values) found.mean += static_cast<double>(x) / count;
  for (const float x : values) {
    const double square = std::pow(static_cast<double>(x) - found.mean, 2);
    found.variance += square / count;
    found.fourth += square * square / count;
  }
  found.fourth /= found.variance * found.variance;
  return found;
}

/// SELU of standard normal numbers, which has mean 0 and variance 1, brought there exactly.
std::vector<float> self_normal(int rows) {
  std::vector<float> values(static_cast<std::size_t>(rows * width));
  for (std::size_t i = 0; i < values.size(); ++i) {
    values[i] = static_cast<float>(in_double<SELU>(random::normal(3, 1, i)).value);
  }
  const Moments found = moments_of(values);
  CHECK(std::abs(found.mean) < 5 / std::sqrt(static_cast<double>(values.size())));
  CHECK(found.variance == Approx(1).margin(0.02));
  for (float& x : values) {
    x = static_cast<float>((static_cast<double>(x) - found.mean) / std::sqrt(found.variance));
  }
  return values;
}

}  // namespace

TEST_CASE("noise: dropout drops what its mask says, whatever the rate was set to", "[noise]") {
  for (const double rate : {0.0, 0.01, 0.2, 0.5, 0.9}) {
    CAPTURE(rate);
    const auto y = noisy<Dropout<0.3>>(ones(40), rate);
    for (std::size_t i = 0; i < y.size(); ++i) {
      const bool kept = keeps(source, position, static_cast<int>(i) / width,
                              static_cast<int>(i) % width, 1 - rate);
      const double share = std::round(65536 * (1 - rate)) / 65536;
      REQUIRE(y[i] == (kept ? static_cast<float>(1 / share) : 0.0f));
    }
  }
}

TEST_CASE("noise: rates and means of the items that drop", "[noise]") {
  constexpr int rows = 8192;
  constexpr double count = rows * width;
  for (const double rate : {0.01, 0.1, 0.5, 0.8}) {
    CAPTURE(rate);
    const auto y = noisy<Dropout<0.1>>(ones(rows), rate);
    const auto dropped = static_cast<double>(std::count(y.begin(), y.end(), 0.0f));
    // Five deviations of a binomial, and the rate's own rounding to 16 bits.
    const double deviation = std::sqrt(rate * (1 - rate) / count);
    CHECK(std::abs(dropped / count - rate) < 5 * deviation + 1.0 / 131072);
    CHECK(std::abs(moments_of(y).mean - 1) < 5 * deviation / (1 - rate) + epsilon);
  }
}

TEST_CASE("noise: alpha dropout keeps mean 0 and variance 1 of what SELU gives", "[noise]") {
  constexpr int rows = 8192;
  const auto x = self_normal(rows);
  for (const double rate : {0.05, 0.1, 0.2, 0.5}) {
    CAPTURE(rate);
    const auto y = noisy<AlphaDropout<0.1>>(x, rate);
    const Moments found = moments_of(y);
    // Five deviations of a mean of that many values, and of their squares.
    const double root = std::sqrt(static_cast<double>(y.size()));
    CHECK(std::abs(found.mean) < 5 / root);
    CHECK(std::abs(found.variance - 1) < 5 * std::sqrt(found.fourth - 1) / root);
    // Dropped values all lie at one place, below all others.
    const float least = *std::min_element(y.begin(), y.end());
    const auto dropped = std::count(y.begin(), y.end(), least);
    CHECK(std::abs(static_cast<double>(dropped) / (root * root) - rate) <
          5 * std::sqrt(rate * (1 - rate)) / root + 1.0 / 131072);
    // Dropout takes that variance elsewhere: the test can tell.
    CHECK(moments_of(noisy<Dropout<0.1>>(x, rate)).variance > 1 + rate / 2);
  }
}

TEST_CASE("noise: the moments of gaussian noise and gaussian dropout", "[noise]") {
  constexpr int rows = 8192;
  const double root = std::sqrt(static_cast<double>(rows * width));
  const auto check = [&](const std::vector<float>& y, double mean, double deviation) {
    const Moments found = moments_of(y);
    // Five deviations of a mean, of a variance (sqrt 2) and of a fourth moment (sqrt 96), and what
    // 16 bits take of the last two.
    CHECK(std::abs(found.mean - mean) < 5 * deviation / root);
    CHECK(std::abs(found.variance / (deviation * deviation) - 1) < 5 * std::sqrt(2) / root + 3e-5);
    CHECK(std::abs(found.fourth - 3) < 5 * std::sqrt(96) / root + 1e-3);
  };
  for (const double sigma : {0.01, 0.5, 3.0}) {
    CAPTURE(sigma);
    check(noisy<GaussianNoise<0.1>>(ones(rows), sigma), 1, sigma);
  }
  for (const double rate : {0.1, 0.5, 0.8}) {
    CAPTURE(rate);
    std::vector<float> twos = ones(rows);
    for (float& x : twos) x = 2;
    check(noisy<GaussianDropout<0.1>>(twos, rate), 2, 2 * std::sqrt(rate / (1 - rate)));
  }
}

namespace {

/// `by_chance`: the share of values that two independent draws treat alike.
template <class Item>
void check_draws(double by_chance) {
  INFO(std::string(Item::name().view()));
  const auto x = uniform(40 * width, 1, -1, 1);
  const auto base = noisy<Item>(x, 0.3);
  CHECK(noisy<Item>(x, 0.3) == base);
  // Another step, another seed: the same where chance has it alone.
  const auto same = [&](const std::vector<float>& other) {
    double count = 0;
    for (std::size_t i = 0; i < base.size(); ++i) count += base[i] == other[i] ? 1 : 0;
    return count / static_cast<double>(base.size());
  };
  const double bound = by_chance + 5 * std::sqrt(by_chance / static_cast<double>(base.size()));
  CHECK(same(noisy<Item>(x, 0.3, {42, 8})) < bound);
  CHECK(same(noisy<Item>(x, 0.3, {43, 7})) < bound);
  // Blocks of rows draw what the whole panel draws.
  const std::vector<float> end(x.begin() + 24 * width, x.end());
  const auto block = noisy<Item>(end, 0.3, source, 24);
  CHECK(std::equal(block.begin(), block.end(), base.begin() + 24 * width));
  // Off: the identity to the bit.
  CHECK(noisy<Item>(x, 0) == x);
}

}  // namespace

TEST_CASE("noise: a function of seed, step, position, row and feature", "[noise]") {
  constexpr double both_or_none = 0.3 * 0.3 + 0.7 * 0.7;
  check_draws<Dropout<0.3>>(both_or_none);
  check_draws<AlphaDropout<0.3>>(both_or_none);
  check_draws<GaussianNoise<0.3>>(1.0 / 65536);
  check_draws<GaussianDropout<0.3>>(1.0 / 65536);
}

namespace {

/// slope of a chain in double against (f(x + h) - f(x - h)) / 2h with the noise held fixed.
template <class... Items>
void check_slope(const std::string& name) {
  using Chain = expr::Chain<Items...>;
  INFO(name);
  const double rates[] = {0.3, 0.3};
  const auto numbers = Chain::numbers(rates);
  constexpr double h = 1e-5;
  Worst worst;
  int dropped = 0;
  for (int i = 0; i < 200; ++i) {
    const auto draws = [&](int item) {
      return ScalarDraw<double>{random_bits(source, position + item, i, 3)};
    };
    const auto f = [&](double x) { return Chain::forward(x, numbers, draws); };
    const double x = 0.02 * i - 1.99;
    const double y = f(x);
    const double found = Chain::slope(Chain::reads == expr::Reads::Input ? x : y, numbers, draws);
    const double difference = (f(x + h) - f(x - h)) / (2 * h);
    // A kink between x - h and x + h would show as a slope between those of its sides.
    const double left = (f(x) - f(x - h)) / h;
    const double right = (f(x + h) - f(x)) / h;
    if (std::abs(left - right) > 1e-3) continue;
    worst.compare(found, difference, 1e-8 + 1e-6 * std::abs(found), x);
    dropped += found == 0 ? 1 : 0;
  }
  LAMINA_CHECK_WORST(worst);
  CHECK(dropped < 190);  // there was something to see
}

template <class Item>
void check_slopes() {
  const std::string name(Item::name().view());
  check_slope<Item, Tanh>(name + ", tanh");
  check_slope<Item, ReLU>(name + ", relu");
  check_slope<Item, SELU>(name + ", selu");
  check_slope<Item, GELU>(name + ", gelu");
  check_slope<Tanh, Item>("tanh, " + name);
  check_slope<ReLU, Item>("relu, " + name);
  check_slope<SELU, Item>("selu, " + name);
  check_slope<GELU, Item>("gelu, " + name);
  check_slope<Item, Tanh, Item>(name + ", tanh, " + name);
  check_slope<Item, ReLU, Item>(name + ", relu, " + name);
  check_slope<Tanh, Item, Dropout<0.3>>("tanh, " + name + ", dropout");
  check_slope<Dropout<0.3>, Item, ReLU>("dropout, " + name + ", relu");
  check_slope<Item>(name);
}

}  // namespace

TEST_CASE("noise: slopes are central differences with the noise held fixed", "[noise]") {
  check_slopes<Dropout<0.3>>();
  check_slopes<AlphaDropout<0.3>>();
  check_slopes<GaussianNoise<0.3>>();
  check_slopes<GaussianDropout<0.3>>();
}

}  // namespace test_noise
