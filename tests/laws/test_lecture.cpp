#include <array>
#include <cmath>

#include <lamina/lamina.hpp>

#include "numbers.hpp"

// Claims of the lecture on weight decay: on a quadratic cost the optimum along an eigenvector of
// the Hessian with eigenvalue l shrinks by l / (l + lambda).

namespace test_lecture {

using namespace lamina;
using namespace lamina::testing;

namespace {

constexpr double lambda = 0.3;
constexpr std::size_t features = 3;

/// Samples along three orthogonal directions, one each, of other lengths.
struct Regression {
  std::array<std::array<double, features>, features> directions{};
  std::array<double, features> eigenvalues{};
  std::array<double, features> optimum{1.5, -2.0, 0.7};
  std::vector<float> inputs;
  std::vector<float> targets;

  Regression() {
    const double a = 1 / std::sqrt(3.0);
    const double b = 1 / std::sqrt(2.0);
    const double c = 1 / std::sqrt(6.0);
    directions = {{{a, a, a}, {b, -b, 0}, {c, c, -2 * c}}};
    const std::array<double, features> lengths{0.4, 1.0, 2.0};
    for (std::size_t d = 0; d < features; ++d) {
      double target = 0;
      for (std::size_t i = 0; i < features; ++i) {
        const auto x = static_cast<float>(lengths[d] * directions[d][i]);
        inputs.push_back(x);
        target += double{x} * optimum[i];
      }
      targets.push_back(static_cast<float>(target));
      // Of the mean over three samples of (x w - t)^2: 2 / 3 of the squared length.
      eigenvalues[d] = 2.0 / 3 * lengths[d] * lengths[d];
    }
  }

  /// H (H + lambda I)^-1 w*
  [[nodiscard]] std::array<double, features> shrunk() const {
    std::array<double, features> found{};
    for (std::size_t d = 0; d < features; ++d) {
      double along = 0;
      for (std::size_t i = 0; i < features; ++i) along += directions[d][i] * optimum[i];
      for (std::size_t i = 0; i < features; ++i) {
        found[i] += eigenvalues[d] / (eigenvalues[d] + lambda) * along * directions[d][i];
      }
    }
    return found;
  }
};

template <class Net>
std::vector<float> trained(const Regression& data) {
  Model<Net> model{Seed{1}};
  Trainer trainer{model, Sgd{.learning_rate = 0.3f}};
  // Along the flattest direction the distance shrinks by 1 - 0.3 (0.107 + 0.3) a step.
  for (int step = 0; step < 300; ++step) trainer.step(data.inputs, data.targets);
  return std::get<std::vector<float>>(model.tensors()[0].values);
}

}  // namespace

TEST_CASE("decay shrinks the optimum of a quadratic cost by l / (l + lambda)", "[laws]") {
  const Regression data;
  const auto expected = data.shrunk();
  using Penalized = Network<Input<3>, Linear<1, NoBias>, MeanSquaredError, L2<lambda>>;
  using Decaying = Network<Input<3>, Linear<1, NoBias>, MeanSquaredError, WeightDecay<lambda>>;
  for (const auto& weights : {trained<Penalized>(data), trained<Decaying>(data)}) {
    Worst worst;
    for (std::size_t i = 0; i < features; ++i) {
      worst.compare(double{weights[i]}, expected[i], 1e-3, static_cast<double>(i));
    }
    LAMINA_CHECK_WORST(worst);
  }
  // Without it the regression finds the optimum itself, so the test above can fail.
  using Free = Network<Input<3>, Linear<1, NoBias>, MeanSquaredError>;
  const auto weights = trained<Free>(data);
  CHECK(std::abs(double{weights[0]} - expected[0]) > 0.1);
}

}  // namespace test_lecture
