#include <array>
#include <thread>
#include <vector>

#include <lamina/lamina.hpp>

#include "allocations.hpp"
#include "catch.hpp"

// The first prediction of a process, of one sample, allocates nothing: so it does not start TBB
// either, which allocates. Nothing else of this process may use TBB before: the test programs run
// every file in a process of its own, the cases in this order.

namespace test_first_prediction {

using namespace lamina;
using namespace lamina::testing;

namespace {

/// As many multiply-adds a sample as make a batch go to several threads.
using Large = Network<Input<1024>, Linear<1024>, ReLU, Linear<16>, CrossEntropy<>>;
static_assert(Plan<Large>::multiplications >= runtime::serial_multiplications);
/// A row too wide for the stack.
using Wide = Network<Input<4>, Linear<20000>, ReLU, Linear<3>, CrossEntropy<>>;
using Narrow = Network<Input<4>, Linear<16>, Tanh, Linear<1>, MeanSquaredError>;
using Images = Network<Input<3, 24, 24>, Conv2d<64, Kernel<3>, Padding<1>>, ReLU, MaxPool<2>,
                       Flatten, Linear<10>, CrossEntropy<>>;

template <class Net>
void check_first() {
  constexpr std::size_t features = Model<Net>::features;
  const Model<Net> model;
  const Predictor<Net> predictor = model.freeze();
  const std::vector<float> inputs(features, 0.5f);
  const std::span<const float, features> sample(inputs.data(), features);
  std::array<float, Model<Net>::outputs> result{};
  CHECK(allocations_of([&] { result = predictor(sample); }) == 0);
  CHECK(allocations_of([&] { model.predict(inputs, result); }) == 0);
  CHECK(allocations_of([&] { predictor(inputs, result); }) == 0);
  long in_thread = -1;
  std::thread([&] { in_thread = allocations_of([&] { result = predictor(sample); }); }).join();
  CHECK(in_thread == 0);
}

}  // namespace

TEST_CASE("first prediction: it allocates nothing and does not start TBB", "[laws]") {
  check_first<Large>();
  check_first<Wide>();
  check_first<Narrow>();
  check_first<Images>();
}

}  // namespace test_first_prediction
