#pragma once

#include <array>
#include <cstddef>
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

/// What a list begins with, as a layer before it sees it. A bias directly before a normalization
/// over the batch disappears; `Dropout<0.0>` does not count between, nor does the beginning of a
/// `Repeat`, while a residual or branches read the layer's output as it is.
enum class Beginning { Nothing, BatchMean, Other };

template <class... Content>
constexpr Beginning beginning_of(ItemList<Content...>);

template <class Item>
constexpr Beginning beginning_of() {
  if constexpr (Item::role == Role::Structure) {
    if (Item::structure != Structure::Sequence) return Beginning::Other;
    return beginning_of(typename Item::Items{});
  } else if constexpr (Item::role == Role::Normalization) {
    constexpr Normalization norm = Item::normalization;
    return reduces(norm.axes, Axes::Batch) && norm.centered ? Beginning::BatchMean
                                                            : Beginning::Other;
  } else if constexpr (requires { Item::rate; }) {
    return Item::rate == 0 ? Beginning::Nothing : Beginning::Other;
  } else {
    return Beginning::Other;
  }
}
template <class... Content>
constexpr Beginning beginning_of(ItemList<Content...>) {
  Beginning found = Beginning::Nothing;
  ((found = found == Beginning::Nothing ? beginning_of<Content>() : found), ...);
  return found;
}

/// An item of a list, and where it stands in it.
template <class Item>
struct Placed {
  int position;
  bool normalized;  ///< a normalization over the batch follows directly
};

/// Calls `visit(Placed<Item>)` for every item of a list, in order; `behind` is what follows it,
/// `position` where it begins.
template <class... Content, class Visitor>
void visit_items(ItemList<Content...>, Beginning behind, Visitor&& visitor, int position = 0) {
  const std::array<Beginning, sizeof...(Content) + 1> beginnings{beginning_of<Content>()...,
                                                                 behind};
  [[maybe_unused]] const auto normalized = [&](std::size_t next) {
    while (next < sizeof...(Content) && beginnings[next] == Beginning::Nothing) ++next;
    return beginnings[next] == Beginning::BatchMean;
  };
  std::size_t next = 0;  // while an item is visited, the one behind it
  ((++next, visitor(Placed<Content>{position + static_cast<int>(next) - 1, normalized(next)})),
   ...);
}

template <class Net>
struct Items;

template <class First, class... Rest>
struct Items<Network<First, Rest...>> {
  static constexpr Shape input = First::output();
  static constexpr std::size_t features = static_cast<std::size_t>(input.features());

 private:
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
  /// All items after the `Input`.
  using List = ItemList<Rest...>;

  /// Calls `visit(Placed<Item>)` for every item after the `Input`, in order.
  template <class Visitor>
  static void visit(Visitor&& visitor) {
    visit_items(List{}, Beginning::Nothing, std::forward<Visitor>(visitor));
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
