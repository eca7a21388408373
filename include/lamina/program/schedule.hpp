#pragma once

#include <functional>
#include <span>
#include <string>
#include <string_view>

#include <lamina/schedules/schedule.hpp>

namespace lamina::program {

/// A schedule that has a name.
struct ReadySchedule {
  std::string_view name;
  std::string_view meaning;
};

[[nodiscard]] std::span<const ReadySchedule> ready_schedules();

/// Schedule: the one that a name stands for, chosen at run time, so that a network is compiled once
/// for all of them.
struct ChosenSchedule {
  std::function<float(const Moment&)> rate;
  std::function<float(const Moment&)> momentum_of;  ///< empty where it stays as it is
  float base_momentum = 0;

  [[nodiscard]] float learning_rate(const Moment& moment) const { return rate(moment); }
  [[nodiscard]] float momentum(const Moment& moment) const {
    return momentum_of ? momentum_of(moment) : base_momentum;
  }
};

/// `learning_rate`: the highest of the schedule. `epochs`: of the whole fit.
/// Errors: `UsageError` for a name that is none.
[[nodiscard]] ChosenSchedule find_schedule(const std::string& name, float learning_rate,
                                           int epochs);

}  // namespace lamina::program
