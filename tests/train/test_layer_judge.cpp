#include "errors.hpp"
#include "watching.hpp"

// What the callback `Statistics` makes of the numbers of a step: judged by limits, and named where
// they are not finite.

namespace test_layer_judge {

using namespace lamina;
using namespace lamina::testing;
using namespace lamina::testing::watching;

namespace {

using runtime::StageStatistics;

struct Verdict {
  int layer;
  LayerFault fault;
  std::string text;
};

/// A healthy network of three layers, of 70, 33 and 5 units, but for one thing.
struct Judged {
  const char* name;
  std::size_t layer = 0;
  void (*change)(StageStatistics& layer);
  double inputs = 1;  // root mean square
  std::size_t rows = 64;
  LayerLimits limits{};
  std::vector<Verdict> expected{};
};

std::vector<StageStatistics> healthy_but(std::size_t layer, void (*change)(StageStatistics&)) {
  StageStatistics healthy;
  healthy.mean = 0.5;
  healthy.deviation = 1;
  healthy.weight_gradient = 1;
  healthy.value_gradient = 1;
  std::vector<StageStatistics> layers(3, healthy);
  change(layers[layer]);
  return layers;
}

void change_nothing(StageStatistics&) {}

std::vector<Judged> judged_cases() {
  return {
      {.name = "a healthy network", .change = change_nothing},
      {.name = "a gradient that is not finite",
       .change = [](StageStatistics& layer) { layer.finite_gradients = false; },
       .expected = {{0, LayerFault::NotFinite, "a gradient is NaN or infinite"}}},
      {.name = "an output of the last layer that is not finite",
       .layer = 2,
       .change = [](StageStatistics& layer) { layer.finite_values = false; },
       .expected = {{2, LayerFault::NotFinite, "an output is NaN or infinite"}}},
      {.name = "a large mean",
       .change = [](StageStatistics& layer) { layer.mean = 200; },
       .expected = {{0, LayerFault::ExplodingValues,
                     "its outputs explode: 2e+02 times the inputs"}}},
      {.name = "a large mean of large inputs",
       .change = [](StageStatistics& layer) { layer.mean = 200; },
       .inputs = 100},
      {.name = "small inputs that come out larger",
       .change = [](StageStatistics& layer) { layer.mean = 2; },
       .inputs = 0.01},
      {.name = "a small deviation",
       .change = [](StageStatistics& layer) { layer.deviation = 2e-5; },
       .expected = {{0, LayerFault::VanishingValues, "its outputs vanish: they deviate 2e-05"}}},
      {.name = "a small deviation of small inputs",
       .change = [](StageStatistics& layer) { layer.deviation = 2e-5; },
       .inputs = 0.1},
      {.name = "a deviation that is small beside large inputs alone",
       .change = [](StageStatistics& layer) { layer.deviation = 2e-4; },
       .inputs = 10},
      {.name = "outputs of the network itself, which may be any",
       .layer = 2,
       .change =
           [](StageStatistics& layer) {
             layer.mean = 200;
             layer.deviation = 0;
           }},
      {.name = "a gradient that explodes by its norm, not by its mean",
       .change = [](StageStatistics& layer) { layer.value_gradient = 300; },
       .expected = {{0, LayerFault::ExplodingGradients,
                     "its gradient explodes: 1.1e+03 times that of the last layer"}}},
      {.name = "a last layer without a gradient to compare with",
       .layer = 2,
       .change = [](StageStatistics& layer) { layer.value_gradient = 0; }},
      {.name = "dead units, in as many rows as it takes",
       .change = [](StageStatistics& layer) { layer.dead = 0.3; },
       .rows = 16,
       .limits = {.dead = 0.25},
       .expected = {{0, LayerFault::DeadUnits, "30 % of its units are zero for the whole batch"}}},
      {.name = "units that are zero in too few rows to be dead",
       .change = [](StageStatistics& layer) { layer.dead = 0.3; },
       .rows = 15,
       .limits = {.dead = 0.25}},
  };
}

}  // namespace

TEST_CASE("layer judge: what is wrong with a layer, and nothing else, is said of it",
          "[statistics]") {
  for (const Judged& judged : judged_cases()) {
    INFO(judged.name);
    std::vector<Verdict> found;
    const auto warn = [&](int layer, LayerFault fault, const std::string& text) {
      found.push_back({layer, fault, text});
    };
    detail::LayerJudge(judged.limits, Plan<Plain>::stages, judged.inputs, judged.rows, warn)
        .judge(healthy_but(judged.layer, judged.change));
    CHECK(found.size() == judged.expected.size());
    for (std::size_t i = 0; i < std::min(found.size(), judged.expected.size()); ++i) {
      CHECK(found[i].layer == judged.expected[i].layer);
      CHECK(found[i].fault == judged.expected[i].fault);
      CHECK(found[i].text == judged.expected[i].text);
    }
  }
}

TEST_CASE("layer judge: of what is not finite the origin is named", "[statistics]") {
  const std::vector<std::string> names{"first", "second", "third"};
  const auto name = [&](const std::vector<StageStatistics>& layers, double inputs, double penalty,
                        bool finite_loss = false) {
    return detail::name_not_finite(layers, names, inputs, {finite_loss, penalty});
  };
  const auto healthy = healthy_but(0, change_nothing);
  CHECK(name(healthy, NAN, 0) == "the batch's inputs are not finite");
  CHECK(has(name(healthy, 1, INFINITY), "penalties are not"));
  CHECK(has(name(healthy, 1, 0), "the loss of the outputs overflows"));
  CHECK(has(name(healthy, 1, 0, true), "the update overflows"));
  auto broken = healthy;
  broken[0].finite_gradients = broken[1].finite_gradients = false;
  CHECK(has(name(broken, 1, 0), "gradient of layer second"));  // gradients come from behind
  broken[1].finite_values = broken[2].finite_values = false;
  CHECK(has(name(broken, 1, 0), "outputs of layer second"));
}

}  // namespace test_layer_judge
