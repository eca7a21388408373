#pragma once

#include <boost/mp11.hpp>
#include <cstddef>
#include <string_view>
#include <type_traits>

#include <lamina/plan/plan.hpp>

/// The random items of a network by position, for their rates.
namespace lamina {

/// The item at a position as tensor names count (the one behind `4.1` is <4, 1>), or void where
/// there is none, and the index of its rate, or -1 where it has none in the plan.
template <class Net, int... Position>
struct ItemAt {
 private:
  using P = Plan<Net>;
  static constexpr bool nested_too_deep = sizeof...(Position) > Path::most_levels;
  static constexpr std::size_t index =
      nested_too_deep ? P::nodes.size() : P::node_at(Path{{Position...}, sizeof...(Position)});
  template <std::size_t I>
  static auto find() {
    if constexpr (I < P::nodes.size()) {
      return boost::mp11::mp_identity<typename P::template ItemOf<I>>{};
    } else {
      return boost::mp11::mp_identity<void>{};
    }
  }

 public:
  using type = typename decltype(find<index>())::type;
  static constexpr int rate_index = P::rate_index(index);
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
