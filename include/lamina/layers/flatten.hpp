#pragma once

#include <lamina/core/item.hpp>
#include <lamina/core/operation.hpp>

namespace lamina {

/// Images and signals to flat features, channel by channel: feature (c height + y) width + x, the
/// order of `torch.nn.Flatten`, so that files are exchanged. Of flat features it changes nothing.
///
/// Example: `MaxPool<2>, Flatten, Linear<120>`
struct Flatten {
  static constexpr Role role = Role::Spatial;
  static constexpr TextBuffer name() { return item_name("Flatten"); }
  static constexpr TextBuffer check() { return {}; }
  static constexpr TextBuffer check_input(Shape) { return {}; }
  static constexpr Shape output(Shape input) { return Shape{input.features()}; }
  static constexpr SpatialOperation spatial(Shape input) {
    if (input.flat()) return {};  // nothing moves
    return {.operation = Operation::Flatten, .place = &place};
  }

 private:
  static constexpr Place place(const Shape& input, Place from) {
    return {from.channel * input.positions() + from.position, 0};
  }
};

}  // namespace lamina
