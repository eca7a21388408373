#include <cmath>

#include <lamina/lamina.hpp>

#include "bench/naive/parameter.hpp"
#include "numbers.hpp"

// Standardize on images: mean and deviation of each channel over samples and positions.

namespace test_standardize_images {

using namespace lamina;
using namespace lamina::testing;

namespace {

constexpr std::size_t channels = 3;
constexpr std::size_t positions = 5 * 7;
constexpr std::size_t features = channels * positions;
constexpr std::size_t rows = 10;

template <class... First>
using Net = Network<Input<3, 5, 7>, First..., Conv2d<6, Kernel<3>, Padding<1>>, Tanh, Flatten,
                    Linear<3>, CrossEntropy<>>;

/// Channels of other means and deviations.
std::vector<float> images() {
  std::vector<float> made = uniform(rows * features, 4);
  for (std::size_t i = 0; i < made.size(); ++i) {
    const auto channel = static_cast<float>(i % features / positions);
    made[i] = made[i] * (1 + channel) + 3 * channel;
  }
  return made;
}

std::size_t channel_of(std::size_t i) {
  return i % features / positions;
}

}  // namespace

TEST_CASE("Standardize takes mean and deviation of channels over positions", "[model]") {
  Model<Net<Standardize>> model{Seed{1}};
  const auto inputs = images();
  model.fit_standardize(inputs);
  double mean[channels]{};
  double square[channels]{};
  const double count = rows * positions;
  for (std::size_t i = 0; i < inputs.size(); ++i) {
    mean[channel_of(i)] += double{inputs[i]} / count;
  }
  for (std::size_t i = 0; i < inputs.size(); ++i) {
    square[channel_of(i)] += std::pow(double{inputs[i]} - mean[channel_of(i)], 2) / count;
  }
  const auto tensors = model.tensors();
  for (std::size_t c = 0; c < channels; ++c) {
    CHECK(naive::floats_of(tensors, "0.mean")[c] == Approx(mean[c]).epsilon(2 * epsilon));
    CHECK(naive::floats_of(tensors, "0.std")[c] ==
          Approx(std::sqrt(square[c])).epsilon(2 * epsilon));
  }
}

TEST_CASE("a network with Standardize is the plain one on standardized images", "[model]") {
  Model<Net<Standardize>> model{Seed{1}};
  auto inputs = images();
  model.fit_standardize(inputs);
  Model<Net<>> plain{Seed{1}};
  std::vector<Tensor> moved;
  for (Tensor tensor : model.tensors()) {
    if (tensor.name.starts_with("0.")) continue;
    tensor.name[0] = static_cast<char>(tensor.name[0] - 1);
    moved.push_back(std::move(tensor));
  }
  plain.assign(moved);
  auto standardized = inputs;
  const auto tensors = model.tensors();
  for (std::size_t i = 0; i < inputs.size(); ++i) {
    standardized[i] = (inputs[i] - naive::floats_of(tensors, "0.mean")[channel_of(i)]) /
                      naive::floats_of(tensors, "0.std")[channel_of(i)];
  }
  const auto labels = some_labels(rows, 3, 5);
  Trainer trainer{model, Sgd{.learning_rate = 0.1f}};
  Trainer plain_trainer{plain, Sgd{.learning_rate = 0.1f}};
  for (int step = 0; step < 3; ++step) {
    CHECK(trainer.step(inputs, labels) ==
          Approx(plain_trainer.step(standardized, labels)).epsilon(20 * epsilon));
  }
  std::vector<float> expected(rows * 3);
  std::vector<float> found(rows * 3);
  plain.predict(standardized, expected);
  Worst worst;
  const auto compare = [&] {
    // Sums of some hundred products of order 1.
    for (std::size_t i = 0; i < found.size(); ++i) {
      worst.compare(double{found[i]}, double{expected[i]}, 200 * epsilon, static_cast<double>(i));
    }
  };
  model.predict(inputs, found);
  compare();
  model.freeze()(inputs, found);
  compare();
  LAMINA_CHECK_WORST(worst);
}

}  // namespace test_standardize_images
