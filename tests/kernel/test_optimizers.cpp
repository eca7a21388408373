#include <lamina/core/aligned.hpp>
#include <lamina/kernel/update.hpp>
#include <lamina/optimizers/clip_by_value.hpp>

#include "bench/naive/optimizers.hpp"
#include "numbers.hpp"

// The optimizers' rules on registers against the formulas of their papers in double.

namespace test_optimizers {

using namespace lamina;
using namespace lamina::testing;

namespace {

constexpr std::size_t count = 64;
constexpr int steps = 20;

/// Gradients of one step: of every size from 1e-4 to 1, and always 0 for the first weight.
std::vector<float> gradients_of(int step) {
  auto gradients = uniform(count, static_cast<unsigned>(step));
  for (std::size_t i = 0; i < count; ++i) {
    gradients[i] *= std::pow(10.0f, -static_cast<float>(i % 5));
  }
  gradients[0] = 0;
  return gradients;
}

/// One step of weights whose optimizer state lies behind them in `state`.
template <class Optimizer>
void update_all(const Optimizer& optimizer, int step, const std::vector<float>& gradients,
                AlignedFloats& weights, AlignedFloats& state) {
  const auto rule = optimizer.rule(step, true);
  AlignedFloats aligned(count);
  std::copy(gradients.begin(), gradients.end(), aligned.data());
  for (std::size_t i = 0; i < count; i += simd::lanes) {
    kernel::update_register<Optimizer::slots>(
        {weights.data() + i, state.data() + i, static_cast<std::ptrdiff_t>(count)},
        simd::Register::load(weights.data() + i), simd::Register::load(aligned.data() + i), rule);
  }
}

/// 20 updates. A step rounds the weight once, half an epsilon of it; the number that is subtracted
/// comes out of at most ten operations and of state that carries the roundings of all steps before,
/// so it is good to 20 epsilon of the largest it can be, `reach` learning rates.
template <class Optimizer>
void check_optimizer(const char* name, const Optimizer& optimizer, double reach) {
  INFO(name);
  const auto start = uniform(count, 99);
  AlignedFloats weights(count);
  AlignedFloats state(count * Optimizer::slots);
  std::copy(start.begin(), start.end(), weights.data());
  naive::Parameter<double> expected;
  expected.value.assign(start.begin(), start.end());
  expected.weight = true;
  Worst worst;
  std::vector<bool> moved(count);
  const double step_error = 20 * epsilon * reach * static_cast<double>(optimizer.learning_rate);
  for (int step = 1; step <= steps; ++step) {
    const auto gradients = gradients_of(step);
    update_all(optimizer, step, gradients, weights, state);
    expected.gradient.assign(gradients.begin(), gradients.end());
    naive::update(expected, optimizer, step);
    for (std::size_t i = 0; i < count; ++i) {
      moved[i] = moved[i] || weights.data()[i] != start[i];
      worst.compare(static_cast<double>(weights.data()[i]), expected.value[i],
                    step * (epsilon / 2 * (1 + std::abs(expected.value[i])) + step_error),
                    static_cast<double>(i));
    }
  }
  LAMINA_CHECK_WORST(worst);
  // The weight without a gradient has not moved, and none of the others stands still.
  CHECK(double{weights.data()[0]} == Approx(expected.value[0]).epsilon(steps * epsilon));
  for (std::size_t i = 1; i < count; ++i) REQUIRE(moved[i]);
}

}  // namespace

TEST_CASE("optimizers follow their formulas through 20 updates", "[optimizers]") {
  check_optimizer("sgd", Sgd{.learning_rate = 0.1f, .momentum = 0.9f}, 10);
  check_optimizer("adam", Adam{.learning_rate = 0.01f}, 3);
  check_optimizer("adamw", AdamW{.learning_rate = 0.01f, .weight_decay = 0.1f}, 3);
  check_optimizer("adagrad", Adagrad{.learning_rate = 0.1f}, 1);
  check_optimizer("adagrad, all numbers",
                  Adagrad{.learning_rate = 0.1f,
                          .lr_decay = 0.05f,
                          .initial_accumulator_value = 0.3f,
                          .epsilon = 1e-3f},
                  1);
  // A first gradient is divided by sqrt(1 - alpha) of itself: 10 learning rates.
  check_optimizer("rmsprop", RmsProp{}, 10);
  check_optimizer("rmsprop, all numbers",
                  RmsProp{.learning_rate = 0.02f,
                          .alpha = 0.9f,
                          .momentum = 0.8f,
                          .epsilon = 1e-3f,
                          .centered = true},
                  20);
  check_optimizer("nadam", Nadam{}, 10);
  check_optimizer("nadam, all numbers",
                  Nadam{.learning_rate = 0.01f,
                        .beta1 = 0.8f,
                        .beta2 = 0.99f,
                        .epsilon = 1e-3f,
                        .momentum_decay = 0.1f},
                  10);
  check_optimizer("lion", Lion{.learning_rate = 0.01f}, 1);
  check_optimizer("lion, other betas", Lion{.learning_rate = 0.01f, .beta1 = 0.95f, .beta2 = 0.5f},
                  1);
}

TEST_CASE("weights that fill up a register stay zero, whatever epsilon is", "[optimizers]") {
  const auto check = [](const auto& optimizer) {
    constexpr int slots = std::remove_cvref_t<decltype(optimizer)>::slots;
    AlignedFloats weights(count);
    AlignedFloats state(count * slots);
    for (int step = 1; step <= 3; ++step) {
      update_all(optimizer, step, std::vector<float>(count), weights, state);
    }
    for (std::size_t i = 0; i < count; ++i) REQUIRE(weights.data()[i] == 0);
  };
  check(Adam{.epsilon = 0});
  check(AdamW{.epsilon = 0});
  check(Adagrad{.epsilon = 0});
  check(RmsProp{.epsilon = 0});
  check(RmsProp{.epsilon = 0, .centered = true});
  check(Nadam{.epsilon = 0});
  check(Lion{});
}

TEST_CASE("a gradient that is no number shows in every weight it reaches", "[optimizers]") {
  const auto check = [](const auto& optimizer) {
    constexpr int slots = std::remove_cvref_t<decltype(optimizer)>::slots;
    AlignedFloats weights(count);
    AlignedFloats state(count * slots);
    const float nan = std::numeric_limits<float>::quiet_NaN();
    update_all(optimizer, 1, std::vector<float>(count, nan), weights, state);
    for (std::size_t i = 0; i < count; ++i) REQUIRE(std::isnan(weights.data()[i]));
  };
  check(Adam{});
  check(Adagrad{});
  check(RmsProp{});
  check(RmsProp{.centered = true});
  check(Nadam{});
  check(Lion{});
  check(ClipByValue{Sgd{}, 1.0f});
}

TEST_CASE("the momenta of Nadam do not depend on where their product is cut", "[optimizers]") {
  // After so many steps the product is nothing beside 1: the rule is a function of the step alone.
  const Nadam nadam{.learning_rate = 1.0f};
  for (const std::int64_t step : {340, 341, 400, 10'000}) {
    const auto t = static_cast<double>(step);
    const auto mu = [&](double at) {
      return double{nadam.beta1} * (1 - std::pow(0.96, at * double{nadam.momentum_decay}) / 2);
    };
    CHECK(double{nadam.rule(step, true).rate_of_gradient} ==
          Approx(1 - mu(t)).epsilon(2 * epsilon));
    CHECK(double{nadam.rule(step, true).rate_of_mean} == Approx(mu(t + 1)).epsilon(2 * epsilon));
  }
}

}  // namespace test_optimizers
