#pragma once

#include <lamina/core/item.hpp>
#include <lamina/core/shape.hpp>

namespace lamina {

/// The shape of one sample: `Input<784>` features, or `Input<channels, height, width>`.
///
/// It stands first in every network, once. Samples are row-major floats, (batch, features).
///
/// Errors: zero or negative extents, or other than 1 or 3 of them, do not compile.
/// Example: `Network<Input<784>, Linear<10>, CrossEntropy<>>`
template <int... Extents>
struct Input {
  static constexpr Role role = Role::Input;
  static constexpr TextBuffer name() {
    if constexpr (sizeof...(Extents) == 0) return item_name("Input<>");
    return item_name("Input", Extents...);
  }

  static constexpr TextBuffer check() {
    TextBuffer wrong;
    if (sizeof...(Extents) != 1 && sizeof...(Extents) != 3) {
      wrong << "takes one extent (features) or three (channels, height, width), got "
            << static_cast<int>(sizeof...(Extents));
    } else {
      ((Extents <= 0 && wrong.empty() ? wrong << "needs extents of at least 1, got " << Extents
                                      : wrong),
       ...);
    }
    return wrong;
  }

  /// The shape that the first layer sees.
  static constexpr Shape output() { return Shape{Extents...}; }
};

}  // namespace lamina
