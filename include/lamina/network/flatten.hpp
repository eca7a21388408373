#pragma once

#include <boost/mp11.hpp>

#include <lamina/core/item.hpp>

/// Structures hold lists of items. Checks and planner go through one list: every structure becomes
/// a mark where its items begin, the items, and a mark where they end.
namespace lamina::detail {

/// Where the items of a structure begin.
template <class Item>
struct Opened {
  static constexpr Role role = Role::Open;
  static constexpr Structure structure = Item::structure;
  using Opens = Item;
  static constexpr TextBuffer name() { return Item::name(); }
};

/// Where the items of a structure end.
template <class Item>
struct Closed {
  static constexpr Role role = Role::Close;
  static constexpr Structure structure = Item::structure;
  using Opens = Item;
  static constexpr TextBuffer name() { return Item::name(); }
};

/// A structure that has its list: one without is an item that lacks a member.
template <class T>
inline constexpr bool is_structure = is_item<T, Role::Structure> && requires {
  typename T::Items;
  T::structure;
};

template <class T, bool = is_structure<T>>
struct FlattenItem {
  using type = boost::mp11::mp_list<T>;
};

/// A list of items with the structures among them taken apart.
template <class... Items>
struct Flatten {
  template <class... Ts>
  static auto flatten() {
    if constexpr (!(is_structure<Ts> || ...)) {
      return boost::mp11::mp_list<Ts...>{};
    } else {
      return boost::mp11::mp_append<typename FlattenItem<Ts>::type...>{};
    }
  }
  using type = decltype(flatten<Items...>());
};

template <class T, class List = typename T::Items>
struct FlattenList;
template <class T, class... Items>
struct FlattenList<T, ItemList<Items...>> {
  using type =
      boost::mp11::mp_append<boost::mp11::mp_list<Opened<T>>, typename Flatten<Items...>::type,
                             boost::mp11::mp_list<Closed<T>>>;
};

template <class T>
struct FlattenItem<T, true> : FlattenList<T> {};

template <class... Items>
using flatten_t = typename Flatten<Items...>::type;

}  // namespace lamina::detail
