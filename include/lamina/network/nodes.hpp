#pragma once

#include <algorithm>
#include <array>
#include <boost/mp11.hpp>
#include <cstddef>

#include <lamina/core/item.hpp>
#include <lamina/core/path.hpp>

/// A network's list as numbers. Structures hold lists of items; checks and planner go through one
/// list of nodes, in which every structure becomes a mark where its items begin, the items, and a
/// mark where they end. A node says of which kind it is, and types are looked at once a kind: what
/// a network costs to compile follows from the different items in it, and not from how many there
/// are.
namespace lamina::detail {

/// A structure that has its list: one without is an item that lacks a member.
template <class T>
inline constexpr bool is_structure = is_item<T, Role::Structure> && requires {
  typename T::Items;
  T::structure;
};

/// How often the items of a structure follow each other.
template <class T>
inline constexpr int times_of = [] {
  if constexpr (requires { T::times; }) return T::times > 0 ? T::times : 0;
  return 1;
}();

/// The mark where the items of a structure end.
constexpr Role end_of(Structure structure) {
  if (structure == Structure::Residual) return Role::Sum;
  return structure == Structure::Concat ? Role::Join : Role::Close;
}
constexpr bool is_end(Role role) {
  return role == Role::Close || role == Role::Sum || role == Role::Join;
}

/// One entry of a network's list.
struct Node {
  Role role = Role::Elementwise;  ///< marks of structures, too
  int kind = 0;                   ///< its place in the list of kinds
  Path path{};
  int stream = 0;  ///< the item's number, structures not counted: its position in a flat list
};

template <class T, bool = is_structure<T>>
struct KindsIn {
  using type = boost::mp11::mp_list<T>;
};
template <class List>
struct KindsOfList;
/// The different items of a list and of the structures in it. Folded and not `mp_unique`, whose
/// depth is the length of the list.
template <class... Items>
struct KindsOfList<ItemList<Items...>> {
  using type = boost::mp11::mp_fold<
      boost::mp11::mp_append<boost::mp11::mp_list<>, typename KindsIn<Items>::type...>,
      boost::mp11::mp_list<>, boost::mp11::mp_set_push_back>;
};
template <class T>
struct KindsIn<T, true> {
  using type = boost::mp11::mp_push_front<typename KindsOfList<typename T::Items>::type, T>;
};

/// Nodes that a network may have: compilers count the steps of what they compute, and clang gives
/// up after 2^20.
inline constexpr std::size_t most_nodes = 10'000;

template <class T>
constexpr std::size_t count_nodes();
template <class... Items>
constexpr std::size_t count_nodes(ItemList<Items...>) {
  std::size_t count = 0;
  for (const std::size_t nodes : {std::size_t{0}, count_nodes<Items>()...}) count += nodes;
  return std::min(count, most_nodes + 1);  // whatever repetitions multiply to
}
template <class T>
constexpr std::size_t count_nodes() {
  if constexpr (is_structure<T>) {
    return 2 + static_cast<std::size_t>(times_of<T>) * count_nodes(typename T::Items{});
  } else {
    return 1;
  }
}

/// Writes the nodes of items one after the other.
template <class Kinds>
class NodeWriter {
 public:
  constexpr explicit NodeWriter(Node* to) : to_(to) {}

  template <class... Items>
  constexpr void write_all(ItemList<Items...>) {
    // A list and no fold: clang folds at most 256 items.
    [[maybe_unused]] const bool in_order[]{true, (write<Items>(), true)...};
  }

 private:
  template <class T>
  constexpr void write() {
    constexpr int kind = static_cast<int>(boost::mp11::mp_find<Kinds, T>::value);
    if constexpr (is_structure<T>) {
      put(Role::Open, kind);
      path_.enter();
      for (int i = 0; i < times_of<T>; ++i) write_all(typename T::Items{});
      path_.leave();
      put(end_of(T::structure), kind);
    } else {
      if constexpr (Item<T>) {
        put(T::role, kind);
      } else {
        put(Role::Elementwise, kind);  // what is no item: the checks say so
      }
      ++stream_;
    }
    ++path_.last();
  }
  constexpr void put(Role role, int kind) { *to_++ = {role, kind, path_, stream_}; }

  Node* to_;
  Path path_{{-1}};  // the Input does not count
  int stream_ = -1;
};

/// The nodes of a network's list, and its different items.
template <class... Items>
struct Nodes {
  using Kinds = typename KindsOfList<ItemList<Items...>>::type;
  static constexpr bool too_many = count_nodes(ItemList<Items...>{}) > most_nodes;
  static constexpr std::size_t count = too_many ? 0 : count_nodes(ItemList<Items...>{});
  static constexpr std::array<Node, count> list = [] {
    std::array<Node, count> nodes{};
    if (!too_many) NodeWriter<Kinds>(nodes.data()).write_all(ItemList<Items...>{});
    return nodes;
  }();
};

}  // namespace lamina::detail
