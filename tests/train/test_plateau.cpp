#include "errors.hpp"
#include "fitting.hpp"
#include "io/files.hpp"

// `ReduceOnPlateau`: when it waits, lowers the rate and cools down. Its law as a whole is compared
// to PyTorch's in test_schedules.cpp.

namespace test_plateau {

using namespace lamina;
using namespace lamina::testing;

namespace {

using Rates = std::vector<float>;

struct EpochRates {
  Rates rates;

  void before_epoch(auto& state) { rates.push_back(state.trainer.optimizer().learning_rate); }
};

/// The rates of the epochs of a fit that begins with 1, by scores of which lower ones are better.
template <class... Callbacks>
Rates rates_of(ReduceOnPlateau& plateau, const std::vector<double>& scores, int epochs,
               Callbacks... callbacks) {
  plateau.monitor = "scripted";
  Model<Net> model;
  Trainer trainer{model, Sgd{.learning_rate = 1}};
  EpochRates seen;
  trainer.fit(classes(20, 1), classes(20, 2), {.epochs = epochs}, Scripted{scores, false}, plateau,
              seen, callbacks...);
  return seen.rates;
}

Rates rates_of(ReduceOnPlateau plateau, const std::vector<double>& scores) {
  return rates_of(plateau, scores, static_cast<int>(scores.size()));
}

}  // namespace

TEST_CASE("plateau: without a cooldown it waits anew at once", "[fit]") {
  CHECK(rates_of({.factor = 0.5f, .patience = 1}, {1, 1, 1, 1, 1, 1, 1}) ==
        Rates{1, 1, 1, 0.5f, 0.5f, 0.25f, 0.25f});
}

TEST_CASE("plateau: a score that is better by less than min_delta is not better", "[fit]") {
  CHECK(rates_of({.factor = 0.5f, .patience = 1, .min_delta = 0.1}, {1, 0.95, 0.94, 0.93}) ==
        Rates{1, 1, 1, 0.5f});
  CHECK(rates_of({.factor = 0.5f, .patience = 1, .min_delta = 0.001}, {1, 0.95, 0.94, 0.93}) ==
        Rates{1, 1, 1, 1});
}

TEST_CASE("plateau: an equal score is not better, even with a min_delta of 0", "[fit]") {
  CHECK(rates_of({.factor = 0.5f, .patience = 1, .min_delta = 0}, {1, 1, 1, 1}) ==
        Rates{1, 1, 1, 0.5f});
}

TEST_CASE("plateau: an object that is used again begins anew", "[fit]") {
  const auto check_again = [](ReduceOnPlateau plateau, const std::vector<double>& scores,
                              const Rates& expected) {
    for (int time = 0; time < 2; ++time) {
      CHECK(rates_of(plateau, scores, static_cast<int>(scores.size())) == expected);
    }
  };
  check_again({.factor = 0.5f, .patience = 1}, {1, 1, 1}, {1, 1, 1});
  check_again({.factor = 0.5f, .patience = 2}, {1, 1, 1, 1}, {1, 1, 1, 1});
  // Ends in a cooldown.
  check_again({.factor = 0.5f, .patience = 0, .cooldown = 3}, {1, 1, 1}, {1, 1, 0.5f});
}

TEST_CASE("plateau: a factor of 0 and a cooldown below 0 are refused", "[fit]") {
  CHECK(has(error_of([] { rates_of({.factor = 0}, {1}); }), "factor", "found 0"));
  CHECK(has(error_of([] { rates_of({.cooldown = -1}, {1}); }), "cooldown", "found -1"));
}

TEST_CASE("plateau: what it has waited and cooled goes on over a resume", "[resume]") {
  const TemporaryDirectory directory;
  const auto run = [&](const std::vector<double>& scores, int epochs) {
    ReduceOnPlateau plateau{.factor = 0.5f, .patience = 1, .cooldown = 2};
    return rates_of(plateau, scores, epochs,
                    Checkpoint{.directory = directory.path(), .resume = true});
  };
  CHECK(run({1, 1}, 2) == Rates{1, 1});     // has waited an epoch
  CHECK(run({1, 1}, 4) == Rates{1, 0.5f});  // has an epoch left to cool
  CHECK(run({1, 1, 1, 1}, 8) == Rates{0.5f, 0.5f, 0.5f, 0.25f});
}

TEST_CASE("plateau: a run that followed another monitor is refused", "[resume]") {
  const TemporaryDirectory directory;
  const Dataset data = classes(40, 5);
  const auto run = [&](const char* monitor, int epochs) {
    Model<Net> model;
    Trainer(model, sgd)
        .fit(data, data, {.epochs = epochs}, ReduceOnPlateau{.monitor = monitor},
             Checkpoint{.directory = directory.path(), .resume = true});
  };
  run("loss", 1);
  CHECK(has(error_of([&] { run("validation_loss", 2); }), "monitor", "'loss'"));
  run("loss", 2);
}

}  // namespace test_plateau
