#include <cmath>
#include <numeric>
#include <set>

#include "fitting.hpp"

// What a fit draws of random numbers: for transforms, weighted sampling and mixup.

namespace test_fit_draws {

using namespace lamina;
using namespace lamina::testing;

namespace {

/// Keeps the inputs of every step.
struct StepInputs {
  std::vector<std::vector<float>> steps;

  void after_step(const auto& state) {
    steps.emplace_back(state.batch.inputs.begin(), state.batch.inputs.end());
  }
};

template <class... Callbacks>
std::vector<std::vector<float>> inputs_of(std::uint64_t seed, const FitOptions& options,
                                          Callbacks... callbacks) {
  Model<Net> model{Seed{seed}};
  Trainer trainer{model, sgd};
  StepInputs inputs;
  trainer.fit(classes(40, 1), {}, options, callbacks..., inputs);
  return inputs.steps;
}

}  // namespace

TEST_CASE("draws: a transform's are fresh for every seed, step and row", "[fit]") {
  const Transform draw_first{[](const auto& sample, Draws& draws) {
    sample.input[0] = static_cast<float>(draws.uniform());
  }};
  std::set<float> seen;
  std::size_t drawn = 0;
  for (const std::uint64_t seed : {1u, 2u}) {
    for (const auto& inputs : inputs_of(seed, {.epochs = 3, .batch_size = 20}, draw_first)) {
      for (std::size_t i = 0; i < inputs.size(); i += Model<Net>::features) {
        seen.insert(inputs[i]);
        ++drawn;
      }
    }
  }
  CHECK(drawn == 2 * 3 * 40);
  CHECK(seen.size() == drawn);
}

TEST_CASE("draws: a transform is told the shape of its sample", "[fit]") {
  const Transform tell_shape{[](const auto& sample, Draws&) {
    sample.input[0] = sample.shape == Shape{6, 1, 1} ? 1.0f : 0.0f;
  }};
  const auto steps = inputs_of(1, {.epochs = 1, .batch_size = 40}, tell_shape);
  REQUIRE(steps.size() == 1);
  for (std::size_t i = 0; i < steps[0].size(); i += Model<Net>::features) {
    CHECK(steps[0][i] == 1);
  }
}

TEST_CASE("draws: weighted sampling draws anew in every epoch and for every seed", "[fit]") {
  const WeightedSampling even(std::vector<double>(40, 1.0));
  const FitOptions options{.epochs = 2, .batch_size = 40};
  const auto one = inputs_of(1, options, even);
  const auto two = inputs_of(2, options, even);
  REQUIRE(one.size() == 2);
  CHECK(one[0] != one[1]);
  CHECK(one[0] != two[0]);
}

TEST_CASE("draws: weighted sampling draws apart from transforms", "[fit]") {
  constexpr std::size_t count = 1000;
  std::vector<std::uint32_t> order(100);
  WeightedSampling(std::vector<double>(count, 1.0)).order(order, 7, 3);
  int same = 0;
  for (std::size_t i = 0; i < order.size(); ++i) {
    const double transform = Draws(7, 3, i).uniform();
    same += order[i] == static_cast<std::uint32_t>(double{count} * transform) ? 1 : 0;
  }
  CHECK(same < 5);  // 0.1 by chance
}

TEST_CASE("draws: mixup's other sample is any of the batch", "[fit]") {
  using Soft = Network<Input<1>, Linear<2>, CrossEntropy<SoftTargets>>;
  constexpr std::size_t size = 64;
  std::vector<float> places(size);
  std::iota(places.begin(), places.end(), 0.0f);
  const Dataset data(1, places, std::vector<float>(size * 2, 0.5f), 2);
  Model<Soft> model{Seed{4}};
  Trainer trainer{model, Sgd{.learning_rate = 1e-6f}};
  StepInputs inputs;
  // So great an alpha moves a sample about half of the way to the other.
  trainer.fit(data, {}, {.epochs = 1, .batch_size = size, .shuffle = false}, Mixup{.alpha = 40},
              inputs);
  int up = 0;
  int down = 0;
  std::set<long> others;
  std::set<long> distances;
  for (std::size_t i = 0; i < size; ++i) {
    const double place = double{places[i]};
    const double distance = 2 * (double{inputs.steps[0][i]} - place);
    up += distance > 0.02 ? 1 : 0;
    down += distance < -0.02 ? 1 : 0;
    others.insert(std::lround(place + distance));
    distances.insert(std::lround(distance));
  }
  CHECK(up > 16);
  CHECK(down > 16);
  CHECK(others.size() > 20);
  CHECK(distances.size() > 20);
}

}  // namespace test_fit_draws
