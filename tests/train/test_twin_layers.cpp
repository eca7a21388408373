#include "add_gradient.hpp"
#include "twin.hpp"

// Networks without dropout against the textbook in double.

namespace test_twin_layers {

using namespace lamina;
using namespace lamina::testing;

TEST_CASE("twin: the smallest networks", "[twin]") {
  check_twin<Network<Input<1>, Linear<1>, MeanSquaredError>>("1-1", Sgd{.learning_rate = 0.1f});
  check_twin<Network<Input<1>, Linear<1, NoBias>, Sigmoid, BinaryCrossEntropy<>>>("1-1 sigmoid");
  check_twin<Network<Input<3>, Linear<1>, CrossEntropy<>, L2<0.1>>>("one class");
  check_twin<Network<Input<17>, Linear<100>, CrossEntropy<LabelSmoothing<0.2>>>>("17-100");
}

TEST_CASE("twin: layers of odd widths under every loss", "[twin]") {
  check_twin<Network<Input<3>, Linear<17, NoBias>, Tanh, Linear<3>, BinaryCrossEntropy<>>>(
      "3-17-3");
  check_twin<Network<Input<10>, Linear<100>, GELU, Linear<10>, CrossEntropy<LabelSmoothing<0.1>>,
                     L2<0.01>>>("10-100-10");
  check_twin<Network<Input<100>, Linear<70>, ReLU, Linear<33, L2<0.03>>, ReLU, Linear<1>,
                     MeanSquaredError, L2<0.01>>>("100-70-33-1", Sgd{.learning_rate = 0.1f});
  check_twin<Network<Input<100>, Linear<130>, Tanh, Linear<100>, CrossEntropy<>>>("100-130-100");
}

TEST_CASE("twin: every activation", "[twin]") {
  check_twin<Network<Input<10>, Linear<17>, Softplus<>, Linear<10>, SELU, Linear<16>, GELUTanh,
                     Linear<1>, BinaryCrossEntropy<>>>("softplus, selu, gelu");
  check_twin<Network<Input<10>, Linear<17>, ELU<0.7>, Linear<10>, SiLU, Linear<33>, LeakyReLU<0.2>,
                     Linear<3>, Tanh, MeanSquaredError>>("elu, silu, leak, tanh");
  check_twin<Network<Input<3>, Linear<10>,
                     Elementwise<[](auto x) { return x * tanh(softplus(x)); }>, Linear<17>,
                     Elementwise<[](auto x) { return exp(-x * x); }>, Linear<3>, CrossEntropy<>>>(
      "lambdas");
}

TEST_CASE("twin: what fills up registers does not reach the gradients", "[twin]") {
  // Infinitely steep at the zeros that stand for features and samples that are not there.
  using Root = Elementwise<[](auto x) { return sqrt(abs(x)); }>;
  using Logarithm = Elementwise<[](auto x) { return log(abs(x)); }>;
  const Sgd sgd{.learning_rate = 0.01f};
  check_twin<Network<Input<3>, Linear<5, NoBias>, Root, Linear<3>, MeanSquaredError>>("narrow",
                                                                                      sgd);
  check_twin<Network<Input<3>, Linear<5, NoBias>, Logarithm, Linear<3>, CrossEntropy<>>>(
      "narrow, log", sgd);
  check_twin<Network<Input<3>, Linear<70, NoBias>, Root, Linear<3>, MeanSquaredError>>("panels",
                                                                                       sgd);
  check_twin<
      Network<Input<70>, Linear<5>, BatchNorm<>, Logarithm, Linear<3>, Root, MeanSquaredError>>(
      "normalized", sgd);
}

TEST_CASE("twin: several activations in a row, and none", "[twin]") {
  check_twin<Network<Input<10>, Linear<17>, SELU, LeakyReLU<0.1>, Tanh, Linear<10>, GELU, Sigmoid,
                     Linear<3>, MeanSquaredError>>("several");
  check_twin<Network<Input<10>, Linear<17>, Linear<33, NoBias>, Linear<3>, CrossEntropy<>>>(
      "none", Sgd{.learning_rate = 0.1f});
}

TEST_CASE("twin: batch normalization behind a layer", "[twin]") {
  check_twin<Network<Input<17>, Linear<33>, BatchNorm<>, ReLU, Linear<100>, CrossEntropy<>>>(
      "bn, relu");
  check_twin<Network<Input<100>, Linear<70>, BatchNorm<Epsilon<1e-3>, Momentum<0.3>>, SiLU,
                     Linear<17, L2<0.02>>, BatchNorm<>, Linear<10>, BatchNorm<>, GELU, Linear<1>,
                     MeanSquaredError, L2<0.005>>>("bn, silu, bn, bn, gelu");
}

TEST_CASE("twin: batch normalization elsewhere", "[twin]") {
  check_twin<Network<Input<10>, Linear<17>, ReLU, BatchNorm<>, Linear<3>, CrossEntropy<>>>(
      "behind the activation");
  check_twin<
      Network<Input<10>, Linear<17>, BatchNorm<>, BatchNorm<>, Tanh, Linear<3>, MeanSquaredError>>(
      "two in a row");
  check_twin<Network<Input<3>, Linear<10>, ReLU, Linear<100>, BatchNorm<>, CrossEntropy<>>>("last");
  check_twin<Network<Input<3>, Linear<17>, Tanh, BatchNorm<Momentum<1.0>>, BinaryCrossEntropy<>>>(
      "last, alone");
  check_twin<Network<Input<3>, Linear<33>, Tanh, BatchNorm<>, SiLU, BatchNorm<>, Linear<3>,
                     CrossEntropy<>>>("between activations");
}

TEST_CASE("twin: Adam and its decay", "[twin]") {
  using Net = Network<Input<10>, Linear<33>, BatchNorm<>, SiLU, Linear<17>, Tanh, Linear<3>,
                      CrossEntropy<>, L2<0.01>>;
  check_twin<Net>("adam", Adam{.learning_rate = 0.01f, .epsilon = 1e-3f});
  check_twin<Net>("adamw", AdamW{.learning_rate = 0.01f,
                                 .beta1 = 0.8f,
                                 .beta2 = 0.99f,
                                 .epsilon = 1e-3f,
                                 .weight_decay = 0.1f});
  check_twin<Net>("nesterov", Sgd{.learning_rate = 0.2f, .momentum = 0.7f, .nesterov = true});
}

TEST_CASE("twin: gradients are central differences of the loss", "[twin]") {
  using Net = Network<Input<5>, Linear<7>, BatchNorm<>, Tanh, Dropout<0.3>, Linear<6, L2<0.2>>,
                      Sigmoid, Linear<4>, CrossEntropy<LabelSmoothing<0.1>>, L2<0.05>>;
  constexpr std::size_t rows = 6;
  Model<Net> model{Seed{3}};
  model.assign(off_defaults(model.tensors(), 1));
  const auto before = model.tensors();
  const auto inputs = uniform(rows * 5, 2);
  const auto labels = some_labels(rows, 4, 3);
  Trainer trainer{model, AddGradient{}};
  const float loss = trainer.step(inputs, labels);
  const auto after = model.tensors();
  naive::Textbook<Net, double> twin{before, model.seed()};
  const NoiseSource noise{model.seed().value, 1};
  CHECK(double{loss} == Approx(twin.loss(inputs, labels, noise)).epsilon(10 * epsilon));
  Worst worst;
  for (naive::Parameter<double>* parameter : twin.parameters()) {
    const auto found = naive::floats_of(after, parameter->name);
    for (std::size_t i = 0; i < parameter->value.size(); ++i) {
      const double kept = parameter->value[i];
      constexpr double h = 1e-5;
      parameter->value[i] = kept + h;
      const double above = twin.loss(inputs, labels, noise);
      parameter->value[i] = kept - h;
      const double below = twin.loss(inputs, labels, noise);
      parameter->value[i] = kept;
      // Parameters are of order 1, and so is what rounds when the gradient is added.
      worst.compare(double{found[i]} - kept, (above - below) / (2 * h), 20 * epsilon,
                    parameter->name);
    }
  }
  LAMINA_CHECK_WORST(worst);
}

}  // namespace test_twin_layers
