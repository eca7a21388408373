#include "golden_images.hpp"

// Runs of 10 steps: what changes the size of images.

namespace test_golden_resized {

using namespace lamina;
using namespace lamina::testing;

namespace {

template <class... Items>
void follow(const std::string& network) {
  static const Golden golden("runs_space");
  follow_images<Network<Items..., Linear<5>, CrossEntropy<>>>(golden, network);
}

/// 3x3, with as many outputs as inputs.
template <int Channels, class... Attributes>
using Conv = Conv2d<Channels, Kernel<3>, Padding<1>, Attributes...>;

/// Images of another size between two convolutions.
template <class Images, class... Resized>
void follow_resized(const std::string& network) {
  follow<Images, Conv<4>, Tanh, Resized..., Conv2d<3, Kernel<3>>, Tanh, Flatten>(network);
}

}  // namespace

TEST_CASE("10 steps of upsampled images follow PyTorch", "[training]") {
  follow_resized<Input<2, 3, 4>, Upsample<2>>("nearest");
  follow_resized<Input<2, 3, 4>, Upsample<2, Bilinear>>("bilinear");
  follow_resized<Input<2, 3, 2>, Upsample<3, Bilinear>>("bilinear_by_three");
}

TEST_CASE("10 steps of shuffled pixels follow PyTorch", "[training]") {
  follow<Input<2, 3, 4>, Conv<12>, PixelShuffle<2>, Tanh, Conv2d<4, Kernel<3>>, Tanh, Flatten>(
      "pixel_shuffle");
}

TEST_CASE("10 steps of cropped and padded images follow PyTorch", "[training]") {
  // 1 line at the top, none at the bottom, 2 columns at the left, 1 at the right.
  follow_resized<Input<2, 5, 7>, Crop<1, 0, 2, 1>>("cropped");
  follow_resized<Input<2, 4, 5>, ZeroPad<1, 0, 2, 1>>("zero_padded");
  follow_resized<Input<2, 4, 5>, ReflectPad<1, 0, 2, 1>>("reflected");
}

TEST_CASE("10 steps of an adaptive pool follow PyTorch", "[training]") {
  follow<Input<2, 5, 7>, Conv<4>, Tanh, AdaptiveAvgPool<3, 4>, Conv2d<3, Kernel<2>>, Tanh, Flatten>(
      "adaptive");
}

TEST_CASE("10 steps of the largest of all positions follow PyTorch", "[training]") {
  follow<Input<2, 5, 7>, Conv<4>, Tanh, Conv2d<17, Kernel<3>>, GlobalMaxPool>("global_max");
}

}  // namespace test_golden_resized
