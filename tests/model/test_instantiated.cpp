#include <lamina/lamina.hpp>

#include "catch.hpp"

// All members of a right network's types compile, so that a program may compile a network once, in
// one file.

namespace test_instantiated {

namespace {

using namespace lamina;

using Narrow = Network<Input<4>, Linear<8>, Tanh, Linear<1>, BinaryCrossEntropy<>>;
using Deep = Network<Input<6>, Standardize, Linear<20, WeightNorm>, LayerNorm<>, ReLU, Dropout<0.2>,
                     Residual<Linear<20>, RunningBatchNorm<>, Tanh>,
                     Concat<Branch<>, Branch<Linear<5>>>, Linear<3>, CrossEntropy<>, L2<1e-3>>;
using NoLoss = Network<Input<4>, Linear<70>, BatchNorm<>, ReLU, Linear<3>>;
using Wrapped = Average<ClipByNorm<Accumulate<Adam>>>;

}  // namespace

}  // namespace test_instantiated

template class lamina::Model<test_instantiated::Narrow>;
template class lamina::Predictor<test_instantiated::Narrow>;
template class lamina::Trainer<test_instantiated::Narrow, lamina::Sgd>;
template class lamina::Learner<test_instantiated::Narrow, lamina::Sgd>;

template class lamina::Model<test_instantiated::Deep>;
template class lamina::Predictor<test_instantiated::Deep>;
template class lamina::Trainer<test_instantiated::Deep, test_instantiated::Wrapped>;
template class lamina::Learner<test_instantiated::Deep, test_instantiated::Wrapped>;

template class lamina::Model<test_instantiated::NoLoss>;
template class lamina::Predictor<test_instantiated::NoLoss>;

namespace test_instantiated {

TEST_CASE("instantiated: a network's types compile whole", "[objects]") {
  Learner<Narrow, Sgd> learner{Seed{1}, Sgd{.learning_rate = 0.5f}};
  const std::array<float, 4> sample{1, 2, 3, 4};
  const std::array<float, 1> target{1};
  const float before = learner.step(sample, target);
  CHECK(learner.step(sample, target) < before);
}

}  // namespace test_instantiated
