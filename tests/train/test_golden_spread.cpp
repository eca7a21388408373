#include "golden_images.hpp"

// Runs of 10 steps: convolutions in groups, and transposed ones.

namespace test_golden_spread {

using namespace lamina;
using namespace lamina::testing;

namespace {

template <class... Items>
void follow(const std::string& network) {
  static const Golden golden("runs_space");
  follow_images<Network<Items..., Flatten, Linear<5>, CrossEntropy<>>>(golden, network);
}

/// 3x3, with as many outputs as inputs.
template <int Channels, class... Attributes>
using Conv = Conv2d<Channels, Kernel<3>, Padding<1>, Attributes...>;

}  // namespace

TEST_CASE("10 steps of convolutions in groups follow PyTorch", "[training]") {
  follow<Input<4, 5, 7>, Conv<6, Groups<2>>, Tanh, Conv2d<9, Kernel<3>, Groups<3>>, Tanh>(
      "grouped");
}

TEST_CASE("10 steps of depthwise convolutions follow PyTorch", "[training]") {
  follow<Input<3, 5, 7>, Conv<17, NoBias>, Tanh, Conv<17, Depthwise>, Tanh,
         Conv2d<34, Kernel<3>, Stride<2>, Groups<17>>, Tanh>("depthwise");
}

TEST_CASE("10 steps of transposed convolutions follow PyTorch", "[training]") {
  follow<Input<3, 2, 3>, ConvTranspose2d<4, Kernel<2>, Stride<2>>, Tanh,
         ConvTranspose2d<3, Kernel<3>, Stride<2>, Padding<1>, OutputPadding<1>>, Tanh>(
      "transposed");
}

TEST_CASE("10 steps of uneven transposed convolutions follow PyTorch", "[training]") {
  follow<Input<3, 2, 3>, ConvTranspose2d<4, Kernel<2, 3>, Stride<3, 2>, Padding<0, 1>>, Tanh,
         ConvTranspose2d<3, Kernel<3>, NoBias>, Tanh>("transposed_uneven");
}

TEST_CASE("10 steps of transposed convolutions of magnitude and direction follow PyTorch",
          "[training]") {
  follow<Input<3, 2, 3>, ConvTranspose2d<4, Kernel<3>, Stride<2>, WeightNorm>, Tanh,
         ConvTranspose2d<2, Kernel<2>, WeightNorm>, Tanh>("transposed_normed");
}

}  // namespace test_golden_spread
