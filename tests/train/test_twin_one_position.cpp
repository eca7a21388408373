#include "twin.hpp"

// Images of one position, and features that become images: what stands between positions runs as
// they do.

namespace test_twin_one_position {

using namespace lamina;
using namespace lamina::testing;

namespace {

const Sgd sgd{.learning_rate = 0.05f};

/// An operation of a user's own: features (c height + y) width + x to an image.
template <int Channels, int Height, int Width>
struct Unflatten {
  static constexpr Role role = Role::Spatial;
  static constexpr TextBuffer name() { return item_name("Unflatten", Channels, Height, Width); }
  static constexpr Shape output(Shape) { return {Channels, Height, Width, 2}; }
  static constexpr SpatialOperation spatial(Shape) {
    return {.operation = Operation::Permute, .place = &place};
  }
  static constexpr Place place(const Shape&, Place from) {
    return {from.channel / (Height * Width), from.channel % (Height * Width)};
  }
};

}  // namespace

TEST_CASE("twin: one position between convolutions and pools", "[twin]") {
  check_twin<Network<Input<3, 3, 3>, Conv2d<17, Kernel<3>>, Tanh, BatchNorm<>,
                     Conv2d<6, Kernel<3>, Same>, Concat<Branch<>, Branch<Tanh>>, GroupNorm<2>,
                     Upsample<3>, Conv2d<4, Kernel<2>>, Flatten, Linear<3>, CrossEntropy<>>>(
      "norms, branches and upsampling", sgd);
  check_twin<Network<Input<20, 1, 1>, Residual<Conv2d<20, Kernel<1>>>, Tanh, LayerNorm<>,
                     PixelShuffle<2>, MaxPool<2>, ZeroPad<1>, Conv2d<5, Kernel<3>>, GlobalAvgPool,
                     Linear<3>, CrossEntropy<>>>("shuffles, pools and pads", sgd);
}

TEST_CASE("twin: features become images", "[twin]") {
  check_twin<Network<Input<5>, Linear<24>, BatchNorm<>, ReLU, Unflatten<4, 2, 3>,
                     Conv2d<6, Kernel<3>, Same>, Tanh, Upsample<2>, Conv2d<2, Kernel<1>>,
                     MeanSquaredError>>("behind a layer and a norm", sgd);
  check_twin<Network<Input<6>, Linear<18>, LayerNorm<>, Dropout<0.2>,
                     Concat<Branch<Unflatten<2, 3, 3>, Conv2d<3, Kernel<2>>, Flatten>, Branch<>>,
                     Linear<3>, CrossEntropy<>>>("beside features", sgd);
}

}  // namespace test_twin_one_position
