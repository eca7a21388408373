#include <lamina/lamina.hpp>

#include "numbers.hpp"

// Networks whose outputs are images: targets as users have them, channel by channel.

namespace test_image_targets {

using namespace lamina;
using namespace lamina::testing;

namespace {

/// An image of twice the size, of 3 channels.
template <class Loss>
using Enlarging = Network<Input<2, 3, 5>, Conv2d<12, Kernel<3>, Same>, PixelShuffle<2>, Loss>;

constexpr std::size_t rows = 6;
constexpr std::size_t outputs = std::size_t{3} * 6 * 10;

/// The mean over all values of what a model makes of some inputs, by the loss's definition.
template <class Images, class Value>
double mean_over(const Model<Images>& model, const std::vector<float>& inputs,
                 const std::vector<float>& targets, const Value& value) {
  std::vector<float> found(targets.size());
  model.predict(inputs, found);
  double sum = 0;
  for (std::size_t i = 0; i < found.size(); ++i) sum += value(double{found[i]}, double{targets[i]});
  return sum / static_cast<double>(found.size());
}

template <class Loss, class Value>
void check(const Value& value) {
  using Images = Enlarging<Loss>;
  static_assert(Model<Images>::outputs == outputs);
  Model<Images> model{Seed{2}};
  Trainer trainer{model, Sgd{.learning_rate = 0.01f}};
  const auto inputs = uniform(rows * Model<Images>::features, 1);
  const auto targets = uniform(rows * outputs, 2);
  double before = 1e9;
  for (int step = 0; step < 4; ++step) {
    const double expected = mean_over(model, inputs, targets, value);
    const Evaluation found = evaluate(model, Dataset{30, inputs, targets, outputs});
    CHECK(found.loss == Approx(expected).epsilon(10 * epsilon));
    CHECK(trainer.step(inputs, targets) == Approx(expected).epsilon(10 * epsilon));
    CHECK(expected < before);
    before = expected;
  }
}

}  // namespace

TEST_CASE("image targets: losses are means over all values, and fall", "[step]") {
  check<MeanSquaredError>([](double x, double t) { return (x - t) * (x - t); });
  check<MeanAbsoluteError>([](double x, double t) { return std::abs(x - t); });
}

TEST_CASE("image targets: the gradient reaches the channel and position of a target", "[step]") {
  // One target is apart from the output: the bias of its channel alone moves, and towards it.
  using Images = Network<Input<1, 2, 3>, Conv2d<5, Kernel<1>>, MeanSquaredError>;
  for (const std::size_t apart : {0u, 7u, 29u}) {
    CAPTURE(apart);
    Model<Images> model{Seed{3}};
    const auto inputs = uniform(6, 1);
    std::vector<float> targets(30);
    model.predict(inputs, targets);
    targets[apart] += 1;
    Trainer trainer{model, Sgd{.learning_rate = 15.0f}};
    trainer.step(inputs, targets);
    for (const Tensor& tensor : model.tensors()) {
      if (tensor.name != "0.bias") continue;
      const auto& bias = std::get<std::vector<float>>(tensor.values);
      // The gradient of the mean of 30 squares is -2 / 30.
      for (std::size_t c = 0; c < 5; ++c) {
        CHECK(bias[c] == Approx(c == apart / 6 ? 1.0 : 0.0).margin(1e-5));
      }
    }
  }
}

}  // namespace test_image_targets
