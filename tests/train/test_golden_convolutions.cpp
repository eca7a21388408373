#include "golden_images.hpp"

// Runs of 10 steps: convolutions. Where a network has two of a kind, the second one also needs its
// gradient by inputs.

namespace test_golden_convolutions {

using namespace lamina;
using namespace lamina::testing;

namespace {

const Golden& runs() {
  static const Golden golden("runs_convolutions");
  return golden;
}

/// Images or signals, the items, and the classes of their values in the order of PyTorch's Flatten.
template <class... Items>
using Flat = Network<Items..., Flatten, Linear<5>, CrossEntropy<>>;

template <class... Items>
void follow(const std::string& network) {
  follow_images<Flat<Items...>>(runs(), network);
}

}  // namespace

TEST_CASE("10 steps of a padded convolution follow PyTorch", "[training]") {
  follow<Input<1, 5, 7>, Conv2d<4, Kernel<3>, Padding<1>>, Tanh>("padded");
}

TEST_CASE("10 steps of convolutions without padding follow PyTorch", "[training]") {
  follow<Input<2, 9, 11>, Conv2d<3, Kernel<5>>, Tanh, Conv2d<4, Kernel<5>>, Tanh>("unpadded");
}

TEST_CASE("10 steps of convolutions of 17 and 33 channels follow PyTorch", "[training]") {
  using Net =
      Network<Input<2, 5, 7>, Conv2d<17, Kernel<3>, Padding<1>>, Tanh,
              Conv2d<33, Kernel<3>, Padding<1>>, Tanh, GlobalAvgPool, Linear<5>, CrossEntropy<>>;
  follow_images<Net>(runs(), "wide");
}

TEST_CASE("10 steps of uneven kernels, strides and paddings follow PyTorch", "[training]") {
  follow<Input<2, 7, 9>, Conv2d<4, Kernel<2, 3>, Stride<2, 1>, Padding<1, 0>>, Tanh,
         Conv2d<3, Kernel<2, 3>, Stride<2, 1>, Padding<1, 0>>, Tanh>("uneven");
}

TEST_CASE("10 steps of strided convolutions follow PyTorch", "[training]") {
  using Net = Flat<Input<2, 9, 11>, Conv2d<4, Kernel<3>, Stride<2>, Padding<1>>, Tanh,
                   Conv2d<5, Kernel<3>, Stride<2>, Padding<1>>, Tanh>;
  follow_images<Net>(runs(), "strided");
  follow_images<Net>(runs(), "strided", "adam", Adam{.learning_rate = 0.01f});
}

TEST_CASE("10 steps of a convolution that leaves lines and columns unread follow PyTorch",
          "[training]") {
  follow<Input<2, 5, 8>, Conv2d<4, Kernel<3>, Padding<1>>, Tanh, Conv2d<5, Kernel<2>, Stride<3>>,
         Tanh>("gaps");
}

TEST_CASE("10 steps of dilated convolutions follow PyTorch", "[training]") {
  follow<Input<2, 7, 9>, Conv2d<3, Kernel<3>, Dilation<2>, Padding<2>>, Tanh,
         Conv2d<4, Kernel<3>, Dilation<2, 3>>, Tanh>("dilated");
}

TEST_CASE("10 steps of 1x1 convolutions follow PyTorch", "[training]") {
  follow<Input<3, 5, 7>, Conv2d<6, Kernel<1>>, Tanh, Conv2d<4, Kernel<1>, Stride<2>, NoBias>, Tanh>(
      "pointwise");
}

TEST_CASE("10 steps of convolutions with as many outputs as inputs follow PyTorch", "[training]") {
  follow<Input<2, 5, 7>, Conv2d<3, Kernel<3>, Same, NoBias>, Tanh, Conv2d<4, Same, Kernel<4, 2>>,
         Tanh>("same");
}

TEST_CASE("10 steps of causal convolutions follow PyTorch", "[training]") {
  follow<Input<3, 17>, Conv1d<5, Kernel<3>, Causal>, Tanh,
         Conv1d<4, Kernel<2>, Dilation<3>, Causal>, Tanh>("causal");
}

TEST_CASE("10 steps of strided convolutions of signals follow PyTorch", "[training]") {
  follow<Input<3, 17>, Conv1d<4, Kernel<5>, Stride<2>, Padding<2>>, Tanh,
         Conv1d<5, Kernel<3>, Stride<2>>, Tanh>("strided_signal");
}

}  // namespace test_golden_convolutions
