#include <cmath>
#include <vector>

#include <lamina/lamina.hpp>

#include "catch.hpp"
#include "numbers.hpp"

// Running batch normalization where it knows little: before any step, and until 20 samples have
// been seen, from loops in double.

namespace test_running_batch_norm {

using namespace lamina;
using namespace lamina::testing;

namespace {

constexpr std::size_t features = 4;
constexpr std::size_t units = 20;
using Net = Network<Input<4>, Linear<20, NoBias>, RunningBatchNorm<>, MeanSquaredError>;

/// Inputs so small that the units' variances are far below the bound of 0.01.
std::vector<float> small_inputs(std::size_t rows, unsigned seed) {
  return uniform(rows * features, seed, -0.06f, 0.06f);
}

/// What the layer gives, (rows, units).
std::vector<double> products(const Model<Net>& model, const std::vector<float>& inputs) {
  const auto tensors = model.tensors();
  const auto& weights = std::get<std::vector<float>>(tensors[0].values);
  std::vector<double> made(inputs.size() / features * units);
  for (std::size_t i = 0; i < made.size(); ++i) {
    for (std::size_t f = 0; f < features; ++f) {
      made[i] +=
          double{inputs[i / units * features + f]} * double{weights[i % units * features + f]};
    }
  }
  return made;
}

/// fastai's rule.
struct Seen {
  std::vector<double> sums = std::vector<double>(units);
  std::vector<double> squares = std::vector<double>(units);
  double count = 0;
  double samples = 0;

  void add(const std::vector<double>& values) {
    const double rows = static_cast<double>(values.size() / units);
    const double weight = 1 - 0.9 / std::sqrt(rows - 1);
    for (double& sum : sums) sum *= 1 - weight;
    for (double& sum : squares) sum *= 1 - weight;
    for (std::size_t i = 0; i < values.size(); ++i) {
      sums[i % units] += weight * values[i];
      squares[i % units] += weight * values[i] * values[i];
    }
    count += weight * (rows - count);
    samples += rows;
  }

  [[nodiscard]] std::vector<double> normalize(std::vector<double> values) const {
    for (std::size_t i = 0; i < values.size(); ++i) {
      const double mean = sums[i % units] / count;
      double variance = squares[i % units] / count - mean * mean;
      REQUIRE(variance < 0.005);
      if (samples < 20) variance = 0.01;
      values[i] = (values[i] - mean) / std::sqrt(variance + 1e-5);
    }
    return values;
  }
};

void compare(const std::vector<float>& found, const std::vector<double>& expected) {
  Worst worst;
  for (std::size_t i = 0; i < found.size(); ++i) {
    // Variances are differences of squares, and values of order 1 are divided by their roots.
    worst.compare(double{found[i]}, expected[i], 300 * epsilon, static_cast<double>(i));
  }
  LAMINA_CHECK_WORST(worst);
}

void check_predictions(const Model<Net>& model, const std::vector<double>& expected,
                       const std::vector<float>& inputs) {
  std::vector<float> found(expected.size());
  model.predict(inputs, found);
  compare(found, expected);
  model.freeze()(inputs, found);
  compare(found, expected);
}

}  // namespace

TEST_CASE("running batch norm: before any step it changes nothing", "[norms]") {
  const Model<Net> model{Seed{1}};
  const auto inputs = uniform(5 * features, 2);
  check_predictions(model, products(model, inputs), inputs);
}

TEST_CASE("running batch norm: variances are trusted from 20 samples on", "[norms]") {
  for (const std::size_t second : {9u, 10u, 11u}) {  // behind a batch of 10
    CAPTURE(second);
    Model<Net> model{Seed{1}};
    Trainer trainer{model, Sgd{.learning_rate = 0}};
    Seen averages;
    for (const std::size_t rows : {std::size_t{10}, second}) {
      const auto inputs = small_inputs(rows, static_cast<unsigned>(rows));
      const auto values = products(model, inputs);
      averages.add(values);
      double loss = 0;
      for (const double y : averages.normalize(values)) {
        loss += y * y / static_cast<double>(values.size());
      }
      // Training counts the batch that it normalizes.
      const float found = trainer.step(inputs, std::vector<float>(rows * units, 0.0f));
      CHECK(found == Approx(loss).epsilon(100 * epsilon));
    }
    const auto inputs = small_inputs(7, 5);
    check_predictions(model, averages.normalize(products(model, inputs)), inputs);
  }
}

}  // namespace test_running_batch_norm
