#pragma once

#include <cstddef>
#include <utility>

#include <lamina/core/item.hpp>

namespace lamina {

namespace detail {

template <class First, class Second>
struct JoinedItems;
template <class... First, class... Second>
struct JoinedItems<ItemList<First...>, ItemList<Second...>> {
  using type = ItemList<First..., Second...>;
};

template <int Count, class... Items>
struct RepeatedItems {
  using type = typename JoinedItems<ItemList<Items...>,
                                    typename RepeatedItems<Count - 1, Items...>::type>::type;
};
template <int Count, class... Items>
  requires(Count <= 0)
struct RepeatedItems<Count, Items...> {
  using type = ItemList<>;
};

}  // namespace detail

/// The same items `Count` times in a row, each time with parameters of their own.
///
/// Entries are counted through: `Repeat<2, Linear<32>, ReLU>` at position 4 holds 4.0 to 4.3.
///
/// Errors: a count below 1, or nothing to repeat, does not compile.
/// Example: `Repeat<8, Linear<64>, LayerNorm<>, ReLU>`
template <int Count, class... Content>
struct Repeat {
  static constexpr Role role = Role::Structure;
  static constexpr Structure structure = Structure::Sequence;
  using Items = typename detail::RepeatedItems<Count, Content...>::type;
  static constexpr TextBuffer name() { return item_name("Repeat", Count); }
  static constexpr TextBuffer check() {
    TextBuffer wrong;
    if (Count < 1) {
      wrong << "needs a count of at least 1, got " << Count;
    } else if (sizeof...(Content) == 0) {
      wrong << "needs items to repeat, such as Repeat<2, Linear<64>, ReLU>";
    }
    return wrong;
  }
};

}  // namespace lamina
