#include "errors.hpp"
#include "fitting.hpp"

// Schedules against PyTorch's.

namespace test_schedules {

using namespace lamina;
using namespace lamina::testing;

namespace {

constexpr int epochs = 12;
constexpr int steps = 5;

/// Where a fit stands before a step.
Moment moment_of(int step) {
  return {step, epochs * steps, step / steps, epochs, 0.1f};
}

/// The rates of every step of a fit.
template <Schedule S>
std::vector<float> rates_of(const S& schedule) {
  std::vector<float> rates;
  for (int step = 0; step < epochs * steps; ++step) {
    rates.push_back(schedule.learning_rate(moment_of(step)));
  }
  return rates;
}

void check(const std::vector<float>& found, const std::vector<float>& expected) {
  const std::size_t every = found.size() / expected.size();  // steps a golden rate
  for (std::size_t i = 0; i < found.size(); ++i) {
    INFO(i);
    CHECK(found[i] == Approx(expected[i / every]).epsilon(4 * epsilon));
  }
}

/// The scores of the golden plateau, and the rate that every epoch had.
struct Plateau {
  std::vector<float> scores;
  std::vector<float> rates{};

  void enter(History& history) const { history.metrics.push_back({"score", false}); }
  void reset() {}
  void add(const auto&) {}
  void record(std::vector<double>& numbers) const {
    numbers.push_back(static_cast<double>(scores[rates.size() - 1]));
  }
  void before_epoch(auto& state) { rates.push_back(state.trainer.optimizer().learning_rate); }
};

}  // namespace

TEST_CASE("schedules: PyTorch's curves", "[fit]") {
  const Golden golden("schedules");
  check(rates_of(StepDecay{.every = 3, .factor = 0.5f}), golden.floats("step_decay"));
  check(rates_of(ExponentialDecay{.factor = 0.8f}), golden.floats("exponential"));
  check(rates_of(CosineAnnealing{.period = 2, .period_factor = 2, .min_learning_rate = 0.01f}),
        golden.floats("cosine"));
  check(rates_of(LinearWarmUp<>{.count = 20, .start_factor = 0.1f}), golden.floats("warm_up"));
}

TEST_CASE("schedules: per step and per epoch are the same law", "[fit]") {
  const auto by_step = rates_of(StepDecay{.every = 3 * steps, .factor = 0.5f, .per = Per::Step});
  CHECK(by_step == rates_of(StepDecay{.every = 3, .factor = 0.5f}));
  const auto cosine = rates_of(CosineAnnealing{.period = 2 * steps, .per = Per::Step});
  const auto expected = rates_of(CosineAnnealing{.period = 2});
  for (std::size_t i = 0; i < cosine.size(); ++i) {
    CHECK(cosine[i] == Approx(expected[i]).margin(1e-8));
  }
}

TEST_CASE("schedules: a cosine without a period ends with the fit", "[fit]") {
  const CosineAnnealing cosine{.min_learning_rate = 0.02f};
  CHECK(cosine.learning_rate({0, 60, 0, 12, 0.1f}) == Approx(0.1));
  CHECK(cosine.learning_rate({30, 60, 6, 12, 0.1f}) == Approx(0.06));
  CHECK(cosine.learning_rate({60, 60, 12, 12, 0.1f}) == Approx(0.02));
}

TEST_CASE("schedules: a warm-up goes on as the schedule behind it", "[fit]") {
  const auto rates =
      rates_of(LinearWarmUp<OneCycle>{.count = 10, .then = OneCycle{.max_learning_rate = 0.3f}});
  const auto behind = rates_of(OneCycle{.max_learning_rate = 0.3f});
  CHECK(rates[0] == Approx(0.01 * behind[0]));
  CHECK(rates[5] == Approx((0.01 + 0.99 / 2) * behind[5]));
  CHECK(std::equal(rates.begin() + 10, rates.end(), behind.begin() + 10));
}

TEST_CASE("schedules: a plateau is PyTorch's", "[fit]") {
  const Golden golden("schedules");
  Model<Net> model;
  Trainer trainer{model, Sgd{.learning_rate = 0.1f}};
  Plateau plateau{golden.floats("plateau.scores")};
  trainer.fit(classes(20, 1), classes(20, 2), {.epochs = epochs}, plateau,
              ReduceOnPlateau{.factor = 0.5f,
                              .patience = 1,
                              .min_delta = 0.01,
                              .cooldown = 1,
                              .min_learning_rate = 0.02f,
                              .monitor = "score"});
  check(plateau.rates, golden.floats("plateau"));
}

TEST_CASE("schedules: a plateau never raises a rate", "[fit]") {
  Model<Net> model;
  Trainer trainer{model, Sgd{.learning_rate = 0.001f}};
  Plateau plateau{std::vector<float>(6, 1.0f)};
  trainer.fit(classes(20, 1), classes(20, 2), {.epochs = 6}, plateau,
              ReduceOnPlateau{.patience = 0, .min_learning_rate = 0.02f, .monitor = "score"});
  CHECK(plateau.rates == std::vector<float>(6, 0.001f));
}

TEST_CASE("schedules: many restarts are the same law as few", "[fit]") {
  const CosineAnnealing cosine{.period = 7, .per = Per::Step};
  constexpr std::int64_t many = 1'000'000'000'000;
  for (std::int64_t step = 0; step < 7; ++step) {
    CHECK(cosine.learning_rate({7 * many + step, 8 * many, 0, 1, 0.1f}) ==
          cosine.learning_rate({step, 8 * many, 0, 1, 0.1f}));
  }
}

TEST_CASE("schedules: an exponential decay by steps falls with every step", "[fit]") {
  const ExponentialDecay decay{.factor = 0.5f, .per = Per::Step};
  CHECK(decay.learning_rate(moment_of(3)) == Approx(0.1 / 8));
}

TEST_CASE("schedules: a warm-up by epochs rises with every epoch", "[fit]") {
  const LinearWarmUp<> warm_up{.count = 4, .start_factor = 0, .per = Per::Epoch};
  CHECK(warm_up.learning_rate(moment_of(2 * steps + 1)) == Approx(0.1 * 2 / 4));
}

TEST_CASE("schedules: a warm-up has the momentum of the schedule behind it", "[fit]") {
  const OneCycle cycle;
  const LinearWarmUp<OneCycle> warm_up{.then = cycle};
  CHECK(warm_up.momentum(moment_of(epochs * steps / 2)) == cycle.momentum(0.5f));
}

TEST_CASE("schedules: numbers that make no sense are refused before the first step", "[fit]") {
  const auto refuse = [](auto schedule) {
    Model<Net> model;
    const auto before = model.tensors();
    Trainer trainer{model, sgd};
    const auto message = error_of([&] { trainer.fit(classes(20, 1), {}, {}, schedule); });
    CHECK(same_bits(model.tensors(), before));
    CHECK(trainer.optimizer().learning_rate == sgd.learning_rate);
    return message;
  };
  CHECK(has(refuse(StepDecay{.every = 0}), "StepDecay", "every", "found 0"));
  CHECK(has(refuse(LinearWarmUp<StepDecay>{.then = {.every = -1}}), "every", "found -1"));
  CHECK(has(refuse(CosineAnnealing{.period = -1}), "CosineAnnealing", "period", "found -1"));
  CHECK(has(refuse(CosineAnnealing{.period = 1, .period_factor = 0}), "period_factor", "found 0"));
  CHECK(has(refuse(OneCycle{.warm_up = 1.5f}), "OneCycle", "warm_up", "found 1.5"));
  CHECK(has(refuse(OneCycle{.warm_up = -1}), "OneCycle", "warm_up", "found -1"));
  CHECK(has(refuse(OneCycle{.divisor = 0}), "OneCycle", "divisor", "found 0"));
  CHECK(has(refuse(OneCycle{.final_divisor = 0}), "OneCycle", "final_divisor", "found 0"));
  CHECK(has(refuse(ReduceOnPlateau{.factor = 1}), "ReduceOnPlateau", "factor", "found 1"));
  CHECK(has(refuse(ReduceOnPlateau{.patience = -1}), "ReduceOnPlateau", "patience", "found -1"));
}

TEST_CASE("schedules: what makes no sense changes nothing, not even what is fitted before steps",
          "[fit]") {
  using Fitted = Network<Input<6>, Standardize, Linear<3>, CrossEntropy<>>;
  Model<Fitted> model;
  Trainer trainer{model, sgd};
  const Dataset data = classes(20, 1);
  CHECK_THROWS_AS(trainer.fit(data, {}, {}, StepDecay{.every = 0}), Error);
  CHECK_THROWS_AS(trainer.fit(data, {}, {}, WeightedSampling({1, 2})), Error);
  CHECK_THROWS_AS(trainer.fit(data, {}, {}, EarlyStopping{.monitor = "nothing"}), Error);
  CHECK_FALSE(model.is_standardized());
  CHECK(trainer.optimizer().learning_rate == sgd.learning_rate);
}

}  // namespace test_schedules
