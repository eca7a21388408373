#pragma once

#include <array>
#include <cstddef>
#include <type_traits>

#include <lamina/core/text.hpp>
#include <lamina/schedules/schedule.hpp>
#include <lamina/train/batch_loader.hpp>
#include <lamina/train/history.hpp>

namespace lamina::detail {

/// True where a callback is shown the rows of the validation.
template <class Callback>
concept Measures = requires(Callback& callback, History& history) {
  callback.enter(history);
  callback.reset();
};

/// In how many ways a fit uses a callback.
template <class Callback, class State>
constexpr int uses() {
  using Target = typename State::Target;
  return Schedule<Callback> + Sampler<Callback> + Transforms<Callback, Target> +
         Measures<Callback> +
         requires(Callback& callback, State& state) { callback.before_fit(state); } +
         requires(Callback& callback, State& state) { callback.restore(state); } +
         requires(Callback& callback, State& state) { callback.before_epoch(state); } +
         requires(Callback& callback, State& state) { callback.before_step(state); } +
         requires(Callback& callback, State& state) { callback.after_step(state); } +
         requires(Callback& callback, State& state) { callback.failed(state); } +
         requires(Callback& callback, State& state) { callback.save(state); } +
         requires(Callback& callback, State& state) { callback.after_epoch(state); } +
         requires(Callback& callback, State& state) { callback.after_fit(state); };
}

/// Finds what is wrong with the callbacks of a fit. Else what has no member of a callback, by a
/// slip of the pen or because it is const, would do nothing without a word.
template <class State, class... Callbacks>
struct CheckCallbacks {
  static constexpr TextBuffer found = [] {
    constexpr std::size_t count = sizeof...(Callbacks);
    constexpr std::array<int, count> used{uses<Callbacks, State>()...};
    constexpr std::array<int, count> usable{uses<std::remove_const_t<Callbacks>, State>()...};
    constexpr int schedules = (0 + ... + static_cast<int>(Schedule<Callbacks>));
    TextBuffer wrong;
    for (std::size_t i = 0; i < count; ++i) {
      if (usable[i] == 0) {
        wrong << "fit: callback " << i + 1 << " has none of the members of a callback";
        return wrong;
      }
      if (used[i] != usable[i]) {
        wrong << "fit: callback " << i + 1 << " is const, and so cannot remember: give a copy";
        return wrong;
      }
    }
    if (schedules > 1) {
      wrong << "fit: expected at most one schedule of the learning rate, got " << schedules;
    }
    return wrong;
  }();
};

}  // namespace lamina::detail
