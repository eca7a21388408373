#include <numeric>
#include <tbb/global_control.h>
#include <tbb/task_arena.h>

#include "errors.hpp"
#include "fitting.hpp"

// What happens to samples on their way into a step: order, transforms, mixup, prefetching.

namespace test_transforms {

using namespace lamina;
using namespace lamina::testing;

namespace {

/// Keeps the inputs of every step.
struct Batches {
  std::vector<std::vector<float>> inputs;
  std::vector<std::vector<float>> targets;

  void after_step(const auto& state) {
    inputs.emplace_back(state.batch.inputs.begin(), state.batch.inputs.end());
    targets.emplace_back(state.batch.targets.begin(), state.batch.targets.end());
  }
};

template <class... Callbacks>
Batches batches_of(const Dataset& data, const FitOptions& options, Callbacks... callbacks) {
  Model<Net> model{Seed{4}};
  Trainer trainer{model, sgd};
  Batches seen;
  trainer.fit(data, {}, options, callbacks..., seen);
  return seen;
}

const auto add_noise = Transform{[](const auto& sample, Draws& draws) {
  for (float& x : sample.input) x += static_cast<float>(draws.normal());
}};

}  // namespace

TEST_CASE("transforms: draws are what their distributions say", "[fit]") {
  constexpr int count = 20'000;
  double sum = 0, squares = 0, normal_sum = 0, normal_squares = 0;
  int counts[5] = {};
  for (int row = 0; row < count; ++row) {
    Draws draws(7, 3, static_cast<std::size_t>(row));
    const double u = draws.uniform();
    REQUIRE((u >= 0 && u < 1));
    sum += u;
    squares += u * u;
    ++counts[draws.below(5)];
    const double z = draws.normal();
    normal_sum += z;
    normal_squares += z * z;
  }
  // Five standard errors each.
  CHECK(std::abs(sum / count - 0.5) < 5 * std::sqrt(1.0 / 12 / count));
  CHECK(std::abs(squares / count - 1.0 / 3) < 5 * std::sqrt(4.0 / 45 / count));
  for (const int n : counts) CHECK(std::abs(n - count / 5) < 5 * std::sqrt(count * 0.16));
  CHECK(std::abs(normal_sum / count) < 5 / std::sqrt(count));
  CHECK(std::abs(normal_squares / count - 1) < 5 * std::sqrt(2.0 / count));
}

TEST_CASE("transforms: draws depend on seed, step and row alone", "[fit]") {
  const auto first = [](std::uint64_t seed, std::int64_t step, std::size_t row) {
    return Draws(seed, step, row).uniform();
  };
  CHECK(first(1, 2, 3) == first(1, 2, 3));
  CHECK(first(1, 2, 3) != first(2, 2, 3));
  CHECK(first(1, 2, 3) != first(1, 3, 3));
  CHECK(first(1, 2, 3) != first(1, 2, 4));
  CHECK(first(1, 2, 3) != first(1, 2 + (std::int64_t{1} << 32), 3));
}

TEST_CASE("transforms: every sample of every batch is changed once", "[fit]") {
  const Dataset data = classes(53, 1);
  const FitOptions options{.epochs = 2, .batch_size = 16};
  const Batches plain = batches_of(data, options);
  const Batches doubled = batches_of(data, options, Transform{[](const auto& sample, Draws&) {
                                       for (float& x : sample.input) x *= 2;
                                       sample.target[0] = (sample.target[0] + 1) % 3;
                                     }});
  const Batches shifted = batches_of(data, options, BatchTransform{[](const auto& batch) {
                                       for (float& x : batch.inputs)
                                         x += static_cast<float>(batch.rows);
                                     }});
  REQUIRE(plain.inputs.size() == 8);
  for (std::size_t step = 0; step < 8; ++step) {
    for (std::size_t i = 0; i < plain.inputs[step].size(); ++i) {
      REQUIRE(doubled.inputs[step][i] == 2 * plain.inputs[step][i]);
      const auto rows = static_cast<float>(plain.targets[step].size());
      REQUIRE(shifted.inputs[step][i] == plain.inputs[step][i] + rows);
    }
    for (std::size_t i = 0; i < plain.targets[step].size(); ++i) {
      const int label = static_cast<int>(plain.targets[step][i]);
      REQUIRE(static_cast<int>(doubled.targets[step][i]) == (label + 1) % 3);
    }
  }
  CHECK(data.inputs()[0] == classes(53, 1).inputs()[0]);
}

TEST_CASE("transforms: batches prefetched by other threads have the same bits", "[fit]") {
  const Dataset data = classes(203, 1);
  const FitOptions options{.epochs = 3, .batch_size = 16};
  const auto with_threads = [&](int threads) {
    const tbb::global_control limit(tbb::global_control::max_allowed_parallelism, 4);
    tbb::task_arena arena(threads);
    return arena.execute([&] { return batches_of(data, options, add_noise); });
  };
  const Batches alone = with_threads(1);
  const Batches together = with_threads(4);
  CHECK(alone.inputs == together.inputs);
  CHECK(alone.targets == together.targets);
  // Noise is fresh in every epoch and step.
  CHECK(alone.inputs[0] != batches_of(data, options).inputs[0]);
}

TEST_CASE("transforms: several of a fit draw numbers of their own", "[fit]") {
  const auto write = [](std::size_t place) {
    return Transform{[place](const auto& sample, Draws& draws) {
      sample.input[place] = static_cast<float>(draws.uniform());
    }};
  };
  const Batches seen = batches_of(classes(200, 1), {.epochs = 1}, write(0), write(1));
  const std::vector<float>& inputs = seen.inputs[0];
  constexpr std::size_t features = Model<Net>::features;
  double product = 0;
  std::size_t same = 0;
  for (std::size_t i = 0; i < inputs.size(); i += features) {
    same += inputs[i] == inputs[i + 1] ? 1 : 0;
    product += (static_cast<double>(inputs[i]) - 0.5) * (static_cast<double>(inputs[i + 1]) - 0.5);
  }
  const double rows = static_cast<double>(inputs.size() / features);
  CHECK(same == 0);
  CHECK(std::abs(product / rows) < 5.0 / 12 / std::sqrt(rows));  // five standard errors
}

TEST_CASE("transforms: what one throws ends the fit", "[fit]") {
  Model<Net> model{Seed{4}};
  Trainer trainer{model, sgd};
  const auto wrong = BatchTransform{[](const auto& batch) {
    if (batch.step == 5) throw Error("augment: expected a dog, found a cat");
  }};
  CHECK(has(error_of([&] { trainer.fit(classes(203, 1), {}, {.batch_size = 16}, wrong); }), "cat"));
  CHECK(trainer.steps() <= 5);
}

TEST_CASE("transforms: mixup mixes inputs and targets by the same share", "[fit]") {
  using Soft = Network<Input<4>, Linear<8>, ReLU, Linear<3>, CrossEntropy<SoftTargets>>;
  // Features 1 to 3 are the targets, so that a row must stay its own target; feature 0 is a weight.
  constexpr std::size_t size = 64;
  std::vector<float> inputs, targets;
  for (std::size_t i = 0; i < size; ++i) {
    const std::size_t label = i % 3;
    for (std::size_t c = 0; c < 3; ++c) targets.push_back(c == label ? 1.0f : 0.0f);
    inputs.push_back(static_cast<float>(i));
    inputs.insert(inputs.end(), targets.end() - 3, targets.end());
  }
  const Dataset data(4, inputs, targets, 3);
  Model<Soft> model{Seed{4}};
  Trainer trainer{model, sgd};
  Batches seen;
  trainer.fit(data, {}, {.epochs = 1, .batch_size = 32, .shuffle = false}, Mixup{.alpha = 0.4},
              seen);
  int mixed = 0;
  for (std::size_t step = 0; step < 2; ++step) {
    for (std::size_t row = 0; row < 32; ++row) {
      const float* in = &seen.inputs[step][row * 4];
      const float* target = &seen.targets[step][row * 3];
      float sum = 0;
      for (int c = 0; c < 3; ++c) {
        CHECK(target[c] == in[1 + c]);
        sum += target[c];
      }
      CHECK(sum == Approx(1));
      // At least half of a row is itself.
      CHECK(target[(step * 32 + row) % 3] >= 0.5f);
      mixed += in[0] != static_cast<float>(step * 32 + row) ? 1 : 0;
    }
  }
  CHECK(mixed > 32);
}

TEST_CASE("sampling: weights are the shares of the samples", "[fit]") {
  const std::vector<double> weights{1, 0, 3, 4, 2};
  const WeightedSampling sampling(weights);
  int counts[5] = {};
  constexpr int epochs = 4000;
  std::vector<std::uint32_t> order(5), again(5);
  for (int epoch = 0; epoch < epochs; ++epoch) {
    sampling.order(order, 7, epoch);
    sampling.order(again, 7, epoch);
    REQUIRE(order == again);
    for (const std::uint32_t sample : order) ++counts[sample];
  }
  for (std::size_t i = 0; i < 5; ++i) {
    const double share = weights[i] / 10;
    const double all = 5.0 * epochs;
    CHECK(std::abs(counts[i] - all * share) <= 5 * std::sqrt(all * share * (1 - share)));
  }
}

TEST_CASE("sampling: balanced classes come equally often", "[fit]") {
  std::vector<Label> labels(1000, 0);
  std::fill_n(labels.begin(), 50, 1);
  const Dataset data(6, uniform(6000, 1), labels);
  const Batches seen =
      batches_of(data, {.epochs = 4, .batch_size = 100}, WeightedSampling::balanced(data));
  double rare = 0;
  for (const auto& batch : seen.targets) rare += std::accumulate(batch.begin(), batch.end(), 0.0f);
  CHECK(std::abs(rare - 2000) < 5 * std::sqrt(1000));
}

TEST_CASE("sampling: wrong weights are refused", "[fit]") {
  CHECK(has(error_of([] { WeightedSampling({1, -2}); }), "-2", "sample 1"));
  CHECK(has(error_of([] { WeightedSampling({1, INFINITY}); }), "inf"));
  CHECK(has(error_of([] { WeightedSampling({0, 0}); }), "above 0"));
  CHECK(has(error_of([] { WeightedSampling::balanced(curve(5, 1)); }), "labels"));
  Model<Net> model;
  Trainer trainer{model, sgd};
  CHECK(has(error_of([&] { trainer.fit(classes(20, 1), {}, {}, WeightedSampling({1, 2})); }), "20",
            "2"));
  CHECK(trainer.steps() == 0);
}

TEST_CASE("transforms: shares of mixup are of a beta distribution, an alpha of 0 is refused",
          "[fit]") {
  using Soft = Network<Input<1>, Linear<2>, CrossEntropy<SoftTargets>>;
  constexpr std::size_t size = 8000;
  std::vector<float> targets;
  for (std::size_t i = 0; i < size; ++i) {
    targets.push_back(static_cast<float>(i % 2));
    targets.push_back(static_cast<float>(1 - i % 2));
  }
  const Dataset data(1, std::vector<float>(size), targets, 2);
  Model<Soft> model{Seed{4}};
  Trainer trainer{model, sgd};
  const auto fit = [&](double alpha) {
    Batches seen;
    trainer.fit(data, {}, {.epochs = 1, .batch_size = size}, Mixup{.alpha = alpha}, seen);
    return seen.targets[0];
  };
  for (const double alpha : {1e-3, 0.4, 1.0, 3.0, 40.0}) {
    INFO("alpha " << alpha);
    // Of half of the rows, those whose other sample is of the other class, the lesser target is
    // 1 - t: then (2t - 1)^2 is 1 / (2 alpha + 1) in the mean, and 1 for the rest.
    double squares = 0;
    const std::vector<float> mixed = fit(alpha);
    for (std::size_t i = 0; i < mixed.size(); i += 2) {
      const double between = static_cast<double>(mixed[i]) - static_cast<double>(mixed[i + 1]);
      squares += between * between;
    }
    CHECK(squares / size == Approx(0.5 + 0.5 / (2 * alpha + 1)).margin(5 * 0.5 / std::sqrt(size)));
  }
  for (const double alpha : {0.0, -1.0, static_cast<double>(INFINITY), static_cast<double>(NAN)}) {
    CHECK(has(error_of([&] { fit(alpha); }), "Mixup", "alpha"));
  }
}

}  // namespace test_transforms
