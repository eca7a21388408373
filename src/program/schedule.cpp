#include <lamina/program/configuration.hpp>
#include <lamina/program/schedule.hpp>
#include <lamina/schedules/one_cycle.hpp>

namespace lamina::program {

namespace {

constexpr ReadySchedule ready[] = {
    {"one-cycle", "rises over a quarter of the steps, then falls to nothing; momentum against it"},
    {"constant", "the learning rate as it is"},
};

}  // namespace

std::span<const ReadySchedule> ready_schedules() {
  return ready;
}

ChosenSchedule find_schedule(const std::string& name, float learning_rate) {
  if (name == "one-cycle") {
    const OneCycle cycle{.max_learning_rate = learning_rate};
    return {[cycle](const Moment& moment) { return cycle.learning_rate(moment); },
            [cycle](const Moment& moment, float) { return cycle.momentum(moment); }};
  }
  if (name == "constant") return {[learning_rate](const Moment&) { return learning_rate; }, {}};
  std::string names;
  for (const ReadySchedule& each : ready)
    names += (names.empty() ? "" : ", ") + std::string(each.name);
  throw UsageError("--schedule: expected one of " + names + ", found '" + name + "'");
}

}  // namespace lamina::program
