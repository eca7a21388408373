#include <algorithm>
#include <cmath>

#include <lamina/core/types.hpp>
#include <lamina/layers/convolution.hpp>
#include <lamina/layers/flatten.hpp>
#include <lamina/layers/pool.hpp>
#include <lamina/norms/group_norm.hpp>
#include <lamina/norms/instance_norm.hpp>
#include <lamina/norms/layer_norm.hpp>

#include "bench/naive/textbook.hpp"
#include "catch.hpp"
#include "made_up.hpp"

// The reference is itself checked by central differences: in double, with the sum over all
// parameters of what a small shift does to the loss.

namespace test_naive {

using namespace lamina;
using namespace lamina::tests;

namespace {

/// Every gradient by (loss(w + h) - loss(w - h)) / 2h. The error of the difference is h^2 times a
/// third derivative, about 1e-8 here, plus 1e-16 / h of rounding.
template <class Net>
void check_gradients(const Tensors& tensors, std::size_t outputs, std::size_t rows = 5) {
  using Twin = naive::Textbook<Net, double>;
  Twin twin{tensors.list()};
  const auto inputs = numbers(rows * naive::Items<Net>::features, -1, 1);
  const auto targets = targets_for<typename Twin::Target>(rows, outputs);
  const NoiseSource noise{3, 1};
  const double expected = twin.loss(inputs, targets, noise);
  REQUIRE(twin.forward_backward(inputs, targets, noise) == expected);
  const auto gradients = twin.gradients();
  constexpr double h = 1e-5;
  for (naive::Parameter<double>* parameter : twin.parameters()) {
    INFO(parameter->name);
    for (std::size_t i = 0; i < parameter->value.size(); ++i) {
      const double kept = parameter->value[i];
      parameter->value[i] = kept + h;
      const double above = twin.loss(inputs, targets, noise);
      parameter->value[i] = kept - h;
      const double below = twin.loss(inputs, targets, noise);
      parameter->value[i] = kept;
      const double difference = (above - below) / (2 * h);
      REQUIRE(gradients.at(parameter->name)[i] == Approx(difference).margin(2e-8).epsilon(1e-6));
    }
  }
}

template <class Activation>
void check_activation() {
  using Net = Network<Input<3>, Linear<6>, Activation, Linear<2>, Tanh, MeanSquaredError>;
  check_gradients<Net>(Tensors{}.linear("0", 3, 6).linear("2", 6, 2), 2);
}

}  // namespace

TEST_CASE("naive: the gradients of every activation are central differences", "[naive]") {
  check_activation<ReLU>();
  check_activation<LeakyReLU<0.1>>();
  check_activation<ELU<0.7>>();
  check_activation<SELU>();
  check_activation<Sigmoid>();
  check_activation<Tanh>();
  check_activation<GELU>();
  check_activation<GELUTanh>();
  check_activation<SiLU>();
  check_activation<Softplus<>>();
  check_activation<Softplus<2.0, 0.5>>();
}

TEST_CASE("naive: the gradients of lambdas are central differences", "[naive]") {
  check_activation<Elementwise<[](auto x) { return x * tanh(softplus(x)); }>>();
  check_activation<Elementwise<[](auto x) { return select(x > 0.0, log(1.0 + x), 0.5 * x); }>>();
  check_activation<
      Elementwise<[](auto x) { return exp(-x * x) + sqrt(2.0 + x) / (3.0 + abs(x)); }>>();
  check_activation<Elementwise<[](auto x) { return max(erf(x), min(sigmoid(x), 0.3)); }>>();
  check_activation<
      Elementwise<[](auto x) { return relu(x) + elu(x, 0.5) - leaky_relu(x, 0.2); }>>();
}

TEST_CASE("naive: an expression of a built-in activation agrees with its textbook form",
          "[naive]") {
  for (double x = -6; x <= 6; x += 0.37) {
    const auto compare = [&]<class Item, class Lambda>(Item item, Lambda) {
      const auto textbook = naive::curve(item, x);
      const auto expression = naive::curve(Lambda{}, x);
      REQUIRE(textbook.value == Approx(expression.value).margin(1e-12));
      REQUIRE(textbook.slope == Approx(expression.slope).margin(1e-12));
    };
    compare(SiLU{}, Elementwise<[](auto v) { return v * sigmoid(v); }>{});
    compare(GELU{},
            Elementwise<[](auto v) { return 0.5 * v * (1.0 + erf(v / sqrt(v * 0.0 + 2.0))); }>{});
    compare(Softplus<>{}, Elementwise<[](auto v) { return log(1.0 + exp(v)); }>{});
    compare(SELU{},
            Elementwise<[](auto v) { return elu(v, 1.6732632423543772, 1.0507009873554805); }>{});
  }
}

TEST_CASE("naive: the gradients of norm, dropout, penalties and losses", "[naive]") {
  SECTION("a classifier with all of them") {
    using Net = Network<Input<5>, Linear<7>, BatchNorm<>, Tanh, Dropout<0.3>, Linear<6, L2<0.2>>,
                        Dropout<0.0>, BatchNorm<Epsilon<0.1>, Momentum<0.3>>, Sigmoid, Linear<4>,
                        CrossEntropy<LabelSmoothing<0.1>>, L2<0.05>>;
    const Tensors tensors = Tensors{}
                                .linear("0", 5, 7, false)
                                .norm("1", 7)
                                .linear("4", 7, 6, false)
                                .norm("6", 6)
                                .linear("8", 6, 4);
    check_gradients<Net>(tensors, 4, 6);
  }
  SECTION("a norm that does not follow a linear layer") {
    using Net = Network<Input<4>, Linear<5>, Tanh, BatchNorm<>, Dropout<0.5>, Dropout<0.2>,
                        Linear<3, NoBias>, BinaryCrossEntropy<>>;
    check_gradients<Net>(Tensors{}.linear("0", 4, 5).norm("2", 5).linear("5", 5, 3, false), 3);
  }
  SECTION("mean squared error with a penalty") {
    using Net = Network<Input<3>, Linear<4>, GELU, Linear<2>, MeanSquaredError, L2<0.3>>;
    check_gradients<Net>(Tensors{}.linear("0", 3, 4).linear("2", 4, 2), 2);
  }
}

TEST_CASE("naive: the gradients of layers over positions", "[naive]") {
  SECTION("convolutions, a norm over the batch and pools") {
    using Net = Network<Input<2, 5, 4>, Conv2d<3, Kernel<2, 3>, Stride<2, 1>, Padding<1>, L2<0.2>>,
                        BatchNorm<>, Tanh, Conv2d<4, Kernel<2>, Dilation<1, 2>, Padding<1>>, Tanh,
                        MaxPool<2, Stride<1>>, AvgPool<2>, Flatten, Linear<3>, CrossEntropy<>>;
    check_gradients<Net>(
        Tensors{}.linear("0", 2 * 6, 3, false).norm("1", 3).linear("3", 3 * 4, 4).linear("8", 4, 3),
        3);
  }
  SECTION("norms of samples and of positions, dropout") {
    using Net = Network<Input<1, 4, 3>, Conv2d<4, Kernel<2>>, LayerNorm<PerPosition>, Tanh,
                        Conv2d<6, Kernel<1>>, GroupNorm<2>, Dropout<0.3>, InstanceNorm<>, Sigmoid,
                        LayerNorm<>, GlobalAvgPool, Linear<2>, MeanSquaredError>;
    check_gradients<Net>(Tensors{}
                             .linear("0", 4, 4)
                             .affine("1", 4)
                             .linear("3", 4, 6)
                             .affine("4", 6)
                             .affine("6", 6)
                             .affine("8", 6)
                             .linear("10", 6, 2),
                         2);
  }
}

namespace {

template <class Item>
void check_noise() {
  using Before = Network<Input<3>, Linear<6>, Item, SELU, Linear<5>, GELU, Item, Linear<2>, Tanh,
                         MeanSquaredError>;
  check_gradients<Before>(Tensors{}.linear("0", 3, 6).linear("3", 6, 5).linear("6", 5, 2), 2);
  using Behind = Network<Input<3>, Linear<6>, Tanh, Item, Linear<5>, Item, BatchNorm<>, Linear<2>,
                         Tanh, MeanSquaredError>;
  check_gradients<Behind>(
      Tensors{}.linear("0", 3, 6).linear("3", 6, 5).norm("5", 5).linear("6", 5, 2), 2);
}

}  // namespace

TEST_CASE("naive: the gradients of random items, with the noise held fixed", "[naive]") {
  check_noise<Dropout<0.3>>();
  check_noise<AlphaDropout<0.3>>();
  check_noise<GaussianNoise<0.3>>();
  check_noise<GaussianDropout<0.3>>();
}

TEST_CASE("naive: running statistics are PyTorch's", "[naive]") {
  using Net = Network<Input<1>, Linear<1>, BatchNorm<Momentum<0.25>>, Linear<1>, MeanSquaredError>;
  std::vector<Tensor> tensors = {
      {"0.weight", {1, 1}, std::vector<float>{2}},   {"1.weight", {1}, std::vector<float>{1}},
      {"1.bias", {1}, std::vector<float>{0}},        {"1.running_mean", {1}, std::vector<float>{8}},
      {"1.running_var", {1}, std::vector<float>{4}}, {"2.weight", {1, 1}, std::vector<float>{1}},
      {"2.bias", {1}, std::vector<float>{0}}};
  naive::Textbook<Net> twin{tensors};
  const std::vector<float> inputs = {1, 2, 3};
  const std::vector<float> targets = {0, 0, 0};
  twin.forward_backward(inputs, targets, {});
  // 2, 4, 6: mean 4, unbiased variance 4.
  CHECK(twin.values().at("1.running_mean")[0] == Approx(7));
  CHECK(twin.values().at("1.running_var")[0] == Approx(4));
  // (2 - 7) / sqrt(4 + 1e-5)
  CHECK(twin.predict(std::vector<float>{1}, 1)[0] == Approx(-5 / std::sqrt(4.00001)));
}

TEST_CASE("naive: the first steps of the optimizers, by hand", "[naive]") {
  using Net = Network<Input<1>, Linear<1>, MeanSquaredError>;
  const std::vector<Tensor> tensors = {{"0.weight", {1, 1}, std::vector<float>{1}},
                                       {"0.bias", {1}, std::vector<float>{0}}};
  const std::vector<float> inputs = {1};
  const std::vector<float> targets = {0};  // loss w^2, slopes 2 (w + b)
  const auto weight_after = [&](auto optimizer, int steps) {
    naive::Textbook<Net> twin{tensors};
    for (int i = 0; i < steps; ++i) twin.step(inputs, targets, optimizer);
    return twin.values().at("0.weight")[0];
  };
  CHECK(weight_after(Sgd{.learning_rate = 0.125f}, 1) == Approx(0.75));
  // then slope 2 (0.75 - 0.25) = 1, m = 0.5 * 2 + 1
  CHECK(weight_after(Sgd{.learning_rate = 0.125f, .momentum = 0.5f}, 2) == Approx(0.5));
  // step g + momentum m = 2 + 0.5 * 2
  CHECK(weight_after(Sgd{.learning_rate = 0.125f, .momentum = 0.5f, .nesterov = true}, 1) ==
        Approx(0.625));
  CHECK(weight_after(Adam{.learning_rate = 0.125f}, 1) == Approx(0.875));
  CHECK(weight_after(AdamW{.learning_rate = 0.125f, .weight_decay = 0.5f}, 1) ==
        Approx(1 - 0.0625 - 0.125));
}

}  // namespace test_naive
