#include "twin.hpp"

// Norms of samples with positions against the textbook in double; resampling, edges and shuffles.

namespace test_twin_space_norms {

using namespace lamina;
using namespace lamina::testing;

namespace {

// Normalized values are of order 1 whatever the weights are.
const Sgd sgd{.learning_rate = 0.05f};

}  // namespace

TEST_CASE("twin: layer normalization over positions", "[twin]") {
  check_twin<Network<Input<1, 5, 7>, Conv2d<17, Kernel<3>>, LayerNorm<>, Tanh, Conv2d<6, Kernel<2>>,
                     GELU, LayerNorm<NoAffine>, MaxPool<2, Stride<1>>, LayerNorm<>, Flatten,
                     Linear<3>, CrossEntropy<>>>("of samples", sgd);
  check_twin<Network<Input<3, 5, 3>, Conv2d<33, Kernel<2>>, LayerNorm<PerPosition>, GELU,
                     Conv2d<1, Kernel<1>>, RMSNorm<PerPosition>, Residual<Conv2d<1, Kernel<1>>>,
                     Conv2d<15, Kernel<2>>, Tanh, LayerNorm<PerPosition, NoAffine>, Flatten,
                     Linear<3>, CrossEntropy<>>>("of positions", sgd);
  check_twin<
      Network<Input<2, 9>, Conv1d<65, Kernel<3>>, RMSNorm<>, SiLU, Conv1d<16, Kernel<2>>,
              LayerNorm<>, Dropout<0.2>, GlobalAvgPool, RMSNorm<>, Linear<1>, MeanSquaredError>>(
      "of signals", sgd);
}

TEST_CASE("twin: group and instance normalization over positions", "[twin]") {
  check_twin<Network<Input<3, 5, 7>, Conv2d<48, Kernel<3>>, GroupNorm<3>, ReLU,
                     Conv2d<33, Kernel<2>>, GroupNorm<11>, Tanh, Conv2d<6, Kernel<1>>, Tanh,
                     GroupNorm<2, NoAffine>, Flatten, Linear<3>, CrossEntropy<>>>("groups", sgd);
  check_twin<Network<Input<1, 6, 5>, Conv2d<17, Kernel<2>>, InstanceNorm<>, ReLU,
                     AvgPool<2, Stride<1>>, InstanceNorm<NoAffine>, Tanh, Conv2d<65, Kernel<1>>,
                     GroupNorm<65>, MaxPool<2>, Flatten, Linear<3>, CrossEntropy<>>>("instances",
                                                                                     sgd);
  check_twin<Network<Input<2, 5, 3>, Conv2d<17, Kernel<2>>,
                     Concat<Branch<>, Branch<Conv2d<7, Kernel<3>, Same>>>, GroupNorm<4>,
                     Residual<InstanceNorm<>, Tanh>, BatchNorm<>, Conv2d<16, Kernel<2>>,
                     LayerNorm<>, GlobalMaxPool, Linear<1>, MeanSquaredError>>(
      "of branches, behind each other", sgd);
}

TEST_CASE("twin: resampled positions", "[twin]") {
  check_twin<Network<Input<1, 3, 2>, Conv2d<17, Kernel<2>, Padding<1>>, Upsample<2>, Tanh,
                     Conv2d<6, Kernel<3>>, Upsample<3, Bilinear>, AdaptiveAvgPool<4, 5>, Tanh,
                     Conv2d<3, Kernel<2>>, AdaptiveAvgPool<2, 3>, Flatten, CrossEntropy<>>>(
      "of images", sgd);
  check_twin<Network<Input<3, 7>, Upsample<2, Bilinear>, Conv1d<16, Kernel<3>>, Tanh, Upsample<3>,
                     AdaptiveAvgPool<5>, Concat<Branch<>, Branch<Conv1d<7, Kernel<3>, Same>>>,
                     Upsample<2, Bilinear>, Flatten, Linear<1>, MeanSquaredError>>("of signals",
                                                                                   sgd);
}

TEST_CASE("twin: edges and shuffles", "[twin]") {
  check_twin<Network<Input<2, 4, 3>, ZeroPad<0, 1, 2, 3>, Conv2d<17, Kernel<2>>, Tanh,
                     ReflectPad<1, 2, 3, 0>, Crop<1, 0, 2, 1>, Conv2d<12, Kernel<2>>, Tanh,
                     PixelShuffle<2>, Conv2d<6, Kernel<2>, Stride<2>>, ZeroPad<1>, BatchNorm<>,
                     Flatten, Linear<3>, CrossEntropy<>>>("of images", sgd);
  check_twin<
      Network<Input<3, 9>, ReflectPad<3, 2>, Conv1d<17, Kernel<2>>, Tanh, ZeroPad<1, 0>, MaxPool<2>,
              Crop<1>, Conv1d<6, Kernel<2>>, ReflectPad<1>, Flatten, Linear<1>, MeanSquaredError>>(
      "of signals", sgd);
}

}  // namespace test_twin_space_norms
