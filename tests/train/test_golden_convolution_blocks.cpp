#include "golden_images.hpp"

// Runs of 10 steps: convolutions with norms, in structures, and under the rules of weights.

namespace test_golden_convolution_blocks {

using namespace lamina;
using namespace lamina::testing;

namespace {

const Golden& runs() {
  static const Golden golden("runs_convolutions");
  return golden;
}

template <class... Items>
void follow(const std::string& network) {
  follow_images<Network<Items..., Linear<5>, CrossEntropy<>>>(runs(), network);
}

/// 3x3, with as many outputs as inputs.
template <int Channels, class... Attributes>
using Conv = Conv2d<Channels, Kernel<3>, Padding<1>, Attributes...>;

}  // namespace

TEST_CASE("10 steps of batch normalization over images follow PyTorch", "[training]") {
  follow<Input<2, 6, 8>, Conv<6>, BatchNorm<>, ReLU, MaxPool<2>, Conv<17>, BatchNorm<>, ReLU,
         GlobalAvgPool>("batch_norm");
}

TEST_CASE("10 steps of a convolution and batch normalization alone follow PyTorch", "[training]") {
  follow<Input<2, 5, 7>, Conv2d<4, Kernel<3>>, BatchNorm<>, Flatten>("bare_batch_norm");
}

TEST_CASE("10 steps of a residual of convolutions follow PyTorch", "[training]") {
  follow<Input<2, 5, 7>, Conv<6>, Tanh, Residual<Conv<6>, BatchNorm<>, ReLU, Conv<6>, BatchNorm<>>,
         ReLU, GlobalAvgPool>("residual");
}

TEST_CASE("10 steps of a residual that halves its images follow PyTorch", "[training]") {
  using Past = Shortcut<Conv2d<7, Kernel<1>, Stride<2>, NoBias>>;
  follow<Input<2, 5, 7>, Conv<4>, Tanh, Residual<Conv<7, Stride<2>>, Tanh, Conv<7>, Past>, Tanh,
         Flatten>("downsampling");
}

TEST_CASE("10 steps of branches over images follow PyTorch", "[training]") {
  using Block = Concat<Branch<Conv2d<3, Kernel<1>>, Tanh>, Branch<Conv<5>, Tanh>, Branch<>>;
  follow<Input<2, 5, 7>, Conv<4>, Tanh, Block, Conv2d<3, Kernel<3>>, Tanh, Flatten>("concat");
}

TEST_CASE("10 steps of convolutions with weight normalization follow PyTorch", "[training]") {
  using Net = Network<Input<2, 5, 7>, Conv<4, WeightNorm>, Tanh, Conv2d<5, Kernel<3>, WeightNorm>,
                      Tanh, Flatten, Linear<5>, CrossEntropy<>>;
  follow_images<Net>(runs(), "weight_norm");
  using Penalized =
      Network<Input<2, 5, 7>, Conv<4, WeightNorm>, Tanh, Conv2d<5, Kernel<3>, WeightNorm>, Tanh,
              Flatten, Linear<5>, CrossEntropy<>, L2<1e-1>>;
  follow_images<Penalized>(runs(), "weight_norm", "l2");
}

TEST_CASE("10 steps of convolutions with penalties follow PyTorch", "[training]") {
  using Net = Network<Input<2, 5, 7>, Conv<4, L2<1e-1>>, Tanh, Conv2d<5, Kernel<3>>, Tanh, Flatten,
                      Linear<5>, CrossEntropy<>, L2<1e-2>>;
  follow_images<Net>(runs(), "rules", "l2");
}

TEST_CASE("10 steps of convolutions whose kernels are bounded follow PyTorch", "[training]") {
  using Net = Network<Input<2, 5, 7>, Conv<4>, Tanh, Conv2d<5, Kernel<3>>, Tanh, Flatten, Linear<5>,
                      CrossEntropy<>, MaxNorm<0.8>>;
  follow_images<Net>(runs(), "rules", "max_norm");
}

}  // namespace test_golden_convolution_blocks
