#pragma once

#include <concepts>
#include <cstdint>
#include <sstream>

#include <lamina/core/error.hpp>

namespace lamina {

/// What a schedule counts.
enum class Per { Step, Epoch };

/// Where a `fit` stands, for schedules.
struct Moment {
  std::int64_t step = 0;         ///< steps done in this fit
  std::int64_t steps = 1;        ///< of the whole fit
  int epoch = 0;                 ///< epochs finished
  int epochs = 1;                ///< of the whole fit
  float base_learning_rate = 0;  ///< the optimizer's when the fit began

  /// Steps or epochs that are over.
  [[nodiscard]] std::int64_t count(Per per) const { return per == Per::Step ? step : epoch; }
  /// The same with the share of the present epoch that is over.
  [[nodiscard]] double fraction(Per per) const {
    const double done = static_cast<double>(step);
    return per == Per::Step ? done : done * epochs / static_cast<double>(steps);
  }
};

/// Sets the optimizer's learning rate before every step of a `fit`: a function of the moment alone,
/// so that a run that goes on has the same rates. With a member `momentum(moment)` it sets the
/// optimizer's momentum (Adam's beta1), too. After the fit the optimizer has its own again.
template <class S>
concept Schedule = requires(const S& schedule, const Moment& moment) {
  { schedule.learning_rate(moment) } -> std::convertible_to<float>;
};

/// A rate times a factor, rounded once.
inline float scaled(float rate, double factor) {
  return static_cast<float>(static_cast<double>(rate) * factor);
}

namespace detail {

/// Errors: `Error` for a number of a schedule that makes no sense.
inline void expect_schedule(bool right, const char* expected, double found) {
  if (right) return;
  std::ostringstream message;
  message << expected << ", found " << found;
  throw Error(message.str());
}

/// Calls f(the optimizer's momentum, which Adam calls beta1), if it has one.
template <class Optimizer, class F>
void with_momentum(Optimizer& optimizer, const F& f) {
  if constexpr (requires { optimizer.momentum; }) {
    f(optimizer.momentum);
  } else if constexpr (requires { optimizer.beta1; }) {
    f(optimizer.beta1);
  }
}

template <class Optimizer, class S>
void apply_schedule(Optimizer& optimizer, const S& schedule, const Moment& moment) {
  optimizer.learning_rate = schedule.learning_rate(moment);
  if constexpr (requires { schedule.momentum(moment); }) {
    with_momentum(optimizer, [&](float& momentum) { momentum = schedule.momentum(moment); });
  }
}

}  // namespace detail

}  // namespace lamina
