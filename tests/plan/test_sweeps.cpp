#include <lamina/lamina.hpp>

// Which outputs a step keeps, and which stages it takes a few samples through together.

namespace test_sweeps {

using namespace lamina;

namespace {

template <int N>
using Conv = Conv2d<N, Kernel<3>, Same>;
template <class... Items>
using Images = Plan<Network<Input<1, 8, 6>, Items..., CrossEntropy<>>>;

template <class Plan>
constexpr bool kept(std::size_t stage) {
  return !Plan::stages[stage].recomputed;
}

// A stage with a norm over the batch whose readers take whole samples.
static_assert(!kept<Images<Conv<32>, BatchNorm<>, ReLU, Conv<32>, Flatten, Linear<3>>>(0));
static_assert(!kept<Images<Conv<32>, BatchNorm<>, ReLU, MaxPool<2>, Flatten, Linear<3>>>(0));
static_assert(!kept<Images<Conv<32>, BatchNorm<>, Flatten, Linear<3>>>(0));
// Its values before the norm are its only array then.
static_assert(Images<Conv<32>, BatchNorm<>, ReLU, Conv<32>, Flatten, Linear<3>>::stages[0].after ==
              Images<Conv<32>, BatchNorm<>, ReLU, Conv<32>, Flatten, Linear<3>>::stages[0].before);

// Not without such a norm, not for a sum or what puts arrays together, not at the end of a network,
// not for samples beyond a cache, and not where a group of eight rows has those of two samples.
static_assert(kept<Images<Conv<32>, ReLU, Conv<32>, Flatten, Linear<3>>>(0));
static_assert(kept<Images<Conv<32>, LayerNorm<>, Conv<32>, Flatten, Linear<3>>>(0));
static_assert(kept<Images<Conv<32>, BatchNorm<>, Residual<Conv<32>>, Flatten, Linear<3>>>(0));
static_assert(kept<Images<Conv<32>, Residual<Conv<32>, BatchNorm<>>, Flatten, Linear<3>>>(1));
static_assert(kept<Images<Conv<32>, BatchNorm<>, Concat<Branch<>, Branch<Conv<4>>>, LayerNorm<>,
                          Flatten, Linear<3>>>(0));
static_assert(kept<Images<Conv<3>, BatchNorm<>>>(0));
static_assert(
    kept<Plan<Network<Input<1, 64, 65>, Conv<16>, BatchNorm<>, Conv<1>, CrossEntropy<>>>>(0));
static_assert(
    !kept<Plan<Network<Input<1, 64, 64>, Conv<16>, BatchNorm<>, Conv<1>, CrossEntropy<>>>>(0));
static_assert(!kept<Images<Conv<32>, BatchNorm<>, Dropout<0.1>, Conv<32>, Flatten, Linear<3>>>(0));
static_assert(kept<Plan<Network<Input<1, 7, 6>, Conv<32>, BatchNorm<>, Dropout<0.1>, Conv<32>,
                                Flatten, Linear<3>, CrossEntropy<>>>>(0));

// The way forward: up to a norm over the batch.
using Plain = Images<Conv<32>, ReLU, MaxPool<2>, Conv<32>, LayerNorm<>, ReLU, Flatten, Linear<3>>;
static_assert(runtime::forward_sweep(Plain::stages, 0, 4) == 4);
static_assert(runtime::forward_sweep(Plain::stages, 0, 2) == 2);
using Normed = Images<Conv<32>, BatchNorm<>, ReLU, MaxPool<2>, Conv<32>, BatchNorm<>, ReLU, Flatten,
                      Linear<3>>;
static_assert(runtime::forward_sweep(Normed::stages, 0, 4) == 1);
static_assert(runtime::forward_sweep(Normed::stages, 1, 4) == 3);

// The way back: what a product reads alone, then from one norm over the batch to the next; the rest
// of the way through that one begins the sweep behind it.
constexpr bool is(const runtime::BackwardSweep& sweep, int head, int first, int end) {
  return sweep.head == head && sweep.first == first && sweep.end == end;
}
static_assert(is(runtime::backward_sweep(Normed::stages, -1, 3, 0), -1, 3, 3));
static_assert(is(runtime::backward_sweep(Normed::stages, -1, 2, 0), -1, 2, 2));
static_assert(is(runtime::backward_sweep(Normed::stages, 2, 1, 0), 2, 1, 0));
static_assert(is(runtime::backward_sweep(Normed::stages, 0, -1, 0), 0, -1, 0));
static_assert(is(runtime::backward_sweep(Plain::stages, -1, 2, 0), -1, 2, 0));
static_assert(is(runtime::backward_sweep(Plain::stages, -1, 2, 1), -1, 2, 1));

// Weights count in registers of 16 floats on every machine: 160 of them are panels of 64 where
// registers are as wide, and what they would be padded to decides nothing.
using Wide = Plan<Network<Input<3, 6, 6>, Conv2d<160, Kernel<1>>, ReLU,
                          Conv2d<160, Kernel<3>, Stride<2>, Padding<1>>, BatchNorm<>, Flatten,
                          Linear<4>, CrossEntropy<>>>;
static_assert(Wide::stages[1].common_weight_floats() == 160 * 9 * 160);
static_assert(runtime::forward_sweep(Wide::stages, 0, 2) == 2);

}  // namespace

}  // namespace test_sweeps
