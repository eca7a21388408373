#include <boost/mp11.hpp>

#include <lamina/lamina.hpp>

#include "numbers.hpp"

// SELU, its initializer and alpha dropout hold mean 0 and variance 1 through 32 layers.

namespace test_self_normalizing {

using namespace lamina;
using namespace lamina::testing;

namespace {

constexpr int depth = 32;
constexpr int width = 256;
constexpr std::size_t rows = 256;

/// `depth` times the items, then a loss that tells the moments of the last layer.
template <class... Block>
using Deep = boost::mp11::mp_append<Network<Input<width>>,
                                    boost::mp11::mp_repeat_c<Network<Block...>, depth>,
                                    Network<MeanSquaredError>>;

struct Moments {
  double mean;
  double variance;
};

/// Mean and variance of the outputs while training, by the losses against 1 and -1 of the same
/// step: E (y - 1)^2 and E (y + 1)^2 are E y^2 + 1 -+ 2 E y.
template <class Net>
Moments training_moments(std::uint64_t seed) {
  std::vector<float> inputs(rows * width);
  for (std::size_t i = 0; i < inputs.size(); ++i) {
    inputs[i] = static_cast<float>(random::normal(seed + 100, 1, i));
  }
  const auto loss_against = [&](float target) {
    Model<Net> model{Seed{seed}};
    Trainer trainer{model, Sgd{.learning_rate = 0.0f}};
    return static_cast<double>(trainer.step(inputs, std::vector<float>(inputs.size(), target)));
  };
  const double below = loss_against(1);
  const double above = loss_against(-1);
  const double mean = (above - below) / 4;
  return {mean, (above + below) / 2 - 1 - mean * mean};
}

}  // namespace

TEST_CASE("self-normalizing: mean 0 and variance 1 hold through 32 layers", "[self_normalizing]") {
  // Klambauer et al. prove of weights of mean 0 and variance 1 / n that mean and variance stay in
  // [-0.1, 0.1] and [0.8, 1.5] (theorem 1) and are drawn to (0, 1). Of 256 drawn weights a neuron,
  // mean and variance are off by their own deviations, 1 / 16 and sqrt(2 / 256) = 0.09; a layer's
  // average over 256 neurons is far nearer. Alpha dropout draws the variance less strongly.
  for (const std::uint64_t seed : {1u, 2u, 3u}) {
    CAPTURE(seed);
    const Moments plain = training_moments<Deep<Linear<width>, SELU>>(seed);
    CHECK(std::abs(plain.mean) < 0.1);
    CHECK(plain.variance > 0.8);
    CHECK(plain.variance < 1.25);
    const Moments dropped = training_moments<Deep<Linear<width>, SELU, AlphaDropout<0.1>>>(seed);
    CHECK(std::abs(dropped.mean) < 0.1);
    CHECK(dropped.variance > 0.8);
    CHECK(dropped.variance < 1.25);
  }
}

TEST_CASE("self-normalizing: dropout and ReLU do not hold them", "[self_normalizing]") {
  // Dropout adds rate / (1 - rate) to the variance of every layer, SELU can draw back only so much.
  const Moments dropped = training_moments<Deep<Linear<width>, SELU, Dropout<0.2>>>(1);
  CHECK((dropped.variance > 1.25 || std::abs(dropped.mean) > 0.1));
  // Xavier's weights halve the second moment at every ReLU.
  const Moments rectified = training_moments<Deep<Linear<width, Init<Xavier>>, ReLU>>(1);
  CHECK(rectified.variance < 1e-6);
}

}  // namespace test_self_normalizing
