#include "twin.hpp"

// Convolutions against the textbook in double: images and signals of odd sizes, channels that fill
// registers and panels and that do not, every kernel, stride, dilation and padding.

namespace test_twin_convolutions {

using namespace lamina;
using namespace lamina::testing;

namespace {

// A weight's gradient is a sum over all positions of all samples.
const Sgd sgd{.learning_rate = 0.05f};

}  // namespace

TEST_CASE("twin: convolutions alone", "[twin]") {
  check_twin<Network<Input<1, 7, 9>, Conv2d<6, Kernel<3>>, Flatten, CrossEntropy<>>>("3 x 3", sgd);
  check_twin<
      Network<Input<3, 1, 5>, Conv2d<17, Kernel<1, 3>, Same>, Tanh, Conv2d<1, Kernel<1, 2>, Same>,
              Tanh, Conv2d<65, Kernel<1, 4>, Same>, Flatten, Linear<1>, MeanSquaredError>>(
      "of one line, Same with even kernels", sgd);
  check_twin<Network<Input<6, 5, 4>, Conv2d<33, Kernel<1>>, GELU, Conv2d<15, Kernel<5, 2>, NoBias>,
                     Tanh, Flatten, Linear<3>, CrossEntropy<>>>("1 x 1; all lines at once", sgd);
}

TEST_CASE("twin: strided convolutions", "[twin]") {
  check_twin<Network<Input<3, 7, 9>, Conv2d<16, Kernel<3>, Stride<2>, Padding<1>>, Tanh,
                     Conv2d<17, Kernel<2>, Stride<2, 1>, Padding<1, 0>>, Tanh,
                     Conv2d<33, Kernel<2, 3>, Stride<1, 3>>, Flatten, CrossEntropy<>>>(
      "2, (2, 1), (1, 3)", sgd);
  check_twin<Network<Input<1, 13, 11>, Conv2d<5, Kernel<1>>, Tanh, Conv2d<17, Kernel<2>, Stride<3>>,
                     Tanh, Conv2d<3, Kernel<1>, Stride<2>>, Flatten, MeanSquaredError>>(
      "past positions that no tap reads", sgd);
  check_twin<Network<Input<2, 13, 11>, Conv2d<6, Kernel<3>>, Tanh,
                     Conv2d<16, Kernel<5, 4>, Stride<3, 2>, Padding<2, 1>>, Tanh,
                     Conv2d<7, Kernel<3>, Stride<2>, Padding<3>>, Flatten, CrossEntropy<>>>(
      "of larger kernels, padded", sgd);
  check_twin<
      Network<Input<2, 3, 3>, Conv2d<17, Kernel<3>, Padding<4>, Stride<5>>, Tanh,
              Conv2d<3, Kernel<2>, Stride<4>, Dilation<3>, Padding<3>>, Flatten, CrossEntropy<>>>(
      "of windows that see nothing but padding", sgd);
}

TEST_CASE("twin: dilated convolutions", "[twin]") {
  check_twin<Network<Input<3, 7, 9>, Conv2d<15, Kernel<2>>, Tanh,
                     Conv2d<17, Kernel<3>, Dilation<2>, Padding<1>>, Tanh,
                     Conv2d<6, Kernel<2, 3>, Dilation<3, 2>, Same>, Flatten, CrossEntropy<>>>(
      "2, (3, 2)", sgd);
  check_twin<Network<Input<1, 13, 11>, Conv2d<17, Kernel<3>>, Tanh,
                     Conv2d<3, Kernel<3>, Dilation<2>, Stride<2>, Padding<2>>, Tanh,
                     Conv2d<16, Kernel<3, 2>, Dilation<2, 3>, Stride<3, 2>, Padding<3>>, Flatten,
                     MeanSquaredError>>("and strided", sgd);
  check_twin<Network<Input<2, 5, 6>, Conv2d<9, Kernel<2>>,
                     Conv2d<17, Kernel<3>, Dilation<2>, Stride<4>, Padding<4>>,
                     Conv2d<3, Kernel<4>, Dilation<3, 2>, Stride<2, 3>, Padding<6>>, Flatten,
                     CrossEntropy<>>>("with common divisors and without", sgd);
}

TEST_CASE("twin: convolutions over signals", "[twin]") {
  check_twin<Network<
      Input<3, 13>, Conv1d<17, Kernel<3>, Causal>, Tanh, Conv1d<16, Kernel<2>, Causal, Dilation<2>>,
      Tanh, Conv1d<33, Kernel<3>, Causal, Dilation<4>>, Flatten, Linear<3>, CrossEntropy<>>>(
      "causal", sgd);
  check_twin<Network<Input<1, 31>, Conv1d<6, Kernel<5>, Stride<2>, Padding<2>>, BatchNorm<>, ReLU,
                     Conv1d<65, Kernel<4>, Same>, Tanh, Conv1d<15, Kernel<2>, Stride<3>>, ReLU,
                     Flatten, Linear<1>, MeanSquaredError>>("strided", sgd);
}

TEST_CASE("twin: batch normalization over positions", "[twin]") {
  check_twin<
      Network<Input<1, 9, 8>, Conv2d<6, Kernel<3>, Padding<1>>, BatchNorm<>, ReLU, MaxPool<2>,
              Conv2d<17, Kernel<3>>, BatchNorm<>, ReLU, Flatten, Linear<3>, CrossEntropy<>>>(
      "behind convolutions", sgd);
}

}  // namespace test_twin_convolutions
