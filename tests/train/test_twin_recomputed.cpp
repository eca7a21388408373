#include "twin.hpp"

// Stages whose outputs are made again where they are read, in sweeps through several stages,
// against the textbook in double, which keeps all of them.

namespace test_twin_recomputed {

using namespace lamina;
using namespace lamina::testing;

namespace {

template <int N, class... Attributes>
using Conv = Conv2d<N, Kernel<3>, Same, Attributes...>;

template <class Net>
constexpr int recomputed = [] {
  int count = 0;
  for (const Stage& stage : Plan<Net>::stages) count += stage.recomputed ? 1 : 0;
  return count;
}();

}  // namespace

TEST_CASE("twin: outputs are made again for convolutions, pools and shuffles", "[twin]") {
  using Readers = Network<Input<2, 8, 6>, Conv<18>, BatchNorm<>, Tanh, Conv<16, Groups<2>>,
                          BatchNorm<NoAffine>, ReLU, MaxPool<2>, Conv<12>, BatchNorm<>, GELU,
                          PixelShuffle<2>, Conv<5>, BatchNorm<>, Sigmoid, AvgPool<2>, Conv<3>,
                          BatchNorm<NoAffine>, Flatten, Linear<3>, CrossEntropy<>>;
  static_assert(recomputed<Readers> == 5);
  check_twin<Readers>("chains");
  // Noise is drawn again, in groups of eight rows: 48 of a sample, then 12.
  using Noise = Network<Input<1, 8, 6>, Conv<17>, BatchNorm<>, Tanh, Dropout<0.3>, MaxPool<2>,
                        Conv<6>, RunningBatchNorm<>, Dropout<0.2>, Conv<5>, BatchNorm<>,
                        SpatialDropout<0.2>, Flatten, Linear<3>, CrossEntropy<>>;
  static_assert(recomputed<Noise> == 1);
  check_twin<Noise>("noise");
}

TEST_CASE("twin: outputs of several panels are made again", "[twin]") {
  using Panels = Network<Input<2, 6, 5>, Conv2d<70, Kernel<2>>, BatchNorm<>, Tanh, MaxPool<2>,
                         Conv2d<130, Kernel<1>>, BatchNorm<>, ReLU, MaxPool<2, Stride<1>>,
                         Conv2d<67, Kernel<1>>, BatchNorm<>, Flatten, Linear<3>, CrossEntropy<>>;
  static_assert(recomputed<Panels> == 2);
  check_twin<Panels>("panels");
}

TEST_CASE("twin: blocks of samples in several pieces", "[twin]") {
  // 16 x 16 x 20 floats a sample: of a block of eight six go through a sweep at a time.
  using Pieces = Network<Input<1, 16, 20>, Conv2d<16, Kernel<2>, Same>, BatchNorm<>, Tanh,
                         SpatialDropout<0.2>, Conv2d<2, Kernel<2>, Same>, BatchNorm<>, MaxPool<4>,
                         Flatten, Linear<3>, CrossEntropy<>>;
  static_assert(recomputed<Pieces> == 2);
  check_twin<Pieces>("pieces");
}

TEST_CASE("twin: branches and sums of outputs that are made again", "[twin]") {
  using Branches =
      Network<Input<2, 5, 4>, Conv<17>, BatchNorm<>, Tanh,
              Residual<Conv<17>, BatchNorm<>, ReLU, Conv<17>>, Conv<9>, BatchNorm<>, GELU,
              Concat<Branch<Conv<5>, BatchNorm<>>, Branch<MaxPool<3, Stride<1>, Padding<1>>>,
                     Branch<Conv<3>, BatchNorm<>, Tanh>>,
              Conv<4>, BatchNorm<>, ReLU, ConvTranspose2d<3, Kernel<2>, Stride<2>>, BatchNorm<>,
              Flatten, Linear<1>, MeanSquaredError>;
  static_assert(recomputed<Branches> == 6);
  // A larger rate leads beyond all numbers, in the textbook too.
  check_twin<Branches>("branches", Sgd{.learning_rate = 0.01f});
}

TEST_CASE("twin: weights beyond what a sweep takes", "[twin]") {
  // 96 x 160 x 9 and 160 x 96 x 9 floats, of one position: together more than a sweep takes.
  using Wide =
      Network<Input<96, 1>, Conv1d<160, Kernel<9>, Same>, Tanh, Conv1d<96, Kernel<9>, Same>, Tanh,
              Conv1d<7, Kernel<3>, Same>, Flatten, Linear<1>, MeanSquaredError>;
  static_assert(runtime::forward_sweep(Plan<Wide>::stages, 0, 3) == 1);
  check_twin<Wide>("wide");
}

}  // namespace test_twin_recomputed
