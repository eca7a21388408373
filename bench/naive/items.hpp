#pragma once

#include <array>
#include <type_traits>
#include <utility>

#include <lamina/layers/input.hpp>
#include <lamina/layers/linear.hpp>
#include <lamina/network/network.hpp>
#include <lamina/norms/batch_norm.hpp>
#include <lamina/regularizers/dropout.hpp>
#include <lamina/regularizers/l2.hpp>

/// What the naive implementations read from a network's list of items, without the planner.
namespace lamina::naive {

/// Stands for the loss of a network without one, which can only predict.
struct NoLoss {
  using Target = float;
};

/// An item of a list, and where it stands; the `Input` is at -1.
template <class Item>
struct Placed {
  int position;
  bool normalized;  ///< the next item is a normalization: `Dropout<0.0>` does not count between
};

template <class Net>
struct Items;

template <class First, class... Rest>
struct Items<Network<First, Rest...>> {
  static constexpr std::size_t features = static_cast<std::size_t>(First::output().features());

 private:
  static constexpr std::array<Role, sizeof...(Rest) + 1> roles{Rest::role..., Role::Loss};
  template <class Item>
  static constexpr bool is_nothing() {
    if constexpr (requires { Item::rate; }) {
      return Item::rate == 0;
    } else {
      return false;
    }
  }
  static constexpr std::array<bool, sizeof...(Rest) + 1> nothing{is_nothing<Rest>()..., false};
  static constexpr bool normalized_after(std::size_t i) {
    do {
      ++i;
    } while (nothing[i]);
    return roles[i] == Role::Normalization;
  }
  template <class Found, class... Others>
  static auto find_loss() {
    if constexpr (Found::role == Role::Loss || sizeof...(Others) == 0) {
      return std::conditional_t<Found::role == Role::Loss, Found, NoLoss>{};
    } else {
      return find_loss<Others...>();
    }
  }

 public:
  using Loss = decltype(find_loss<Rest...>());

  /// Calls `visit(Placed<Item>)` for every item after the `Input`, in order.
  template <class Visitor>
  static void visit(Visitor&& visitor) {
    std::size_t i = 0;
    ((visitor(Placed<Rest>{static_cast<int>(i), normalized_after(i)}), ++i), ...);
  }

  /// Lambda on the squares of the weights of one layer: its own penalty's, or else the network's.
  template <class Item>
  static constexpr double lambda_of() {
    return lambda_of<Item>([]<class Penalty>(Penalty*) {
      if constexpr (requires { Penalty::lambda; }) return Penalty::lambda;
      return 0.0;
    });
  }
  /// The same on their absolute values.
  template <class Item>
  static constexpr double absolute_of() {
    return lambda_of<Item>([]<class Penalty>(Penalty*) {
      if constexpr (requires { Penalty::absolute; }) return Penalty::absolute;
      return 0.0;
    });
  }

 private:
  template <class Item, class Lambda>
  static constexpr double lambda_of(const Lambda& lambda) {
    if constexpr (std::is_void_v<typename Item::LayerPenalty>) {
      return (0.0 + ... + lambda(static_cast<Rest*>(nullptr)));
    } else {
      return lambda(static_cast<typename Item::LayerPenalty*>(nullptr));
    }
  }
};

}  // namespace lamina::naive
