#include "twin.hpp"

// Pools, Flatten, norms and random items over positions against the textbook in double.

namespace test_twin_pools {

using namespace lamina;
using namespace lamina::testing;

namespace {

const Sgd sgd{.learning_rate = 0.05f};

}  // namespace

TEST_CASE("twin: maximum pools", "[twin]") {
  check_twin<Network<Input<1, 7, 9>, Conv2d<17, Kernel<3>>, ReLU, MaxPool<2>,
                     Conv2d<6, Kernel<2>, Padding<1>>, MaxPool<2, Stride<1>>, Tanh, Flatten,
                     CrossEntropy<>>>("2 on odd sizes", sgd);
  check_twin<Network<Input<3, 13, 11>, MaxPool<3, Stride<2>, Padding<1>>, Conv2d<33, Kernel<1>>,
                     MaxPool<3, Stride<1, 2>>, Tanh, MaxPool<2, Stride<3, 1>, Padding<1>>,
                     GlobalMaxPool, Linear<3>, CrossEntropy<>>>("that overlap, of the input", sgd);
  check_twin<Network<Input<6, 16>, Conv1d<15, Kernel<3>>, MaxPool<3>, Tanh,
                     MaxPool<2, Stride<1>, Padding<1>>, Conv1d<16, Kernel<2>>, GlobalMaxPool,
                     MeanSquaredError>>("over signals", sgd);
}

TEST_CASE("twin: mean pools", "[twin]") {
  check_twin<Network<Input<1, 7, 9>, Conv2d<17, Kernel<2>>, ReLU, AvgPool<2>,
                     Conv2d<6, Kernel<2>, Padding<1>>, AvgPool<2, Stride<1>>, Tanh, Flatten,
                     CrossEntropy<>>>("2 on odd sizes", sgd);
  check_twin<Network<Input<3, 13, 11>, AvgPool<3, Stride<2>, Padding<1>>, Conv2d<33, Kernel<1>>,
                     AvgPool<3, Stride<1, 2>>, Tanh, AvgPool<2, Stride<3, 1>, Padding<1>>,
                     GlobalAvgPool, Linear<3>, CrossEntropy<>>>("that overlap, of the input", sgd);
  check_twin<Network<Input<6, 16>, Conv1d<15, Kernel<3>>, AvgPool<3>, Tanh,
                     AvgPool<2, Stride<1>, Padding<1>>, Conv1d<65, Kernel<2>>, GlobalAvgPool,
                     MeanSquaredError>>("over signals", sgd);
}

TEST_CASE("twin: pools of a size for each axis", "[twin]") {
  check_twin<Network<Input<3, 7, 9>, MaxPool2d<Kernel<2, 3>, Stride<2, 1>, Padding<0, 1>>,
                     Conv2d<17, Kernel<1>>, AvgPool2d<Padding<1, 0>, Kernel<3, 2>, Stride<1, 2>>,
                     Tanh, MaxPool2d<Kernel<3, 1>>, Flatten, CrossEntropy<>>>("that overlap", sgd);
  check_twin<Network<Input<1, 9, 7>, Conv2d<33, Kernel<2>>, AvgPool2d<Kernel<4, 1>>, Tanh,
                     MaxPool2d<Kernel<1, 4>, Stride<1>, Padding<0, 2>>, Conv2d<6, Kernel<1>>, Tanh,
                     MaxPool2d<Kernel<2>>, Flatten, Linear<3>, CrossEntropy<>>>("of lines", sgd);
}

TEST_CASE("twin: Flatten", "[twin]") {
  check_twin<Network<Input<3, 5, 3>, Flatten, Linear<17>, Tanh, Flatten, Linear<33>, BatchNorm<>,
                     Tanh, Linear<1>, MeanSquaredError>>("of the input and of flat features", sgd);
  check_twin<Network<Input<1, 5, 5>, Conv2d<17, Kernel<3>>, Flatten, BatchNorm<>, Dropout<0.3>,
                     Linear<33>, LayerNorm<>, Tanh, Linear<16>, ReLU, Linear<3>, CrossEntropy<>>>(
      "before a norm and layers", sgd);
}

TEST_CASE("twin: one position", "[twin]") {
  check_twin<Network<Input<1, 2, 2>, Conv2d<6, Kernel<2>>, Tanh, Conv2d<17, Kernel<3>, Padding<1>>,
                     BatchNorm<>, MaxPool<1>, AvgPool<1>, Conv2d<3, Kernel<1>>, GlobalAvgPool,
                     Flatten, CrossEntropy<>>>("in every layer", sgd);
}

TEST_CASE("twin: norms over positions", "[twin]") {
  check_twin<Network<Input<3, 5, 7>, Conv2d<5, Kernel<1>>, AvgPool<2, Stride<1>>, BatchNorm<>,
                     Conv2d<16, Kernel<3>>, Tanh, BatchNorm<>, MaxPool<2>, BatchNorm<NoAffine>,
                     Flatten, Linear<3>, CrossEntropy<>>>("behind activations and pools", sgd);
  check_twin<Network<Input<1, 9, 7>, Conv2d<33, Kernel<3>, Stride<2>>, RunningBatchNorm<>, GELU,
                     Conv2d<6, Kernel<2>>, MaxPool<2>, RunningBatchNorm<Momentum<0.4>>, ReLU,
                     GlobalAvgPool, BatchNorm<>, Linear<3>, CrossEntropy<>>>("running", sgd);
  check_twin<Network<Input<2, 19>, Conv1d<65, Kernel<4>, NoBias>, BatchNorm<Momentum<0.4>>, SiLU,
                     AvgPool<2>, Conv1d<3, Kernel<3>>, BatchNorm<NoAffine>, Flatten, Linear<1>,
                     MeanSquaredError>>("of signals", sgd);
  check_twin<
      Network<Input<2, 4, 4>, Conv2d<6, Kernel<2>>, RunningBatchNorm<>,
              Conv2d<5, Kernel<2>, Padding<1>>, Tanh, BatchNorm<>, Conv2d<5, Kernel<3>, Padding<2>>,
              BatchNorm<>, BatchNorm<>, GlobalMaxPool, BatchNorm<>, Linear<3>, CrossEntropy<>>>(
      "before padded convolutions, in a row, before a layer", sgd);
}

TEST_CASE("twin: random items over positions", "[twin]") {
  check_twin<Network<Input<3, 5, 5>, Conv2d<3, Kernel<2>>, Dropout<0.2>, Conv2d<17, Kernel<2>>,
                     Dropout<0.3>, ReLU, MaxPool<2>, Dropout<0.4>, Flatten, Dropout<0.1>, Linear<3>,
                     CrossEntropy<>>>("dropout", sgd);
  check_twin<
      Network<Input<1, 3, 5>, Conv2d<3, Kernel<1>>, GaussianNoise<0.2>, Conv2d<6, Kernel<2>>,
              BatchNorm<>, Tanh, GaussianNoise<0.1>, Conv2d<33, Kernel<2, 1>>, GaussianDropout<0.2>,
              GlobalAvgPool, AlphaDropout<0.1>, Linear<1>, MeanSquaredError>>("noise", sgd);
}

}  // namespace test_twin_pools
