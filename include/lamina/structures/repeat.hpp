#pragma once

#include <lamina/core/item.hpp>

namespace lamina {

/// The same items `Count` times in a row, each time with parameters of their own.
///
/// Entries are counted through: `Repeat<2, Linear<32>, ReLU>` at position 4 holds 4.0 to 4.3. A
/// thousand times cost little more to compile than one: what is the same is compiled once.
///
/// Errors: a count below 1, or nothing to repeat, does not compile.
/// Example: `Repeat<8, Linear<64>, LayerNorm<>, ReLU>`
template <int Count, class... Content>
struct Repeat {
  static constexpr Role role = Role::Structure;
  static constexpr Structure structure = Structure::Sequence;
  using Items = ItemList<Content...>;
  static constexpr int times = Count;  ///< that `Items` follow each other
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
