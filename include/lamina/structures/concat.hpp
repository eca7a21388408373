#pragma once

#include <lamina/core/item.hpp>

namespace lamina {

/// One way through a `Concat`. An empty branch passes its input on.
template <class... Content>
struct Branch {
  static constexpr Role role = Role::Structure;
  static constexpr Structure structure = Structure::Branch;
  using Items = ItemList<Content...>;
  static constexpr TextBuffer name() { return item_name("Branch"); }
  static constexpr TextBuffer check() { return {}; }
};

namespace detail {

template <class T>
inline constexpr bool is_branch = [] {
  if constexpr (is_item<T, Role::Structure>) return T::structure == Structure::Branch;
  return false;
}();

}  // namespace detail

/// Branches side by side: each sees the same input, their outputs stand behind each other.
///
/// x: (batch, in), y: (batch, sum of the branches' outputs). Nothing is copied where a layer
/// follows: it reads the branches where they lie. `Concat<Branch<>, Branch<Linear<16>, ReLU>>` is
/// the dense connection of DenseNet. The weight of the first item of branch 1 of a `Concat` at
/// position 4 is named `4.1.0.weight`.
///
/// Errors: fewer than two entries, or an entry that is no `Branch`, do not compile.
/// Example: `Concat<Branch<Linear<16>, Tanh>, Branch<Linear<16>, ReLU>>, Linear<10>`
template <class... Branches>
struct Concat {
  static constexpr Role role = Role::Structure;
  static constexpr Structure structure = Structure::Concat;
  using Items = ItemList<Branches...>;
  static constexpr TextBuffer name() { return item_name("Concat"); }
  static constexpr TextBuffer check() {
    TextBuffer wrong;
    if (sizeof...(Branches) < 2) {
      return wrong << "needs at least two branches, got " << sizeof...(Branches);
    }
    ((wrong.empty() && !detail::is_branch<Branches>
          ? wrong << "takes entries of the form Branch<...>, got " << name_of<Branches>()
          : wrong),
     ...);
    return wrong;
  }
};

}  // namespace lamina
