#include "twin.hpp"

// The textbook's own gradients are central differences of its loss, by every parameter and every
// input: in double, behind a tail that is not linear.

namespace test_twin_gradients {

using namespace lamina;
using namespace lamina::testing;

namespace {

/// Two differences, the second half as far, together are off by h^4 times a fifth derivative and by
/// 1e-16 / h of rounding. h is a power of two that the inputs, which are floats, hold exactly.
template <class... Items>
void check_gradients(const char* name, Start start = Start::OffDefaults) {
  using Net = Network<Items..., Linear<2>, Tanh, MeanSquaredError, L2<0.05>>;
  INFO(name);
  constexpr std::size_t rows = 5;
  constexpr auto features = static_cast<std::size_t>(Plan<Net>::features);
  const Model<Net> model{Seed{4}};
  const auto tensors = start == Start::AsMade ? model.tensors() : off_defaults(model.tensors(), 5);
  naive::Textbook<Net, double> twin{tensors};
  naive::Textbook<Net, double> shifted{tensors};
  auto inputs = uniform(rows * features, 6);
  for (float& input : inputs) input = std::round(input * 1024) / 1024;
  const auto targets = uniform(rows * 2, 7, 0, 1);
  const NoiseSource noise{3, 1};
  REQUIRE(shifted.loss(inputs, targets, noise) == twin.forward_backward(inputs, targets, noise));
  const auto loss_at = [&](auto& number, double shift) {
    const auto kept = number;
    number = static_cast<std::remove_cvref_t<decltype(number)>>(static_cast<double>(kept) + shift);
    const double loss = shifted.loss(inputs, targets, noise);
    number = kept;
    return loss;
  };
  const auto difference = [&](auto& number) {
    const auto central = [&](double h) {
      return (loss_at(number, h) - loss_at(number, -h)) / (2 * h);
    };
    return (4 * central(0x1p-13) - central(0x1p-12)) / 3;
  };
  Worst worst;
  const auto gradients = twin.gradients();
  for (naive::Parameter<double>* parameter : shifted.parameters()) {
    for (std::size_t i = 0; i < parameter->value.size(); ++i) {
      worst.compare(gradients.at(parameter->name)[i], difference(parameter->value[i]), 2e-7,
                    parameter->name);
    }
  }
  for (std::size_t i = 0; i < inputs.size(); ++i) {
    worst.compare(twin.input_gradient()[i], difference(inputs[i]), 2e-7, "inputs");
  }
  LAMINA_CHECK_WORST(worst);
}

}  // namespace

TEST_CASE("twin: gradients of the norms are central differences", "[twin]") {
  check_gradients<Input<3>, Linear<6>, LayerNorm<>, Tanh, Linear<5>, LayerNorm<NoAffine>>(
      "layer normalization");
  check_gradients<Input<3>, Linear<6>, Sigmoid, RMSNorm<>, Linear<5>, RMSNorm<Epsilon<0.1>>>(
      "root mean square");
  check_gradients<Input<3>, Linear<6>, GroupNorm<2>, Tanh, Linear<9>, GroupNorm<3, NoAffine>>(
      "groups");
  check_gradients<Input<3>, Linear<6>, BatchNorm<NoAffine>, Tanh, BatchNorm<>>("over the batch");
  check_gradients<Input<3>, Standardize, Linear<6>, Tanh>("standardized");
}

TEST_CASE("twin: gradients of running batch normalization are central differences", "[twin]") {
  check_gradients<Input<3>, Linear<6>, RunningBatchNorm<>, Tanh, Linear<4>,
                  RunningBatchNorm<NoAffine, Momentum<0.4>>>("after some steps");
  check_gradients<Input<3>, Linear<6>, RunningBatchNorm<>, Tanh, Linear<4>,
                  RunningBatchNorm<Momentum<0.4>>>("from the start", Start::AsMade);
}

TEST_CASE("twin: gradients of structures are central differences", "[twin]") {
  check_gradients<Input<4>, Linear<6>, Residual<Linear<5>, Tanh, Linear<6>>, Residual<Sigmoid>,
                  Residual<Linear<3>, Tanh, Shortcut<Linear<3>, LayerNorm<>>>>("residuals");
  check_gradients<Input<4>, Concat<Branch<>, Branch<Linear<3>, Tanh>, Branch<Linear<2>>>,
                  LayerNorm<>, Concat<Branch<Linear<2>>, Branch<>>>("branches");
  check_gradients<Input<4>, Repeat<2, Residual<Linear<4>, BatchNorm<>, Tanh, Dropout<0.2>>>,
                  Concat<Branch<Residual<Concat<Branch<Linear<1>>, Branch<Linear<3>>>>>,
                         Branch<Repeat<2, Linear<3>>, BatchNorm<>>>>("nested");
}

}  // namespace test_twin_gradients
