#include <algorithm>
#include <cmath>

#include <lamina/program/configuration.hpp>
#include <lamina/program/schedule.hpp>
#include <lamina/schedules/cosine_annealing.hpp>
#include <lamina/schedules/decay.hpp>
#include <lamina/schedules/linear_warm_up.hpp>
#include <lamina/schedules/one_cycle.hpp>

namespace lamina::program {

namespace {

constexpr ReadySchedule ready[] = {
    {"one-cycle", "rises over a quarter of the steps, then falls to nothing; momentum against it"},
    {"constant", "the learning rate as it is"},
    {"cosine", "half a cosine down to nothing"},
    {"warm-up-cosine", "rises over the first 100 steps, then half a cosine down to nothing"},
    {"step", "a tenth after each third of the epochs"},
    {"exponential", "falls evenly to a hundredth"},
};

template <class S>
ChosenSchedule rate_of(const S& schedule) {
  return {.rate = [schedule](const Moment& moment) { return schedule.learning_rate(moment); },
          .momentum_of = {}};
}

}  // namespace

std::span<const ReadySchedule> ready_schedules() {
  return ready;
}

ChosenSchedule find_schedule(const std::string& name, float learning_rate, int epochs) {
  if (name == "one-cycle") {
    const OneCycle cycle{.max_learning_rate = learning_rate};
    return {.rate = [cycle](const Moment& moment) { return cycle.learning_rate(moment); },
            .momentum_of = [cycle](const Moment& moment) { return cycle.momentum(moment); }};
  }
  if (name == "constant") return rate_of(ConstantRate{});
  if (name == "cosine") return rate_of(CosineAnnealing{});
  if (name == "warm-up-cosine") {
    return rate_of(LinearWarmUp<CosineAnnealing>{.count = 100});
  }
  if (name == "step") return rate_of(StepDecay{.every = std::max(1, (epochs + 2) / 3)});
  if (name == "exponential") {
    return rate_of(ExponentialDecay{.factor = std::pow(0.01F, 1.0F / static_cast<float>(epochs))});
  }
  std::string names;
  for (const ReadySchedule& each : ready) {
    names += (names.empty() ? "" : ", ") + std::string(each.name);
  }
  throw UsageError("--schedule: expected one of " + names + ", found '" + name + "'");
}

}  // namespace lamina::program
