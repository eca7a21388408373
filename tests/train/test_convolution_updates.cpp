#include "following.hpp"

// What happens to the weights of convolutions beside the optimizer, which treats the weights of all
// taps and channels into an output as those of a dense layer.

namespace test_convolution_updates {

using namespace lamina;
using namespace lamina::testing;
using namespace lamina::testing::following;

namespace {

/// Weights in several cuts and panels, whose registers are not full.
template <class... Items>
using Convolved =
    Network<Input<3, 9, 7>, Conv2d<33, Kernel<3>, Stride<2>>, Tanh, Conv2d<65, Kernel<2>>, Tanh,
            Flatten, Linear<3>, CrossEntropy<>, Items...>;

const Sgd sgd{.learning_rate = 0.02f};
// A large epsilon, so that a gradient near zero is not blown up together with its rounding.
const Adam adam{.learning_rate = 0.01f, .epsilon = 1e-2f};

/// The optimizer, behind it `project(weights into an output)`.
template <class Optimizer, class Project>
auto projected(const Optimizer& optimizer, const Project& project) {
  return [=](const Parameters& parameters, unsigned step) {
    for (auto* parameter : parameters) {
      naive::update(*parameter, optimizer, step);
      if (!parameter->weight) continue;
      const std::size_t outputs = parameter->name == "0.weight"   ? 33
                                  : parameter->name == "2.weight" ? 65
                                                                  : 3;
      const std::size_t inputs = parameter->value.size() / outputs;
      for (std::size_t first = 0; first < parameter->value.size(); first += inputs) {
        project(std::span(parameter->value).subspan(first, inputs));
      }
    }
  };
}

void at_most_long(std::span<double> unit, double most) {
  double squares = 0;
  for (const double w : unit) squares += w * w;
  const double factor = std::min(1.0, most / std::sqrt(squares));
  for (double& w : unit) w *= factor;
}

}  // namespace

TEST_CASE("convolution updates: constraints hold for all weights into an output", "[update]") {
  follow<Convolved<MaxNorm<0.5>>, Convolved<>>(
      sgd, projected(sgd, [](std::span<double> unit) { at_most_long(unit, 0.5); }));
  follow<Convolved<NonNegative>, Convolved<>>(adam, projected(adam, [](std::span<double> unit) {
                                                for (double& w : unit) w = std::max(w, 0.0);
                                              }));
}

TEST_CASE("convolution updates: decay is of weights alone", "[update]") {
  follow<Convolved<WeightDecay<0.2>>, Convolved<>>(
      adam, [](const Parameters& parameters, unsigned step) {
        for (auto* parameter : parameters) {
          const double keep = 1 - double{adam.learning_rate} * 0.2;
          for (double& w : parameter->value) w *= parameter->weight ? keep : 1.0;
          naive::update(*parameter, adam, step);
        }
      });
}

TEST_CASE("convolution updates: a norm of all gradients is clipped", "[update]") {
  follow<Convolved<>, Convolved<>>(
      ClipByNorm{sgd, 0.3f}, [](const Parameters& parameters, unsigned step) {
        double squares = 0;
        for (const auto* parameter : parameters) {
          for (const double g : parameter->gradient) squares += g * g;
        }
        const double factor = std::min(1.0, double{0.3f} / (std::sqrt(squares) + 1e-6));
        CHECK(factor < 1);
        for (auto* parameter : parameters) {
          for (double& g : parameter->gradient) g *= factor;
          naive::update(*parameter, sgd, step);
        }
      });
}

TEST_CASE("convolution updates: gradients of several steps add up", "[update]") {
  std::map<std::string, std::vector<double>> sums;
  follow<Convolved<>, Convolved<>>(Accumulate{sgd, 2},
                                   [&](const Parameters& parameters, unsigned step) {
                                     for (auto* parameter : parameters) {
                                       std::vector<double>& sum = sums[parameter->name];
                                       sum.resize(parameter->value.size());
                                       for (std::size_t i = 0; i < sum.size(); ++i)
                                         sum[i] += parameter->gradient[i] / 2;
                                       if (step % 2 != 0) continue;
                                       parameter->gradient = std::exchange(sum, {});
                                       naive::update(*parameter, sgd, step / 2);
                                     }
                                   });
}

TEST_CASE("convolution updates: any number of threads gives the same bits", "[update][threads]") {
  check_threads<Convolved<L2<0.01>, WeightDecay<0.1>, MaxNorm<0.7>>>(adam);
  check_threads<
      Network<Input<3, 7, 9>, Conv2d<17, Kernel<3>, Padding<1>>, BatchNorm<>, ReLU, MaxPool<2>,
              Residual<Conv2d<17, Kernel<3>, Same>, BatchNorm<>, Dropout<0.2>>,
              Concat<Branch<>, Branch<Conv2d<6, Kernel<1>>>>, AvgPool<2, Stride<1>>, Flatten,
              Linear<3>, CrossEntropy<>>>(adam);
}

TEST_CASE("convolution updates: a step allocates nothing after the first",
          "[update][allocations]") {
  CHECK(allocations_of_steps<Convolved<L2<0.01>, WeightDecay<0.1>, MaxNorm<0.7>>>(adam) == 0);
}

}  // namespace test_convolution_updates
