#include "twin.hpp"

// Normalizations against the textbook in double: every kind, behind layers, activations and each
// other, on features that fill registers and panels and that do not.

namespace test_twin_norms {

using namespace lamina;
using namespace lamina::testing;

namespace {

// Normalized values are of order 1 whatever the weights are, and so are steps.
const Sgd sgd{.learning_rate = 0.2f};
// Infinitely steep at the zeros that stand for features that are not there.
using Root = Elementwise<[](auto x) { return sqrt(abs(x)); }>;

/// x / sqrt(mean of x^2 over the batch), of a bias, too: nothing takes it away.
template <bool Shifted>
struct BatchRms {
  static constexpr Role role = Role::Normalization;
  static constexpr Normalization normalization{
      .axes = Axes::Batch, .averages = Averages::Moving, .centered = false, .shifted = Shifted};
  static constexpr TextBuffer name() { return item_name("BatchRms"); }
  static constexpr TextBuffer check() { return {}; }
};

}  // namespace

TEST_CASE("twin: normalization over the batch without centring", "[twin]") {
  check_twin<Network<Input<10>, Linear<17>, BatchRms<true>, Tanh, Linear<33>, GELU, BatchRms<false>,
                     Linear<70, NoBias>, BatchRms<false>, Linear<3>, CrossEntropy<>>>("17, 33, 70",
                                                                                      sgd);
}

TEST_CASE("twin: layer normalization", "[twin]") {
  check_twin<Network<Input<3>, Linear<17>, LayerNorm<>, Tanh, Linear<48>, LayerNorm<NoAffine>, GELU,
                     Linear<65>, LayerNorm<Epsilon<1e-2>>, Linear<3>, CrossEntropy<>, L2<0.01>>>(
      "behind layers", sgd);
  check_twin<Network<Input<100>, Linear<7>, Tanh, LayerNorm<>, Linear<100>, SiLU, LayerNorm<>,
                     MeanSquaredError>>("behind activations and last", sgd);
  check_twin<Network<Input<3>, Linear<1>, LayerNorm<>, Tanh, Linear<15>, LayerNorm<>,
                     LayerNorm<NoAffine>, Linear<31>, LayerNorm<>, CrossEntropy<>>>(
      "of one feature, two in a row, last", sgd);
  check_twin<Network<Input<7>, Linear<5>, LayerNorm<>, Root, Linear<33>, LayerNorm<>, Root,
                     Dropout<0.3>, Linear<1>, BinaryCrossEntropy<>>>(
      "steep at what fills up registers", Sgd{.learning_rate = 0.01f});
}

TEST_CASE("twin: root-mean-square normalization", "[twin]") {
  check_twin<
      Network<Input<3>, Linear<31>, RMSNorm<>, SiLU, Linear<16, NoBias>, RMSNorm<NoAffine>,
              Linear<33>, Tanh, RMSNorm<Epsilon<0.1>>, Linear<100>, RMSNorm<>, CrossEntropy<>>>(
      "31, 16, 33, 100", sgd);
  check_twin<Network<Input<15>, Linear<1>, RMSNorm<>, Linear<65>, Dropout<0.2>, RMSNorm<>, ReLU,
                     Dropout<0.3>, Linear<1>, MeanSquaredError>>("of one feature; dropout", sgd);
}

TEST_CASE("twin: group normalization", "[twin]") {
  // Groups of whole registers, of parts of them, across panels, and of one feature.
  check_twin<Network<Input<7>, Linear<48>, GroupNorm<3>, GELU, Linear<33>, GroupNorm<11>, Tanh,
                     Linear<100>, GroupNorm<4>, Tanh, Linear<100>, GroupNorm<2, NoAffine>,
                     Linear<3>, CrossEntropy<>>>("16, 3, 25, 50", sgd);
  check_twin<Network<Input<3>, Linear<7>, GroupNorm<7>, Tanh, Linear<65>, SELU,
                     GroupNorm<5, Epsilon<1e-3>>, Linear<31>, GroupNorm<1>, Linear<16>,
                     GroupNorm<8>, MeanSquaredError>>("1, 13, 31, 2", sgd);
}

TEST_CASE("twin: norms over the batch without scale and shift", "[twin]") {
  check_twin<Network<Input<10>, Linear<17>, BatchNorm<NoAffine>, Tanh, Linear<33>, GELU,
                     BatchNorm<NoAffine>, Linear<65, NoBias>, BatchNorm<NoAffine>, Linear<3>,
                     BatchNorm<NoAffine, Momentum<0.4>>, CrossEntropy<>>>("17, 33, 65, 3", sgd);
}

TEST_CASE("twin: running batch normalization", "[twin]") {
  using Net = Network<Input<10>, Linear<17>, RunningBatchNorm<>, Tanh, Linear<65>, GELU,
                      RunningBatchNorm<NoAffine>, Linear<31>, RunningBatchNorm<Momentum<0.5>>,
                      Dropout<0.2>, Linear<1>, RunningBatchNorm<Epsilon<1e-2>>, MeanSquaredError>;
  check_twin<Net>("after some steps", sgd);
  check_twin<Net>("from the start", sgd, Start::AsMade);
  check_twin<Network<Input<3>, Linear<100>, RunningBatchNorm<Momentum<1.0>>, RunningBatchNorm<>,
                     CrossEntropy<>>>("the newest batch alone", sgd);
}

TEST_CASE("twin: standardized inputs", "[twin]") {
  check_twin<Network<Input<3>, Standardize, Linear<17>, Tanh, Linear<3>, CrossEntropy<>>>(
      "before a layer", sgd);
  check_twin<
      Network<Input<65>, Standardize, Linear<48>, BatchNorm<>, ReLU, Linear<1>, MeanSquaredError>>(
      "65 features", sgd);
  check_twin<Network<Input<31>, Standardize, Residual<Linear<31>>, Tanh, Linear<16>, LayerNorm<>,
                     Linear<3>, CrossEntropy<>>>("before a residual", sgd);
}

TEST_CASE("twin: norms of different axes behind each other", "[twin]") {
  check_twin<Network<Input<16>, Linear<33>, LayerNorm<>, BatchNorm<>, GroupNorm<3>, Tanh,
                     Linear<48>, BatchNorm<>, RMSNorm<>, Linear<15>, RunningBatchNorm<>,
                     LayerNorm<>, BatchNorm<>, CrossEntropy<>>>("all", sgd);
  check_twin<Network<Input<10>, Linear<33>, LayerNorm<>, GELU, Dropout<0.2>, Linear<17>, SiLU,
                     RMSNorm<>, Linear<3>, CrossEntropy<>, L2<0.01>>>(
      "Adam", Adam{.learning_rate = 0.01f, .epsilon = 1e-3f});
}

}  // namespace test_twin_norms
