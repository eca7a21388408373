#include "twin.hpp"

// Networks with random items of all kinds against the textbook in double, with the same noise.

namespace test_twin_noise {

using namespace lamina;
using namespace lamina::testing;

namespace {

/// A random item outside the library: y = x (1 + Rate t) + Rate t, t uniform in (-1, 1).
template <double Rate>
struct Jitter {
  static constexpr Role role = Role::Elementwise;
  static constexpr double rate = Rate;
  static constexpr RateRange rates{"a rate in [0, 0.5)", 0.5};
  static constexpr TextBuffer name() { return item_name("Jitter", Rate); }
  static constexpr TextBuffer check() { return rates.check(Rate); }

  struct Numbers {
    float rate;
  };
  static Numbers numbers(double value) { return {static_cast<float>(value)}; }
  template <class Draw>
  static auto draw(const Numbers& numbers, const Draw& bits) {
    using V = typename Draw::Value;
    const V shift = expr::number<V>(numbers.rate) * bits.symmetric();
    return expr::ScaleShift<V>{expr::number<V>(1) + shift, shift};
  }
};
static_assert(expr::Random<Jitter<0.1>>);

}  // namespace

TEST_CASE("twin: noise behind and before activations", "[twin]") {
  check_twin<Network<Input<10>, Linear<33>, GaussianNoise<0.3>, ReLU, GaussianDropout<0.2>,
                     Linear<10>, CrossEntropy<>>>("noise, relu, multiplied");
  check_twin<Network<Input<10>, Linear<33>, SELU, AlphaDropout<0.1>, Linear<17>, AlphaDropout<0.2>,
                     SELU, Linear<3>, CrossEntropy<>>>("selu, alpha; alpha, selu");
  check_twin<Network<Input<3>, Linear<100>, Tanh, GaussianNoise<0.1>, Linear<17>, GELU,
                     GaussianDropout<0.3>, Linear<1>, MeanSquaredError>>("tanh, noise; gelu");
  check_twin<Network<Input<17>, Linear<33>, GaussianDropout<0.1>, GELU, AlphaDropout<0.2>,
                     Linear<17>, GaussianNoise<0.2>, ELU<>, Linear<10>, LeakyReLU<0.2>,
                     AlphaDropout<0.3>, Linear<3>, BinaryCrossEntropy<>>>("gelu, elu, leak");
  check_twin<Network<Input<10>, Linear<17>, Sigmoid, GaussianNoise<0.2>, GaussianDropout<0.2>,
                     Linear<3>, MeanSquaredError>>("two behind");
  check_twin<Network<Input<10>, Linear<17>, Dropout<0.3>, GaussianNoise<0.2>, ReLU, Dropout<0.2>,
                     Linear<3>, MeanSquaredError>>("dropped, and no longer zero");
}

TEST_CASE("twin: noise alone, last, never and behind normalizations", "[twin]") {
  check_twin<Network<Input<10>, Linear<17>, GaussianNoise<0.4>, Linear<3>, CrossEntropy<>>>(
      "noise alone");
  check_twin<Network<Input<10>, Linear<100>, AlphaDropout<0.5>, MeanSquaredError>>("alpha, last");
  check_twin<Network<Input<10>, Linear<100>, GaussianNoise<0.5>, MeanSquaredError>>("noise, last");
  check_twin<Network<Input<10>, Linear<17>, GaussianNoise<0.0>, BatchNorm<>, AlphaDropout<0.0>,
                     ReLU, GaussianDropout<0.0>, Linear<3>, CrossEntropy<>>>("never");
  check_twin<Network<Input<10>, Linear<33>, BatchNorm<>, GaussianNoise<0.2>, ReLU, Dropout<0.3>,
                     GaussianDropout<0.1>, AlphaDropout<0.1>, Linear<33>, GaussianNoise<0.1>,
                     BatchNorm<>, Tanh, GaussianNoise<0.2>, BatchNorm<>, GaussianNoise<0.3>,
                     Linear<3>, CrossEntropy<>>>("norms");
}

TEST_CASE("twin: a random item outside the library", "[twin]") {
  check_twin<Network<Input<10>, Linear<33>, Jitter<0.3>, ReLU, Linear<17>, Tanh, Jitter<0.2>,
                     Linear<10>, GELU, Jitter<0.1>, CrossEntropy<>>>("jitter");
}

}  // namespace test_twin_noise
