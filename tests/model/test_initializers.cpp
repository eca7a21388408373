#include <algorithm>

#include <lamina/lamina.hpp>

#include "bench/naive/parameter.hpp"
#include "numbers.hpp"

// Initializers: moments of what they draw.

namespace test_initializers {

using namespace lamina;
using namespace lamina::testing;

namespace {

/// Weights of a layer of 100 inputs and 200 outputs.
template <class Initial, class... Items>
std::vector<double> weights_of(std::uint64_t seed = 8) {
  using Net = Network<Input<100>, Linear<200, Init<Initial>>, Items..., Linear<2>>;
  const auto weights = naive::floats_of(Model<Net>{Seed{seed}}.tensors(), "0.weight");
  return {weights.begin(), weights.end()};
}

/// Mean and variance of the weights, and bounds that none exceeds. `kurtosis` is that of the
/// distribution, 3 for a normal one: five deviations of the means of x and x^2 follow from it.
struct Expected {
  double mean;
  double variance;
  double kurtosis;
  double largest = 1e300;  ///< distance from the mean
};

template <class Initial, class... Items>
void check_moments(const Expected& expected) {
  INFO(name_of<Initial>().view());
  const auto weights = weights_of<Initial, Items...>();
  const auto count = static_cast<double>(weights.size());
  double sum = 0;
  double squares = 0;
  double largest = 0;
  for (const double weight : weights) {
    const double distance = weight - expected.mean;
    sum += distance;
    squares += distance * distance;
    largest = std::max(largest, std::abs(distance));
  }
  const double deviation = std::sqrt(expected.variance);
  CHECK(std::abs(sum / count) < 5 * deviation / std::sqrt(count));
  CHECK(std::abs(squares / count / expected.variance - 1) <
        5 * std::sqrt((expected.kurtosis - 1) / count));
  CHECK(largest <= expected.largest * (1 + epsilon));
  // 20,000 draws come close to the ends of a distribution that has any.
  if (expected.largest < 1e300) CHECK(largest > 0.99 * expected.largest);
}

/// Of a uniform distribution with that variance.
Expected uniform_of(double variance, double mean = 0) {
  return {mean, variance, 1.8, std::sqrt(3 * variance)};
}

/// W W^T / gain^2, or W^T W where there are fewer columns, against the identity. Weights are
/// rounded to float: each of `size` products of numbers of length 1 is off by an epsilon at most.
template <int In, int Out>
void check_orthogonal() {
  CAPTURE(In, Out);
  constexpr double gain = 1.5;
  using Net = Network<Input<In>, Linear<Out, Init<Orthogonal<gain>>>>;
  const auto weights = naive::floats_of(Model<Net>{Seed{3}}.tensors(), "0.weight");
  constexpr int count = std::min(In, Out);
  constexpr int size = std::max(In, Out);
  Worst worst;
  for (int a = 0; a < count; ++a) {
    for (int b = 0; b <= a; ++b) {
      double sum = 0;
      for (int i = 0; i < size; ++i) {
        const auto at = [&](int row) {
          return double{weights[static_cast<std::size_t>(Out <= In ? row * In + i : i * In + row)]};
        };
        sum += at(a) * at(b);
      }
      worst.compare(sum / (gain * gain), a == b ? 1 : 0, 2 * epsilon, "row");
    }
  }
  LAMINA_CHECK_WORST(worst);
}

}  // namespace

TEST_CASE("initializers: moments", "[initializers]") {
  check_moments<Normal<>>({0, 1, 3});
  check_moments<Normal<0.3, -2.0>>({-2, 0.09, 3});
  check_moments<Uniform<>>(uniform_of(1.0 / 12, 0.5));
  check_moments<Uniform<-0.3, 0.1>>(uniform_of(0.16 / 12, -0.1));
  // A normal distribution cut at two deviations: variance 1 - 4 phi(2) / (2 Phi(2) - 1) = 0.774,
  // and kurtosis 2.37.
  check_moments<TruncatedNormal<0.5>>({0, 0.25 * 0.7737413, 2.37, 1});
  check_moments<LeCun>({0, 0.01, 3});
  check_moments<Xavier>({0, 0.01, 3});
  check_moments<Glorot>({0, 2.0 / 300, 3});
  check_moments<GlorotUniform>(uniform_of(2.0 / 300));
  check_moments<Drawn<[](WeightDraw draw) {
    return draw.normal() * draw.normal() / draw.fan_in + draw.fan_out;
  }>>({200, 1e-4, 9});
  for (const double weight : weights_of<Zeros>()) REQUIRE(weight == 0);
  for (const double weight : weights_of<Constant<0.25>>()) REQUIRE(weight == 0.25);
}

TEST_CASE("initializers: Kaiming's gain is that of the activation that follows", "[initializers]") {
  check_moments<Kaiming, ReLU>({0, 2.0 / 100, 3});
  check_moments<Kaiming, Tanh>({0, 2.0 / 100, 3});
  check_moments<Kaiming, LeakyReLU<0.5>>({0, 2.0 / 1.25 / 100, 3});
  check_moments<Kaiming, BatchNorm<>, Dropout<0.1>, LeakyReLU<0.5>>({0, 2.0 / 1.25 / 100, 3});
  check_moments<KaimingUniform, ReLU>(uniform_of(2.0 / 100));
  check_moments<KaimingUniform, LeakyReLU<0.5>>(uniform_of(2.0 / 1.25 / 100));
  check_moments<FanOut<Kaiming>, ReLU>({0, 2.0 / 200, 3});
  check_moments<FanOut<KaimingUniform>, ReLU>(uniform_of(2.0 / 200));
}

TEST_CASE("initializers: draws of a weight, of weights and of seeds are apart", "[initializers]") {
  const auto products = [](const auto& a, const auto& b) {
    double sum = 0;
    for (std::size_t i = 0; i < a.size(); ++i) sum += a[i] * b[i];
    return std::abs(sum) / std::sqrt(static_cast<double>(a.size()));
  };
  const auto first = weights_of<Normal<>>(1);
  const auto second =
      weights_of<Drawn<[](WeightDraw draw) { return draw.normal(), draw.normal(); }>>(1);
  CHECK(products(first, weights_of<Normal<>>(2)) < 5);
  CHECK(products(first, second) < 5);
  // A normal and a uniform number of one weight, the latter with mean 0 and variance 1.
  const auto both = weights_of<Drawn<[](WeightDraw draw) {
    const double number = draw.normal();
    return number * std::sqrt(12) * (draw.uniform() - 0.5);
  }>>(1);
  double sum = 0;
  for (const double product : both) sum += product;
  CHECK(std::abs(sum) / std::sqrt(static_cast<double>(both.size())) < 5);
  CHECK(weights_of<Normal<>>(1) == first);
}

TEST_CASE("initializers: uniform numbers are the same on every machine", "[initializers]") {
  // The definition: 53 of the bits of the first two words.
  for (std::uint64_t i = 0; i < 4; ++i) {
    const auto words = philox::words({static_cast<std::uint32_t>(i), 0, 7, 0}, 42);
    const double expected =
        std::ldexp(words[0], -32) + std::ldexp(static_cast<double>(words[1] >> 11), -53);
    CHECK(random::uniform(42, 7, i) == expected);
  }
}

TEST_CASE("initializers: Orthogonal is orthogonal", "[initializers]") {
  check_orthogonal<1, 1>();
  check_orthogonal<7, 3>();
  check_orthogonal<3, 7>();
  check_orthogonal<16, 16>();
  check_orthogonal<100, 33>();
  check_orthogonal<65, 130>();
  check_orthogonal<256, 256>();
  // Evenly distributed: over many seeds the corner has mean 0 and variance 1 / size.
  double sum = 0;
  double squares = 0;
  constexpr int seeds = 2000;
  for (int seed = 0; seed < seeds; ++seed) {
    std::array<double, 4> weights{};
    Orthogonal<>{}.fill({.fan_in = 2, .fan_out = 2, .seed = static_cast<std::uint64_t>(seed)},
                        weights);
    sum += weights[0];
    squares += weights[0] * weights[0];
  }
  CHECK(std::abs(sum / seeds) < 5 * std::sqrt(0.5 / seeds));
  CHECK(std::abs(squares / seeds - 0.5) < 5 * std::sqrt(0.125 / seeds));  // of cos^2
}

TEST_CASE("initializers: fans of convolutions", "[initializers]") {
  using Fans = Init<Drawn<[](WeightDraw draw) { return draw.fan_in + 1000 * draw.fan_out; }>>;
  using Net = Network<Input<4, 5, 5>, Conv2d<6, Kernel<3>, Groups<2>, Fans>,
                      ConvTranspose2d<8, Kernel<4>, Stride<2>, Fans>, Flatten, Linear<2>>;
  const auto tensors = Model<Net>{}.tensors();
  // 2 channels in and 3 out of a group, 9 taps; 6 in, 8 out, 16 taps, 4 of which reach an output.
  for (const float fans : naive::floats_of(tensors, "0.weight")) REQUIRE(fans == 18 + 27000);
  for (const float fans : naive::floats_of(tensors, "1.weight")) REQUIRE(fans == 24 + 128000);
}

TEST_CASE("initializers: outputs of an orthogonal transposed convolution", "[initializers]") {
  using Net = Network<Input<4, 3, 3>, ConvTranspose2d<6, Kernel<3>, Stride<2>, Init<Orthogonal<>>>,
                      Flatten, Linear<2>>;
  const auto weights = naive::floats_of(Model<Net>{}.tensors(), "0.weight");
  for (std::size_t a = 0; a < 6; ++a) {
    for (std::size_t b = 0; b < 6; ++b) {
      double sum = 0;
      for (std::size_t i = 0; i < 36; ++i) {  // (in, out, tap)
        const auto at = [&](std::size_t n) { return (i / 9 * 6 + n) * 9 + i % 9; };
        sum += double{weights[at(a)]} * weights[at(b)];
      }
      CHECK(std::abs(sum - (a == b ? 1 : 0)) < 40 * epsilon);
    }
  }
}

TEST_CASE("initializers: SELU's by itself is LeCun's", "[initializers]") {
  using Default = Network<Input<8>, Linear<8>, SELU>;
  using Named = Network<Input<8>, Linear<8, Init<LeCun>>, SELU>;
  CHECK(same_bits(Model<Default>{Seed{1}}.tensors(), Model<Named>{Seed{1}}.tensors()));
}

}  // namespace test_initializers
