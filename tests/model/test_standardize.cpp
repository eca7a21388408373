#include <cmath>
#include <limits>

#include <lamina/lamina.hpp>

#include "errors.hpp"
#include "numbers.hpp"

// Feature normalization: its numbers are those of the training data, and nothing else ever touches
// them.

namespace test_standardize {

using namespace lamina;
using namespace lamina::testing;

namespace {

using Net = Network<Input<5>, Standardize, Linear<17>, Tanh, Linear<3>, CrossEntropy<>>;

/// Features of very different sizes; the last is constant.
std::vector<float> samples(std::size_t rows, unsigned seed) {
  std::vector<float> inputs = uniform(rows * 5, seed, -1, 1);
  for (std::size_t row = 0; row < rows; ++row) {
    inputs[row * 5] *= 1000;
    inputs[row * 5 + 1] += 500;
    inputs[row * 5 + 2] *= 1e-3f;
    inputs[row * 5 + 4] = 7.3f;
  }
  return inputs;
}

Dataset labelled(std::size_t rows, unsigned seed) {
  std::vector<Label> labels(rows);
  for (std::size_t row = 0; row < rows; ++row) labels[row] = static_cast<Label>(row % 3);
  return Dataset(5, samples(rows, seed), labels);
}

const std::vector<float>& values(const std::vector<Tensor>& tensors, const std::string& name) {
  for (const Tensor& tensor : tensors) {
    if (tensor.name == name) return std::get<std::vector<float>>(tensor.values);
  }
  throw std::runtime_error(name);
}

/// What a model says of some samples.
template <class AnyNet>
std::vector<float> outputs_of(const Model<AnyNet>& model, const std::vector<float>& inputs) {
  std::vector<float> outputs(inputs.size() / 5 * 3);
  model.predict(inputs, outputs);
  return outputs;
}

}  // namespace

TEST_CASE("Standardize takes mean and deviation of the samples it is fitted on", "[model]") {
  Model<Net> model{Seed{1}};
  const auto inputs = samples(101, 3);
  model.fit_standardize(inputs);
  const auto tensors = model.tensors();
  Worst worst;
  for (std::size_t f = 0; f < 5; ++f) {
    double mean = 0;
    double square = 0;
    for (std::size_t row = 0; row < 101; ++row) mean += double{inputs[row * 5 + f]} / 101;
    for (std::size_t row = 0; row < 101; ++row) {
      square += std::pow(double{inputs[row * 5 + f]} - mean, 2) / 101;
    }
    const double deviation = f == 4 ? 1 : std::sqrt(square);
    worst.compare(double{values(tensors, "0.mean")[f]}, mean, epsilon * std::abs(mean), "mean");
    worst.compare(double{values(tensors, "0.std")[f]}, deviation, epsilon * deviation, "std");
  }
  LAMINA_CHECK_WORST(worst);
}

TEST_CASE("a standardized network is the plain one on standardized samples", "[model]") {
  using Plain = Network<Input<5>, Linear<17>, Tanh, Linear<3>, CrossEntropy<>>;
  Model<Net> model{Seed{1}};
  Model<Plain> plain{Seed{1}};
  std::vector<Tensor> tensors;
  for (Tensor tensor : model.tensors()) {
    if (tensor.name.starts_with("0.")) continue;
    tensor.name[0] = static_cast<char>(tensor.name[0] - 1);
    tensors.push_back(std::move(tensor));
  }
  plain.assign(tensors);
  auto inputs = samples(33, 3);
  model.fit_standardize(inputs);
  const auto found = outputs_of(model, inputs);
  const auto all = model.tensors();
  for (std::size_t i = 0; i < inputs.size(); ++i) {
    inputs[i] = (inputs[i] - values(all, "0.mean")[i % 5]) / values(all, "0.std")[i % 5];
  }
  const auto expected = outputs_of(plain, inputs);
  Worst worst;
  for (std::size_t i = 0; i < found.size(); ++i) {
    // Sums of 17 products of order 1.
    worst.compare(double{found[i]}, double{expected[i]}, 20 * epsilon, static_cast<double>(i));
  }
  LAMINA_CHECK_WORST(worst);
}

TEST_CASE("a standardized network trains as the plain one on standardized samples", "[model]") {
  // 17 features train with samples in the lanes, 80 on panels.
  const auto check = []<int Wide>(std::integral_constant<int, Wide>) {
    using Standardized =
        Network<Input<5>, Standardize, Linear<Wide>, Tanh, Linear<3>, CrossEntropy<>>;
    using Plain = Network<Input<5>, Linear<Wide>, Tanh, Linear<3>, CrossEntropy<>>;
    STATIC_REQUIRE(runtime::is_narrow<Standardized> == (Wide == 17 && simd::lanes >= 4));
    Model<Standardized> model{Seed{1}};
    Model<Plain> plain{Seed{1}};
    auto inputs = samples(70, 3);
    model.fit_standardize(inputs);
    const auto all = model.tensors();
    std::vector<Tensor> tensors(all.begin() + 3, all.end());
    for (Tensor& tensor : tensors) tensor.name[0] = static_cast<char>(tensor.name[0] - 1);
    plain.assign(tensors);
    std::vector<Label> labels(70);
    for (std::size_t row = 0; row < 70; ++row) labels[row] = static_cast<Label>(row % 3);
    Trainer trainer{model, Sgd{.learning_rate = 0.3f}};
    Trainer other{plain, Sgd{.learning_rate = 0.3f}};
    auto standard = inputs;
    for (std::size_t i = 0; i < inputs.size(); ++i) {
      standard[i] = (inputs[i] - values(all, "0.mean")[i % 5]) / values(all, "0.std")[i % 5];
    }
    for (int step = 0; step < 5; ++step) {
      trainer.step(inputs, labels);
      other.step(standard, labels);
    }
    const auto found = model.tensors();
    const auto expected = plain.tensors();
    Worst worst;
    for (std::size_t t = 0; t < expected.size(); ++t) {
      const auto& numbers = std::get<std::vector<float>>(expected[t].values);
      for (std::size_t i = 0; i < numbers.size(); ++i) {
        // Five steps on inputs that round by two epsilon each.
        worst.compare(double{std::get<std::vector<float>>(found[t + 3].values)[i]},
                      double{numbers[i]}, 50 * epsilon, expected[t].name);
      }
    }
    LAMINA_CHECK_WORST(worst);
  };
  check(std::integral_constant<int, 17>{});
  check(std::integral_constant<int, 80>{});
}

TEST_CASE("frozen, Standardize is part of the layers behind it", "[model]") {
  using Noisy = Network<Input<5>, Standardize, Concat<Branch<Linear<17>, Tanh>, Branch<Linear<4>>>,
                        Linear<3>, CrossEntropy<>>;
  const auto check = []<class AnyNet>(Model<AnyNet> model) {
    const auto inputs = samples(40, 9);
    model.fit_standardize(inputs);
    const auto expected = outputs_of(model, inputs);
    const Predictor<AnyNet> predictor = model.freeze();
    std::vector<float> found(expected.size());
    predictor(inputs, found);
    Worst worst;
    for (std::size_t i = 0; i < found.size(); ++i) {
      // The feature of mean 500 and deviation 0.6 leaves 500 / 0.6 times epsilon of rounding.
      worst.compare(double{found[i]}, double{expected[i]}, 2000 * epsilon, static_cast<double>(i));
    }
    for (std::size_t row = 0; row < 40; ++row) {
      const auto scores = predictor(std::span(inputs).subspan(row * 5, 5));
      for (std::size_t i = 0; i < 3; ++i) {
        worst.compare(double{scores[i]}, double{expected[row * 3 + i]}, 2000 * epsilon, "single");
      }
    }
    LAMINA_CHECK_WORST(worst);
  };
  check(Model<Net>{Seed{4}});
  check(Model<Noisy>{Seed{5}});
}

TEST_CASE("fit finds the numbers of Standardize once, on the training data alone", "[model]") {
  const Dataset train = labelled(60, 1);
  const Dataset validation = labelled(60, 2);
  Model<Net> model{Seed{1}};
  Trainer trainer{model, Sgd{.learning_rate = 0.1f}};
  REQUIRE_FALSE(model.is_standardized());
  trainer.fit(train, validation, {.epochs = 2, .batch_size = 16});
  REQUIRE(model.is_standardized());
  Model<Net> other{Seed{1}};
  other.fit_standardize(train);
  CHECK(values(model.tensors(), "0.mean") == values(other.tensors(), "0.mean"));
  CHECK(values(model.tensors(), "0.std") == values(other.tensors(), "0.std"));
  trainer.fit(validation, train, {.epochs = 1, .batch_size = 16});
  CHECK(values(model.tensors(), "0.mean") == values(other.tensors(), "0.mean"));
}

TEST_CASE("the numbers of Standardize travel with the model", "[model]") {
  Model<Net> model{Seed{1}};
  const auto inputs = samples(21, 3);
  model.fit_standardize(inputs);
  Model<Net> copy{Seed{2}};
  copy.assign(model.tensors());
  CHECK(copy.is_standardized());
  CHECK(outputs_of(copy, inputs) == outputs_of(model, inputs));
}

TEST_CASE("fit_standardize refuses what has no mean, and changes nothing", "[model]") {
  Model<Net> model{Seed{1}};
  auto inputs = samples(21, 3);
  inputs[5 * 3 + 2] = std::numeric_limits<float>::quiet_NaN();
  CHECK(has(error_of([&] { model.fit_standardize(inputs); }),
            "fit_standardize: expected finite numbers, found nan in sample 3, feature 2"));
  CHECK(has(error_of([&] { model.fit_standardize(std::vector<float>{}); }),
            "fit_standardize: expected training samples, found none"));
  CHECK_FALSE(model.is_standardized());
}

}  // namespace test_standardize
