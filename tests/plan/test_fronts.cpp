#include <lamina/lamina.hpp>

// Which stages of a network train with samples in the lanes.

namespace test_fronts {

using namespace lamina;

namespace {

template <class... Items>
constexpr int front = runtime::front<Network<Items..., CrossEntropy<>>>.count;

using Small = Conv2d<6, Kernel<3>>;

// Convolutions and pools up to the Flatten, and the Standardize before them.
static_assert(
    front<Input<1, 12, 12>, Small, ReLU, MaxPool<2>, Conv2d<16, Kernel<2>>, Flatten, Linear<3>> ==
    4);
static_assert(front<Input<1, 12, 12>, Small, Tanh, AvgPool<2>, Upsample<3>, Flatten, Linear<3>> ==
              4);
static_assert(front<Input<1, 12, 12>, Standardize, Small, ReLU, Flatten, Linear<3>> == 3);
static_assert(front<Input<2, 30>, Conv1d<4, Kernel<3>>, Tanh, Flatten, BatchNorm<>, Linear<3>> ==
              2);

// No lanes would be empty; lines are too short for a tile; values leave the cache.
static_assert(front<Input<1, 12, 12>, Conv2d<16, Kernel<3>>, ReLU, Flatten, Linear<3>> == 0);
static_assert(front<Input<1, 12, 12>, Small, Conv2d<32, Kernel<3>>, Flatten, Linear<3>> == 0);
static_assert(front<Input<1, 12, 5>, Small, ReLU, Flatten, Linear<3>> == 0);
static_assert(front<Input<1, 64, 64>, Small, ReLU, Flatten, Linear<3>> == 0);

// Found without a look at every value: clang counts the steps of a constant.
static_assert(front<Input<1, 500, 500>, Small, ReLU, Flatten, Linear<3>> == 0);

// What looks across the batch or draws, strides and dilations, branches, and what does not end in
// flat features.
static_assert(front<Input<1, 12, 12>, Small, BatchNorm<>, Flatten, Linear<3>> == 0);
static_assert(front<Input<1, 12, 12>, Small, Dropout<0.1>, Flatten, Linear<3>> == 0);
static_assert(front<Input<1, 12, 12>, Conv2d<6, Kernel<3>, Stride<2>>, Flatten, Linear<3>> == 0);
static_assert(front<Input<1, 12, 12>, Conv2d<6, Kernel<3>, Dilation<2>>, Flatten, Linear<3>> == 0);
static_assert(front<Input<2, 12, 12>, Conv2d<6, Kernel<3>, Groups<2>>, Flatten, Linear<3>> == 0);
static_assert(front<Input<6, 12, 12>, Residual<Conv2d<6, Kernel<3>, Same>>, Flatten, Linear<3>> ==
              0);
static_assert(front<Input<1, 12, 12>, Small, GlobalMaxPool, Linear<3>> == 0);
static_assert(front<Input<12>, Linear<3>> == 0);

}  // namespace

}  // namespace test_fronts
