#include "golden_images.hpp"

// Runs of 10 steps: pools, most of them behind a convolution, and the order of Flatten. In none of
// them is the largest value of a window nearer than 1e-5 to the second.

namespace test_golden_pools {

using namespace lamina;
using namespace lamina::testing;

namespace {

template <class... Items>
void follow(const std::string& network) {
  static const Golden golden("runs_convolutions");
  follow_images<Network<Items..., Linear<5>, CrossEntropy<>>>(golden, network);
}

}  // namespace

TEST_CASE("10 steps of flattened images follow PyTorch", "[training]") {
  follow<Input<3, 4, 5>, Flatten, Linear<8>, Tanh>("flattened");
}

TEST_CASE("10 steps of max pools follow PyTorch", "[training]") {
  follow<Input<2, 8, 10>, Conv2d<4, Kernel<3>, Padding<1>>, MaxPool<2>, Tanh, Conv2d<5, Kernel<2>>,
         MaxPool<2>, Flatten>("max_pool");
}

TEST_CASE("10 steps of max pools whose windows overlap follow PyTorch", "[training]") {
  follow<Input<2, 9, 11>, Conv2d<4, Kernel<3>, Padding<1>>, MaxPool<3, Stride<2>, Padding<1>>, Tanh,
         Conv2d<5, Kernel<3>, Padding<1>>, MaxPool<3, Stride<1>>, Flatten>("overlapping");
}

TEST_CASE("10 steps of average pools follow PyTorch", "[training]") {
  follow<Input<2, 5, 7>, Conv2d<4, Kernel<3>, Padding<1>>, Tanh, AvgPool<3, Stride<2>, Padding<1>>,
         Conv2d<5, Kernel<3>, Padding<1>>, Tanh, AvgPool<2>, Flatten>("avg_pool");
}

TEST_CASE("10 steps of pools of a size for each axis follow PyTorch", "[training]") {
  static const Golden golden("runs_pools");
  follow_images<Network<Input<2, 7, 9>, Conv2d<4, Kernel<3>, Padding<1>>,
                        MaxPool2d<Kernel<2, 3>, Stride<2, 1>, Padding<0, 1>>, Tanh,
                        Conv2d<5, Kernel<3>, Padding<1>>,
                        AvgPool2d<Kernel<3, 2>, Stride<1, 2>, Padding<1, 0>>, Tanh, Flatten,
                        Linear<5>, CrossEntropy<>>>(golden, "uneven_pools");
  follow_images<Network<Input<2, 6, 9>, Conv2d<17, Kernel<3>, Padding<1>>, Tanh,
                        MaxPool2d<Kernel<3, 2>>, Conv2d<5, Kernel<3>, Padding<1>>, Tanh,
                        AvgPool2d<Kernel<1, 2>>, Flatten, Linear<5>, CrossEntropy<>>>(
      golden, "uneven_steps");
}

TEST_CASE("10 steps of pools of signals follow PyTorch", "[training]") {
  follow<Input<3, 17>, Conv1d<4, Kernel<3>, Padding<1>>, MaxPool<3, Stride<2>, Padding<1>>, Tanh,
         Conv1d<5, Kernel<2>>, Tanh, AvgPool<2>, Flatten>("signal_pools");
}

TEST_CASE("10 steps of a small LeNet follow PyTorch", "[training]") {
  follow<Input<1, 12, 12>, Conv2d<4, Kernel<5>, Padding<2>>, ReLU, MaxPool<2>, Conv2d<6, Kernel<3>>,
         ReLU, MaxPool<2>, Flatten, Linear<16>, ReLU>("lenet");
}

}  // namespace test_golden_pools
