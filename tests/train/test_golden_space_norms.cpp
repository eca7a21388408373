#include "golden_images.hpp"

// Runs of 10 steps: normalizations over space and over the channels of a position.

namespace test_golden_space_norms {

using namespace lamina;
using namespace lamina::testing;

namespace {

const Golden& runs() {
  static const Golden golden("runs_space");
  return golden;
}

/// The norm behind two convolutions.
template <class Norm, class... Attributes>
void follow_normed(const std::string& network) {
  using Net =
      Network<Input<2, 5, 7>, Conv2d<6, Kernel<3>, Padding<1>, Attributes...>, Norm, Tanh,
              Conv2d<18, Kernel<3>, Attributes...>, Norm, ReLU, Flatten, Linear<5>, CrossEntropy<>>;
  follow_images<Net>(runs(), network);
}

}  // namespace

TEST_CASE("10 steps of instance normalization follow PyTorch", "[training]") {
  follow_normed<InstanceNorm<>, NoBias>("instance_norm");
}

TEST_CASE("10 steps of group normalization over images follow PyTorch", "[training]") {
  follow_normed<GroupNorm<2>>("group_norm_2");
  follow_normed<GroupNorm<3>>("group_norm_3");
}

TEST_CASE("10 steps of layer normalization over images follow PyTorch", "[training]") {
  follow_normed<LayerNorm<>>("layer_norm");  // GroupNorm(1, channels)
}

TEST_CASE("10 steps of layer normalization of each position follow PyTorch", "[training]") {
  follow_normed<LayerNorm<PerPosition>>("per_position");
}

TEST_CASE("10 steps of a block over signals follow PyTorch", "[training]") {
  using Net = Network<Input<3, 17>, Conv1d<6, Kernel<3>>, BatchNorm<>, ReLU,
                      Residual<Conv1d<6, Kernel<3>, Dilation<2>, Causal>, Tanh>, GlobalMaxPool,
                      Linear<5>, CrossEntropy<>>;
  follow_images<Net>(runs(), "signal_block");
}

}  // namespace test_golden_space_norms
