#include "twin.hpp"

// Networks whose first stages train with samples in the lanes against the textbook in double:
// lines that are no multiple of a tile, padding, chains that read their input or their output,
// pools of every kind, more channels than a tile has rows, and what stands behind.

namespace test_twin_fronts {

using namespace lamina;
using namespace lamina::testing;

namespace {

const Sgd sgd{.learning_rate = 0.05f};

/// The same, of a network whose front has so many stages.
template <class Net, int Stages>
void check_front(const char* name) {
  static_assert(runtime::front<Net>.count == Stages);
  check_twin<Net>(name, sgd);
}

}  // namespace

TEST_CASE("twin: fronts of images", "[twin]") {
  check_front<
      Network<Input<1, 13, 14>, Conv2d<6, Kernel<3>>, ReLU, MaxPool<2>, Conv2d<13, Kernel<2>>, ReLU,
              MaxPool<2>, Flatten, Linear<17>, ReLU, Linear<3>, CrossEntropy<>>,
      5>("as LeNet");
  check_front<Network<Input<3, 7, 5>, Conv2d<7, Kernel<3>, Padding<1>>, GELU,
                      Conv2d<5, Kernel<5, 3>, Same>, Tanh, Conv2d<16, Kernel<2>, NoBias>, Flatten,
                      Linear<3>, BatchNorm<>, Dropout<0.2>, Linear<1>, MeanSquaredError>,
              4>("padded, with norm and dropout behind");
  check_front<
      Network<Input<2, 1, 4>, Conv2d<3, Kernel<3, 4>, Padding<2>>, SiLU, Flatten, CrossEntropy<>>,
      2>("of one line, wider than the image");
}

TEST_CASE("twin: fronts with pools", "[twin]") {
  check_front<
      Network<Input<1, 9, 11>, Conv2d<4, Kernel<2>>, MaxPool<3, Stride<2>, Padding<1>>, Tanh,
              MaxPool<2, Stride<1>>, Conv2d<8, Kernel<2>, Padding<1>>, GELU, MaxPool<2>, Flatten,
              Linear<12>, Residual<Linear<12>>, Linear<3>, CrossEntropy<>>,
      6>("that overlap, are padded, leave out the rest");
}

TEST_CASE("twin: fronts that resample", "[twin]") {
  check_front<Network<Input<2, 6, 7>, Conv2d<5, Kernel<3>>, Tanh, AvgPool<2>, Upsample<3, Bilinear>,
                      Conv2d<3, Kernel<2>, Padding<1>>, AvgPool<3, Stride<2>, Padding<1>>, GELU,
                      Flatten, Dropout<0.2>, Linear<1>, MeanSquaredError>,
              6>("means and between positions");
}

TEST_CASE("twin: fronts behind Standardize", "[twin]") {
  check_front<Network<Input<2, 5, 6>, Standardize, Conv2d<5, Kernel<3>, Padding<1>>, Tanh, Flatten,
                      Linear<3>, CrossEntropy<>>,
              3>("of padded images");
}

TEST_CASE("twin: fronts of signals", "[twin]") {
  check_front<
      Network<Input<2, 19>, Conv1d<5, Kernel<4>>, Tanh, MaxPool<2>, Conv1d<9, Kernel<3>, Causal>,
              ReLU, MaxPool<3>, Flatten, Linear<1>, MeanSquaredError, L2<0.01>>,
      5>("with a penalty");
}

}  // namespace test_twin_fronts
