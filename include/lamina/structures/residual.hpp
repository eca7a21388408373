#pragma once

#include <lamina/core/item.hpp>

namespace lamina {

/// The other way through a `Residual`, last in its list: what is added to the items' output in
/// place of the input. Needed where the items change the number of features.
///
/// Example: `Residual<Linear<128>, ReLU, Linear<64>, Shortcut<Linear<64, NoBias>>>`
template <class... Content>
struct Shortcut {
  static constexpr Role role = Role::Structure;
  static constexpr Structure structure = Structure::Shortcut;
  using Items = ItemList<Content...>;
  static constexpr TextBuffer name() { return item_name("Shortcut"); }
  static constexpr TextBuffer check() { return {}; }
};

namespace detail {

template <class T>
inline constexpr bool is_shortcut = [] {
  if constexpr (is_item<T, Role::Structure>) return T::structure == Structure::Shortcut;
  return false;
}();

}  // namespace detail

/// y = x + items(x): the items learn what to add to their input. With a `Shortcut` last in the
/// list, y = shortcut(x) + items(x).
///
/// x: (batch, in), y: (batch, in), or the outputs of the shortcut. The sum is part of the loop of
/// the last stage; activations that follow the block are items after it. Arrays are named by paths:
/// the weight of the second item of a residual at position 4 is `4.1.weight`, as in a
/// `torch.nn.Sequential` whose `forward` adds its input.
///
/// Errors: items that end with another number of features than is added do not compile.
/// Example: `Linear<64>, Residual<BatchNorm<>, ReLU, Linear<64>>, ReLU`
/// Source: He et al. 2016, https://arxiv.org/abs/1512.03385
template <class... Content>
struct Residual {
  static constexpr Role role = Role::Structure;
  static constexpr Structure structure = Structure::Residual;
  using Items = ItemList<Content...>;
  static constexpr TextBuffer name() { return item_name("Residual"); }
  static constexpr TextBuffer check() {
    TextBuffer wrong;
    constexpr int shortcuts = (0 + ... + (detail::is_shortcut<Content> ? 1 : 0));
    constexpr bool is_last = [] {
      bool last = false;
      ((last = detail::is_shortcut<Content>), ...);
      return last;
    }();
    if (sizeof...(Content) == shortcuts) {
      wrong << "needs items that make something to add, such as Residual<Linear<64>, ReLU>";
    } else if (shortcuts > 1) {
      wrong << "takes one Shortcut, got " << shortcuts;
    } else if (shortcuts == 1 && !is_last) {
      wrong << "takes its Shortcut last in its list";
    }
    return wrong;
  }
};

}  // namespace lamina
