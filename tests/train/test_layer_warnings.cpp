#include "errors.hpp"
#include "watching.hpp"

// The callback `Statistics` warns of what is wrong alone, and ends a fit whose loss is not finite.

namespace test_layer_warnings {

using namespace lamina;
using namespace lamina::testing;
using namespace lamina::testing::watching;

TEST_CASE("layer warnings: warns of gradients that vanish and values that explode",
          "[statistics]") {
  Model<Sigmoids> sigmoids;
  const Statistics vanishing = watch(sigmoids, data_for<Sigmoids>(64), 0.01f, 5);
  CHECK(vanishing.has(LayerFault::VanishingGradients));
  CHECK_FALSE(vanishing.has(LayerFault::ExplodingGradients));
  CHECK(vanishing.warnings[0].layer == 0);
  // Once a layer and fault, although every step is looked at.
  for (const LayerWarning& warning : vanishing.warnings) CHECK(warning.step == 1);

  Model<Rectifiers<Normal<1.0>>> wild;
  const Statistics exploding = watch(wild, data_for<Sigmoids>(64), 1e-9f);
  CHECK(exploding.has(LayerFault::ExplodingGradients));
  CHECK(exploding.has(LayerFault::ExplodingValues));
  CHECK_FALSE(exploding.has(LayerFault::VanishingGradients));

  Model<Rectifiers<Normal<0.01>>> tiny;
  CHECK(watch(tiny, data_for<Sigmoids>(64), 0.01f).has(LayerFault::VanishingValues));

  Model<Rectifiers<Kaiming>> good;
  CHECK(watch(good, data_for<Sigmoids>(64), 0.01f, 5).warnings.empty());
  Model<Noisy> normed;
  CHECK(watch(normed, data_for<Noisy>(64), 0.1f, 5).warnings.empty());
  Model<Narrow> narrow;
  CHECK(watch(narrow, data_for<Narrow>(64), 0.1f, 5).warnings.empty());
}

TEST_CASE("layer warnings: units that never give anything are dead", "[statistics]") {
  using Watched = Network<Input<20>, Linear<70>, ReLU, Linear<5>, CrossEntropy<>>;
  Model<Watched> model;
  std::vector<Tensor> tensors = model.tensors();
  auto& bias = std::get<std::vector<float>>(tensors.at(1).values);
  REQUIRE(tensors[1].name == "0.bias");
  for (std::size_t unit = 0; unit < 70; ++unit) bias[unit] = unit < 42 ? -1000.0f : 1000.0f;
  model.assign(tensors);
  const Statistics statistics = watch(model, data_for<Watched>(30), 1e-6f);
  CHECK(statistics.records[0].dead == Approx(0.6));
  CHECK(statistics.records[1].dead == 0);
  REQUIRE(statistics.has(LayerFault::DeadUnits));
  std::FILE* const printed = std::tmpfile();
  Statistics again{.limits = {.exploding_values = 1e9}, .out = printed};
  Trainer trainer{model, sgd};
  trainer.fit(data_for<Watched>(30), {}, {.epochs = 1}, again);
  CHECK(again.warnings.size() == 1);
  std::rewind(printed);
  char line[200] = {};
  REQUIRE(std::fgets(line, sizeof line, printed) != nullptr);
  std::fclose(printed);
  CHECK(std::string(line) ==
        "epoch 1, step 1, layer 0 Linear<70>, ReLU: 60 % of its units are zero for the whole "
        "batch\n");
}

TEST_CASE("layer warnings: a loss that is not finite ends the fit and names the layer",
          "[statistics]") {
  const auto check = [](auto net, float inside, const char* expected) {
    using Watched = decltype(net);
    CAPTURE(expected);
    Model<Watched> model;
    std::vector<Tensor> tensors = model.tensors();
    for (Tensor& tensor : tensors) {
      if (tensor.name == "2.weight") std::get<std::vector<float>>(tensor.values)[3] = inside;
    }
    model.assign(tensors);
    Trainer trainer{model, Sgd{.learning_rate = 0.1f}};
    Statistics statistics{.every = 1000, .out = nullptr};
    try {
      trainer.fit(data_for<Watched>(90), {}, {.epochs = 2, .batch_size = 30}, statistics);
      FAIL("expected an Error");
    } catch (const Error& error) {
      const std::string found = error.what();
      CAPTURE(found);
      CHECK(found.find("in epoch 1, step 1: the outputs of layer ") != std::string::npos);
      CHECK(found.find(expected) != std::string::npos);
    }
  };
  using Panels = Network<Input<20>, Linear<70>, Tanh, Linear<33>, Tanh, Linear<5>, CrossEntropy<>>;
  using Small = Network<Input<20>, Linear<33>, Tanh, Linear<17>, Tanh, Linear<5>, CrossEntropy<>>;
  static_assert(runtime::is_narrow<Small>);
  check(Panels{}, NAN, "layer 2 Linear<33>, Tanh are");
  check(Small{}, NAN, "layer 2 Linear<17>, Tanh are");

  Model<Rectifiers<Kaiming>> model;
  Trainer trainer{model, Sgd{.learning_rate = 1e6f}};
  Statistics statistics{.out = nullptr};
  CHECK_THROWS_WITH(trainer.fit(data_for<Plain>(90), {}, {.epochs = 9}, statistics),
                    Catch::Contains("expected a finite loss") && Catch::Contains("step ") &&
                        Catch::Contains("layer "));
  statistics.every = 0;
  const std::int64_t steps = trainer.steps();
  CHECK_THROWS_WITH(trainer.fit(data_for<Plain>(90), {}, {.epochs = 9}, statistics),
                    "Statistics: expected every to be at least 1 step, found 0");
  CHECK(trainer.steps() == steps);
}

TEST_CASE("layer warnings: a unit that is zero for a few samples need not be dead",
          "[statistics]") {
  // Half of the units behind Kaiming's weights are zero for one sample.
  using Watched = Network<Input<20>, Linear<70>, ReLU, Linear<70>, ReLU, Linear<5>, CrossEntropy<>>;
  Model<Watched> model;
  Trainer trainer{model, Sgd{.learning_rate = 1e-6f}};
  Statistics statistics{.every = 1, .out = nullptr};
  trainer.fit(data_for<Watched>(64), {}, {.epochs = 1, .batch_size = 1}, statistics);
  CHECK(std::any_of(statistics.records.begin(), statistics.records.end(),
                    [](const LayerRecord& record) { return record.dead > 0.5; }));
  CHECK_FALSE(statistics.has(LayerFault::DeadUnits));
}

TEST_CASE("layer warnings: a loss that overflows is not taken for a penalty", "[statistics]") {
  using Watched = Network<Input<20>, Linear<70>, ReLU, Linear<5>, MeanSquaredError>;
  Model<Watched> model;
  Trainer trainer{model, sgd};
  const Dataset data(20, uniform(30 * 20, 1), std::vector<float>(30 * 5, 1e25f), std::size_t{5});
  Statistics statistics{.out = nullptr};
  const std::string found = error_of([&] { trainer.fit(data, {}, {.epochs = 1}, statistics); });
  CHECK(has(found, "the loss of the outputs overflows"));
}

TEST_CASE("layer warnings: a fit forgets what the fit before it saw", "[statistics]") {
  Model<Plain> model{Seed{1}};
  Trainer trainer{model, Sgd{.learning_rate = 1e-6f}};
  Statistics statistics{.every = 3, .limits = {.vanishing_values = 1e9}, .out = nullptr};
  constexpr int steps = 4;  // of which the first and the fourth are looked at
  for (int fit = 0; fit < 2; ++fit) {
    trainer.fit(data_for<Plain>(40), {}, {.epochs = 1, .batch_size = 40 / steps}, statistics);
    CHECK(statistics.records.size() == 2 * statistics.layers.size());
    REQUIRE_FALSE(statistics.warnings.empty());
    for (const LayerWarning& warning : statistics.warnings) CHECK(warning.step == fit * steps + 1);
  }
  statistics.limits = {};
  trainer.fit(data_for<Plain>(40), {}, {.epochs = 1}, statistics);
  CHECK(statistics.warnings.empty());
}

TEST_CASE("layer warnings: there is one for every layer and fault", "[statistics]") {
  Model<Rectifiers<Normal<0.01>>> tiny;
  const Statistics statistics = watch(tiny, data_for<Sigmoids>(64), 1e-6f, 2);
  std::map<std::pair<LayerFault, int>, int> times;
  for (const LayerWarning& warning : statistics.warnings) ++times[{warning.fault, warning.layer}];
  int layers_that_vanish = 0;
  for (const auto& [fault_and_layer, count] : times) {
    CHECK(count == 1);
    if (fault_and_layer.first == LayerFault::VanishingValues) ++layers_that_vanish;
  }
  CHECK(layers_that_vanish > 1);
}

TEST_CASE("layer warnings: limits are the user's", "[statistics]") {
  Model<Rectifiers<Kaiming>> good;
  Trainer trainer{good, Sgd{.learning_rate = 0.01f}};
  Statistics statistics{.every = 1, .out = nullptr};
  const auto warns_of = [&](const LayerLimits& limits, LayerFault fault) {
    statistics.limits = limits;
    trainer.fit(data_for<Sigmoids>(64), {}, {.epochs = 1}, statistics);
    return statistics.has(fault);
  };
  CHECK(warns_of({.vanishing_gradients = 1e9}, LayerFault::VanishingGradients));
  CHECK(warns_of({.exploding_gradients = 1e-9}, LayerFault::ExplodingGradients));
  CHECK(warns_of({.vanishing_values = 1e9}, LayerFault::VanishingValues));
  CHECK(warns_of({.exploding_values = 1e-9}, LayerFault::ExplodingValues));
}

}  // namespace test_layer_warnings
