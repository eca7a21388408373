#include <lamina/core/types.hpp>
#include <lamina/layers/convolution.hpp>
#include <lamina/layers/flatten.hpp>
#include <lamina/layers/pool.hpp>
#include <lamina/structures/repeat.hpp>

#include "bench/naive/eigen.hpp"
#include "bench/naive/textbook.hpp"
#include "catch.hpp"
#include "made_up.hpp"

// The baseline on Eigen against the textbook, which the engine is checked against: what is measured
// against computes the same.

namespace test_layerwise {

using namespace lamina;
using namespace lamina::tests;

namespace {

/// The Eigen version in float against the textbook in double, through steps that feed on each
/// other. Values are of order 1; a step adds a few roundings of sums over at most 32 terms.
template <class Net, class Optimizer>
void check_layerwise(const Tensors& tensors, std::size_t outputs, const Optimizer& optimizer,
                     std::size_t rows = 13) {
  using Twin = naive::Textbook<Net, double>;
  const Seed seed{5};
  Twin twin{tensors.list(), seed};
  naive::Layerwise<Net> layerwise{tensors.list(), seed};
  const auto inputs = numbers(rows * naive::Items<Net>::features, -1, 1);
  const auto targets = targets_for<typename Twin::Target>(rows, outputs);
  for (int step = 0; step < 5; ++step) {
    const double expected = twin.step(inputs, targets, optimizer);
    REQUIRE(layerwise.step(inputs, targets, optimizer) == Approx(expected).epsilon(2e-6));
  }
  const auto found = layerwise.values();
  for (const auto& [name, values] : twin.values()) {
    INFO(name);
    REQUIRE(found.at(name).size() == values.size());
    for (std::size_t i = 0; i < values.size(); ++i) {
      REQUIRE(found.at(name)[i] == Approx(values[i]).margin(5e-6).epsilon(5e-6));
    }
  }
  const auto predicted = twin.predict(inputs, rows);
  const naive::Matrix& outputs_found = layerwise.predict(inputs);
  for (std::size_t i = 0; i < predicted.size(); ++i) {
    REQUIRE(outputs_found.data()[i] == Approx(predicted[i]).margin(1e-5).epsilon(1e-5));
  }
}

}  // namespace

TEST_CASE("naive: layer at a time on Eigen agrees with the textbook", "[naive]") {
  const Sgd sgd{.learning_rate = 0.05f, .momentum = 0.9f};
  SECTION("classifier with norm, dropout, smoothing and penalty") {
    using Net =
        Network<Input<5>, Linear<19>, BatchNorm<>, ReLU, Dropout<0.3>, Linear<17>, BatchNorm<>,
                Sigmoid, Dropout<0.2>, Linear<4>, CrossEntropy<LabelSmoothing<0.1>>, L2<0.05>>;
    const Tensors tensors = Tensors{}
                                .linear("0", 5, 19, false)
                                .norm("1", 19)
                                .linear("4", 19, 17, false)
                                .norm("5", 17)
                                .linear("8", 17, 4);
    check_layerwise<Net>(tensors, 4, sgd);
    check_layerwise<Net>(tensors, 4,
                         Sgd{.learning_rate = 0.05f, .momentum = 0.9f, .nesterov = true});
    check_layerwise<Net>(tensors, 4, AdamW{.learning_rate = 0.01f}, 16);
  }
  SECTION("regressions") {
    using Squares =
        Network<Input<4>, Linear<32>, Tanh, Linear<16>, SiLU, Linear<4>, MeanSquaredError>;
    using Binary =
        Network<Input<4>, Linear<32>, GELU, Linear<16>, ELU<>, Linear<4>, BinaryCrossEntropy<>>;
    const Tensors tensors = Tensors{}.linear("0", 4, 32).linear("2", 32, 16).linear("4", 16, 4);
    check_layerwise<Squares>(tensors, 4, sgd);
    check_layerwise<Binary>(tensors, 4, Adam{.learning_rate = 0.01f});
  }
}

TEST_CASE("naive: images and signals on Eigen agree with the textbook", "[naive]") {
  const Sgd sgd{.learning_rate = 0.05f, .momentum = 0.9f};
  SECTION("biases, pools that overlap and leave a line out") {
    using Net = Network<Input<1, 9, 8>, Conv2d<3, Kernel<3>>, ReLU, MaxPool<2>,
                        Conv2d<17, Kernel<2>>, Tanh, MaxPool<2, Stride<1>, Padding<1>>, Flatten,
                        Linear<6>, ReLU, Linear<4>, CrossEntropy<>>;
    const Tensors tensors = Tensors{}
                                .linear("0", 9, 3)
                                .linear("3", 3 * 4, 17)
                                .linear("7", 17 * 3 * 3, 6)
                                .linear("9", 6, 4);
    check_layerwise<Net>(tensors, 4, Adam{.learning_rate = 0.01f});
  }
  SECTION("repeated blocks with norms over several channels, strides, penalty and dropout") {
    using Net =
        Network<Input<2, 7, 6>, Repeat<2, Conv2d<2, Kernel<3>, Padding<1>>, BatchNorm<>, ReLU>,
                Conv2d<5, Kernel<2, 3>, Stride<2, 1>, Padding<1, 0>>, BatchNorm<>, Sigmoid, Flatten,
                Linear<8>, BatchNorm<>, ReLU, Dropout<0.2>, Linear<3>, CrossEntropy<>, L2<0.05>>;
    const Tensors tensors = Tensors{}
                                .linear("0.0", 2 * 9, 2, false)
                                .norm("0.1", 2)
                                .linear("0.3", 2 * 9, 2, false)
                                .norm("0.4", 2)
                                .linear("1", 2 * 6, 5, false)
                                .norm("2", 5)
                                .linear("5", 5 * 4 * 4, 8, false)
                                .norm("6", 8)
                                .linear("9", 8, 3);
    check_layerwise<Net>(tensors, 3, sgd);
  }
  SECTION("a signal through blocks that begin with a norm") {
    using Net = Network<Input<1, 40>, Conv1d<4, Kernel<5>, Same>,
                        Repeat<2, BatchNorm<>, Tanh, Conv1d<4, Kernel<5>, Same>>, GlobalAvgPool,
                        Linear<3>, CrossEntropy<>>;
    const Tensors tensors = Tensors{}
                                .linear("0", 5, 4, false)
                                .norm("1.0", 4)
                                .linear("1.2", 4 * 5, 4, false)
                                .norm("1.3", 4)
                                .linear("1.5", 4 * 5, 4)
                                .linear("3", 4, 3);
    check_layerwise<Net>(tensors, 3, sgd);
  }
  SECTION("more windows than are put together at once, by samples that do not divide the batch") {
    using Net = Network<Input<3, 32, 32>, Conv2d<2, Kernel<5>, Same>, Tanh, GlobalAvgPool,
                        Linear<3>, CrossEntropy<>>;
    check_layerwise<Net>(Tensors{}.linear("0", 3 * 25, 2).linear("3", 2, 3), 3, sgd);
  }
}

}  // namespace test_layerwise
