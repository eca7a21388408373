#pragma once

#include <boost/mp11.hpp>
#include <cstddef>
#include <string_view>
#include <type_traits>

#include <lamina/plan/plan.hpp>

/// The random items of a network by position, for their rates.
namespace lamina {

/// The item at a position as tensor names count, or void where there is none, and the index of its
/// rate, or -1 where it has none in the plan.
template <class Net, int... Position>
struct ItemAt {
  using type = void;
  static constexpr int rate_index = -1;
};

template <class First, class... Items, int Position>
  requires(Position >= 0 && static_cast<std::size_t>(Position) < sizeof...(Items))
struct ItemAt<Network<First, Items...>, Position> {
  using type =
      boost::mp11::mp_at_c<boost::mp11::mp_list<Items...>, static_cast<std::size_t>(Position)>;
  static constexpr int rate_index = Plan<Network<First, Items...>>::rate_index(Position);
};

/// Writes `set_rate<4, 1>`.
template <int... Position>
constexpr TextBuffer with_positions(std::string_view function) {
  return item_name(function, Position...);
}

/// What a rate is asked for.
enum class RateUse { Get, Set };

/// Finds that no random item stands at a position.
template <class Net, RateUse Use, int... Position>
struct CheckRate {
  static constexpr TextBuffer found = [] {
    using Found = ItemAt<Net, Position...>;
    using Item = typename Found::type;
    TextBuffer wrong;
    if (Found::rate_index >= 0) return wrong;
    wrong << with_positions<Position...>(Use == RateUse::Set ? "set_rate" : "rate");
    if constexpr (std::is_void_v<Item>) {
      wrong << ": expected the position of a random item, such as Dropout, found no item there";
    } else if constexpr (expr::Random<Item>) {
      wrong << ": " << name_of<Item>()
            << " has disappeared from the plan: give it a positive default, which set_rate can "
               "change to 0";
    } else {
      wrong << ": expected a random item, such as Dropout, found " << name_of<Item>();
    }
    return wrong;
  }();
};

}  // namespace lamina
