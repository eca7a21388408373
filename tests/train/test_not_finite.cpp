#include <cmath>
#include <filesystem>

#include "errors.hpp"
#include "fitting.hpp"
#include "io/files.hpp"

// A fit ends where its numbers are lost, and says where; it does not begin on numbers that are.

namespace test_not_finite {

using namespace lamina;
using namespace lamina::testing;

namespace {

/// Gives the optimizer a rate at which the network is lost, from a step on.
struct Explode {
  std::int64_t from;
  void before_step(auto& state) const {
    if (state.trainer.steps() >= from) state.trainer.optimizer().learning_rate = 1e30f;
  }
};

/// Keeps the tensors of every epoch.
struct Keep {
  std::vector<std::vector<Tensor>>& epochs;
  void after_epoch(auto& state) { epochs.push_back(state.trainer.model().tensors()); }
};

/// Everything that is finite, but a number in the end.
std::vector<float> with(std::size_t size, std::size_t place, float number) {
  auto numbers = uniform(size, 1);
  numbers[place] = number;
  return numbers;
}

}  // namespace

TEST_CASE("not finite: a loss ends the fit and names epoch and step", "[fit]") {
  Model<Curve> model{Seed{1}};
  Trainer trainer{model, Sgd{}};
  // Step 7 is the first of that rate; its loss is of the parameters before.
  CHECK(has(
      error_of([&] { trainer.fit(curve(64, 5), {}, {.epochs = 9, .batch_size = 16}, Explode{6}); }),
      "fit: expected a finite loss, found ", "in epoch 2, step 8"));
  CHECK(trainer.steps() == 8);
}

TEST_CASE("not finite: with Statistics the layer is named", "[fit]") {
  Model<Curve> model{Seed{1}};
  Trainer trainer{model, Sgd{}};
  Statistics statistics{.every = 100, .out = nullptr};
  CHECK(has(error_of([&] {
              trainer.fit(curve(64, 5), {}, {.epochs = 9, .batch_size = 16}, statistics,
                          Explode{6});
            }),
            "in epoch 2, step 8: ", "layer "));
}

TEST_CASE("not finite: parameters that the last update broke are found, too", "[fit]") {
  Model<Curve> model{Seed{1}};
  // Its gradient of order 1e25 and this rate are beyond the largest float.
  const Dataset far{6, uniform(16 * 6, 5), std::vector<float>(16 * 2, 1e15f), std::size_t{2}};
  Trainer trainer{model, Sgd{.learning_rate = 1e30f}};
  CHECK(has(error_of([&] { trainer.fit(far, {}, {.epochs = 1, .batch_size = 16}); }),
            "fit: expected finite parameters", "in epoch 1, step 1"));
}

TEST_CASE("not finite: a fit may be asked to go on", "[fit]") {
  Model<Curve> model{Seed{1}};
  Trainer trainer{model, Sgd{}};
  Statistics statistics{.every = 100, .out = nullptr};
  const History history =
      trainer.fit(curve(64, 5), {}, {.epochs = 3, .batch_size = 16, .require_finite_loss = false},
                  Explode{6}, statistics);
  CHECK(history.epochs.size() == 3);
  CHECK(std::isnan(history.epochs.back().loss));
  CHECK(statistics.has(LayerFault::NotFinite));
}

TEST_CASE("not finite: early stopping puts the best parameters back", "[fit]") {
  Model<Curve> model{Seed{1}};
  Trainer trainer{model, Sgd{}};
  std::vector<std::vector<Tensor>> epochs;
  CHECK_THROWS_AS(trainer.fit(curve(64, 5), {}, {.epochs = 9, .batch_size = 16},
                              EarlyStopping{.patience = 9}, Keep{epochs}, Explode{10}),
                  Error);
  REQUIRE(epochs.size() == 2);
  CHECK(same_bits(model.tensors(), epochs[1]));
}

TEST_CASE("not finite: a checkpoint keeps what was right, and a run goes on from it", "[fit]") {
  const TemporaryDirectory directory;
  const Checkpoint checkpoint{.directory = directory.path(), .resume = true};
  const FitOptions options{.epochs = 3, .batch_size = 16};
  Model<Curve> model{Seed{1}};
  Trainer trainer{model, Sgd{}};
  CHECK_THROWS_AS(trainer.fit(curve(64, 5), {}, options, Explode{6}, Checkpoint{checkpoint}),
                  Error);
  Model<Curve> resumed{Seed{2}};
  Trainer again{resumed, Sgd{}};
  CHECK(again.fit(curve(64, 5), {}, options, Checkpoint{checkpoint}).epochs.size() == 3);
  CHECK(again.steps() == 12);
  CHECK(std::isfinite(evaluate(resumed, curve(64, 5)).loss));
}

TEST_CASE("not finite: inputs and targets are found where a fit begins", "[fit]") {
  Model<Curve> model{Seed{1}};
  const auto before = model.tensors();
  Trainer trainer{model, Sgd{}};
  const Dataset good = curve(20, 1);
  const auto said = [&](const Dataset& train, const Dataset& validation) {
    return error_of([&] { trainer.fit(train, validation, {.epochs = 1}); });
  };
  const auto inputs = [&](float number) {
    return Dataset{6, with(20 * 6, 6 * 7 + 2, number), uniform(40, 2), std::size_t{2}};
  };
  const Dataset targets{6, uniform(20 * 6, 1), with(40, 2 * 19 + 1, NAN), std::size_t{2}};
  CHECK(said(inputs(NAN), good) ==
        "fit: training set: expected finite inputs, found NaN in sample 7, feature 2");
  CHECK(has(said(inputs(-INFINITY), good), "found -infinity in sample 7, feature 2"));
  CHECK(said(good, targets) ==
        "fit: validation set: expected finite targets, found NaN in sample 19, output 1");
  CHECK(has(error_of([&] { static_cast<void>(find_learning_rate(model, sgd, inputs(INFINITY))); }),
            "find_learning_rate: training set: expected finite inputs, found infinity"));
  CHECK(trainer.steps() == 0);
  CHECK(same_bits(model.tensors(), before));
  // The largest floats are finite, and denormals are.
  trainer.optimizer().learning_rate = 0;
  trainer.fit(inputs(std::numeric_limits<float>::denorm_min()), {}, {.epochs = 1});
}

TEST_CASE("not finite: a transform may fill what is missing", "[fit]") {
  const Dataset holes{6, with(20 * 6, 50, NAN), uniform(40, 2), std::size_t{2}};
  Model<Curve> model{Seed{1}};
  Trainer trainer{model, Sgd{}};
  const auto fill = Transform{[](const auto& sample, Draws&) {
    for (float& x : sample.input) x = std::isnan(x) ? 0 : x;
  }};
  const History history = trainer.fit(holes, {}, {.epochs = 1, .require_finite_data = false}, fill);
  CHECK(std::isfinite(history.epochs[0].loss));
}

TEST_CASE("not finite: every place of a large array is looked at", "[fit]") {
  for (const std::size_t size : {1u, 31u, 65535u, 65537u, 700'001u}) {
    std::vector<float> numbers(size, 1.0f);
    CHECK(detail::first_not_finite(numbers) == size);
    for (const std::size_t place : {std::size_t{0}, size / 2, size - 1}) {
      numbers[place] = NAN;
      CHECK(detail::first_not_finite(numbers) == place);
      numbers[place] = std::numeric_limits<float>::max();
    }
  }
}

}  // namespace test_not_finite
