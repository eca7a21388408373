#include "twin.hpp"

// Convolutions in groups and transposed ones against the textbook in double, over odd sizes, and
// channels that are dropped as a whole.

namespace test_twin_spread {

using namespace lamina;
using namespace lamina::testing;

namespace {

// A weight's gradient is a sum over all positions of all samples.
const Sgd sgd{.learning_rate = 0.05f};

}  // namespace

TEST_CASE("twin: convolutions in groups", "[twin]") {
  check_twin<Network<Input<6, 7, 5>, Conv2d<65, Kernel<3>, Padding<1>>, Tanh,
                     Conv2d<65, Kernel<3, 2>, Depthwise, Same>, Tanh,
                     Conv2d<130, Kernel<3>, Groups<13>, Stride<2>, NoBias>, Tanh,
                     Conv2d<26, Kernel<2>, Groups<26>>, Flatten, CrossEntropy<>>>(
      "of 1, 5 and 10 channels, over panels", sgd);
  check_twin<Network<Input<4, 9, 11>, Conv2d<12, Kernel<2>, Groups<4>, Dilation<2>, Padding<1>>,
                     Tanh, Conv2d<6, Kernel<3, 2>, Groups<2>, Dilation<2, 3>, Stride<3, 2>>,
                     Flatten, CrossEntropy<>>>("dilated and strided", sgd);
  check_twin<
      Network<Input<6, 13>, Conv1d<18, Kernel<4>, Depthwise, Causal>, BatchNorm<>, ReLU,
              Conv1d<9, Kernel<3>, Groups<3>, Dilation<2>, Causal>, Flatten, CrossEntropy<>>>(
      "of signals", sgd);
}

TEST_CASE("twin: convolutions in groups over the outputs of several layers", "[twin]") {
  check_twin<Network<
      Input<3, 5, 4>,
      Concat<Branch<Conv2d<5, Kernel<1>>, Tanh>, Branch<Conv2d<17, Kernel<3>, Padding<1>>, ReLU>>,
      Conv2d<33, Kernel<3>, Groups<11>>, Tanh, Flatten, Linear<2>, CrossEntropy<>>>("", sgd);
}

TEST_CASE("twin: transposed convolutions", "[twin]") {
  check_twin<Network<Input<3, 2, 3>, ConvTranspose2d<17, Kernel<3>, Stride<2>, Padding<1>>, Tanh,
                     ConvTranspose2d<66, Kernel<1, 3>, Stride<1, 2>, OutputPadding<0, 1>>,
                     BatchNorm<>, ReLU, Conv2d<2, Kernel<2>>, Flatten, CrossEntropy<>>>(
      "over panels", sgd);
  check_twin<Network<Input<2, 3, 4>, Conv2d<5, Kernel<1>>,
                     ConvTranspose2d<4, Kernel<2>, Stride<5, 3>, Padding<1, 0>>, Tanh,
                     ConvTranspose2d<3, Kernel<3, 2>, Dilation<2, 3>, OutputPadding<1, 2>>, Tanh,
                     ConvTranspose2d<1, Kernel<3>, Stride<3>, Dilation<2>, Padding<6>>, Flatten,
                     MeanSquaredError>>("that leave gaps, dilated, cut", sgd);
  check_twin<Network<Input<4, 5>, ConvTranspose1d<6, Kernel<4>, Stride<2>, Padding<1>, Groups<2>>,
                     Tanh, ConvTranspose1d<33, Kernel<3>, Stride<2>, Groups<3>, OutputPadding<1>>,
                     ReLU, Flatten, Linear<2>, CrossEntropy<>>>("of signals, in groups", sgd);
}

TEST_CASE("twin: transposed convolutions over the outputs of several layers", "[twin]") {
  check_twin<Network<Input<2, 3, 3>,
                     Concat<Branch<Conv2d<5, Kernel<1>>, Tanh>,
                            Branch<Conv2d<18, Kernel<3>, Padding<1>>, ReLU>, Branch<>>,
                     Residual<Conv2d<25, Kernel<3>, Same, Depthwise>, Tanh>,
                     ConvTranspose2d<15, Kernel<7>, Stride<6>, Groups<5>>,
                     Conv2d<2, Kernel<5>, Stride<4>>, MeanSquaredError>>("in groups, far apart",
                                                                         sgd);
}

TEST_CASE("twin: channels dropped as a whole", "[twin]") {
  check_twin<Network<Input<2, 5, 3>, Conv2d<17, Kernel<2>>, ReLU, SpatialDropout<0.4>,
                     Conv2d<5, Kernel<2>>, Tanh, SpatialDropout<0.3>, Dropout<0.2>, Flatten,
                     Linear<3>, CrossEntropy<>>>("images", sgd);
  check_twin<Network<Input<3, 1>, Conv1d<20, Kernel<1>>, BatchNorm<>, SpatialDropout<0.5>, ReLU,
                     Flatten, CrossEntropy<>>>("of one position", sgd);
}

}  // namespace test_twin_spread
