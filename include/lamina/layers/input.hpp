#pragma once

#include <array>

#include <lamina/core/item.hpp>
#include <lamina/core/shape.hpp>

namespace lamina {

/// The shape of one sample: `Input<784>` features, signals `Input<channels, length>`, or images
/// `Input<channels, height, width>`.
///
/// It stands first in every network, once. Samples are row-major floats, as PyTorch has them:
/// (batch, features), (batch, channels, length), (batch, channels, height, width).
///
/// Errors: zero or negative extents, or more than 3 of them, do not compile.
/// Example: `Network<Input<1, 28, 28>, Conv2d<6, Kernel<5>>, ReLU, Flatten, Linear<10>>`
template <int... Extents>
struct Input {
  static constexpr Role role = Role::Input;
  static constexpr TextBuffer name() {
    if constexpr (sizeof...(Extents) == 0) return item_name("Input<>");
    return item_name("Input", Extents...);
  }

  static constexpr TextBuffer check() {
    TextBuffer wrong;
    if (sizeof...(Extents) < 1 || sizeof...(Extents) > 3) {
      wrong << "takes one extent (features), two (channels, length) or three (channels, height, "
               "width), got "
            << static_cast<int>(sizeof...(Extents));
    } else {
      ((Extents <= 0 && wrong.empty() ? wrong << "needs extents of at least 1, got " << Extents
                                      : wrong),
       ...);
    }
    if constexpr (sizeof...(Extents) >= 1) {
      if (wrong.empty() && !output().countable()) {
        wrong << "has more than " << Shape::most_values << " values a sample";
      }
    }
    return wrong;
  }

  /// The shape that the first layer sees.
  static constexpr Shape output() {
    constexpr std::array extents{Extents...};
    if constexpr (sizeof...(Extents) == 1) return {extents[0]};
    if constexpr (sizeof...(Extents) == 2) return {extents[0], 1, extents[1], 1};
    if constexpr (sizeof...(Extents) == 3) return {extents[0], extents[1], extents[2], 2};
    return {};
  }
};

}  // namespace lamina
