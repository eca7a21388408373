#include "twin.hpp"

// Residuals, branches and repetitions of convolutions against the textbook in double; and what acts
// on their weights.

namespace test_twin_space_structures {

using namespace lamina;
using namespace lamina::testing;

namespace {

const Sgd sgd{.learning_rate = 0.05f};

}  // namespace

TEST_CASE("twin: residuals of convolutions", "[twin]") {
  check_twin<Network<Input<3, 5, 7>, Conv2d<17, Kernel<3>, Same>, BatchNorm<>, ReLU,
                     Residual<Conv2d<17, Kernel<3>, Same>, BatchNorm<>, ReLU,
                              Conv2d<17, Kernel<3>, Same>, BatchNorm<>>,
                     ReLU, GlobalAvgPool, Linear<3>, CrossEntropy<>>>("with norms", sgd);
  check_twin<Network<Input<1, 7, 5>, Conv2d<6, Kernel<2>>, Tanh,
                     Residual<Conv2d<33, Kernel<3>, Stride<2>, Padding<1>>, BatchNorm<>, ReLU,
                              Conv2d<33, Kernel<3>, Padding<1>>,
                              Shortcut<Conv2d<33, Kernel<1>, Stride<2>, NoBias>, BatchNorm<>>>,
                     ReLU, Residual<MaxPool<3, Stride<1>, Padding<1>>, Dropout<0.2>>, Flatten,
                     Linear<3>, CrossEntropy<>>>("with a strided shortcut; of a pool", sgd);
  check_twin<Network<Input<3, 6, 3>, Residual<Conv2d<3, Kernel<3>, Same>, Tanh>,
                     Residual<Tanh, Shortcut<Conv2d<3, Kernel<1>>>>, Residual<BatchNorm<>, ReLU>,
                     AvgPool<2>, Residual<Conv2d<3, Kernel<1>>>, Flatten, MeanSquaredError>>(
      "of the input; of elementwise items and norms", sgd);
  check_twin<Network<
      Input<5, 11>, Conv1d<16, Kernel<2>>,
      Repeat<2, Residual<Conv1d<16, Kernel<3>, Causal, Dilation<2>>, Tanh, Conv1d<16, Kernel<1>>>>,
      Repeat<2, Conv1d<16, Kernel<2>, Stride<2>>, ReLU>, Flatten, Linear<3>, CrossEntropy<>>>(
      "and repetitions over signals", sgd);
}

TEST_CASE("twin: branches of convolutions", "[twin]") {
  check_twin<Network<Input<3, 5, 7>, Conv2d<15, Kernel<2>>, ReLU,
                     Concat<Branch<Conv2d<17, Kernel<1>>, ReLU>, Branch<>,
                            Branch<Conv2d<6, Kernel<3>, Same>, BatchNorm<>, Tanh>,
                            Branch<MaxPool<3, Stride<1>, Padding<1>>>>,
                     Conv2d<16, Kernel<2>, Stride<2>>, Tanh, Flatten, Linear<3>, CrossEntropy<>>>(
      "before a convolution", sgd);
  check_twin<Network<
      Input<2, 6, 5>, Concat<Branch<Conv2d<33, Kernel<3>, Same>>, Branch<>, Branch<GELU>>,
      MaxPool<2>,
      Concat<Branch<>, Branch<Conv2d<3, Kernel<2, 1>, Same>, BatchNorm<>, ReLU>, Branch<Tanh>>,
      AvgPool<2, Stride<1>>, Concat<Branch<Conv2d<17, Kernel<1>>>, Branch<>>, Flatten, Linear<3>,
      CrossEntropy<>>>("before pools and Flatten", sgd);
  check_twin<Network<
      Input<3, 4, 5>, Conv2d<17, Kernel<2>>,
      Concat<Branch<Conv2d<16, Kernel<3>, Stride<2>>>,
             Branch<Tanh, Conv2d<6, Kernel<3>, Stride<2>>>, Branch<MaxPool<3, Stride<2>>>>,
      BatchNorm<>, ReLU, Concat<Branch<Flatten, Linear<7>>, Branch<GlobalMaxPool>, Branch<Flatten>>,
      Linear<1>, MeanSquaredError>>("before norms; flat ones; read by several", sgd);
  check_twin<
      Network<Input<2, 9>, Repeat<2, Concat<Branch<>, Branch<Conv1d<7, Kernel<3>, Same>, ReLU>>>,
              GlobalAvgPool, Residual<Concat<Branch<Linear<9>>, Branch<Linear<7>>>>, Linear<1>,
              MeanSquaredError>>("dense, over signals", sgd);
  check_twin<Network<Input<3, 4, 3>, Conv2d<17, Kernel<2>>, Tanh, BatchNorm<>,
                     Concat<Branch<>, Branch<Conv2d<6, Kernel<2>, Same>>>, BatchNorm<>,
                     Conv2d<16, Kernel<2>, Padding<1>>, Residual<Conv2d<16, Kernel<1>>>,
                     GlobalAvgPool, CrossEntropy<>>>("norms before several readers", sgd);
  check_twin<
      Network<Input<17, 3, 3>, Concat<Branch<>, Branch<AvgPool<3, Stride<1>, Padding<1>>>>,
              Residual<Conv2d<34, Kernel<1>>>,
              Concat<Branch<Flatten>, Branch<GlobalAvgPool>, Branch<Conv2d<2, Kernel<3>>, Flatten>>,
              Linear<3>, CrossEntropy<>>>("of the input, added to; of flat features", sgd);
}

TEST_CASE("twin: networks that end with images and signals", "[twin]") {
  check_twin<Network<Input<2, 4, 3>, Conv2d<17, Kernel<3>, Same>, BatchNorm<>, ReLU,
                     Conv2d<12, Kernel<2>, Same>, PixelShuffle<2>, Tanh, MeanSquaredError>>(
      "images", sgd);
  check_twin<
      Network<Input<2, 7>, Conv1d<6, Kernel<3>, Causal>, Residual<Conv1d<6, Kernel<1>>, Tanh>,
              Concat<Branch<>, Branch<Conv1d<17, Kernel<2>, Same>>>, BinaryCrossEntropy<>>>(
      "signals", sgd);
}

TEST_CASE("twin: penalties, decay and Adam on convolutions", "[twin]") {
  check_twin<Network<Input<1, 7, 7>, Conv2d<17, Kernel<3>, L2<0.05>>, ReLU, MaxPool<2>,
                     Conv2d<6, Kernel<2>>, ReLU, Flatten, Linear<3>, CrossEntropy<>, L1<0.01>>>(
      "penalties", sgd);
  check_twin<Network<Input<3, 5, 7>, Conv2d<33, Kernel<3>>, BatchNorm<>, ReLU, MaxPool<2>,
                     Conv2d<65, Kernel<1>>, Tanh, Flatten, Linear<3>, CrossEntropy<>, L2<0.01>>>(
      "Adam", Adam{.learning_rate = 0.01f, .epsilon = 1e-3f});
}

}  // namespace test_twin_space_structures
