#pragma once

#include <lamina/core/attribute.hpp>
#include <lamina/initializers/weight_draw.hpp>

namespace lamina {

/// Attribute of a layer: how its weights start. Without it the activation that follows decides:
/// `Kaiming` before the ReLU family, `Xavier` before all else. Biases start at zero.
///
/// An initializer is any type whose objects can be called with a `WeightDraw` and return the
/// weight; `Drawn` makes one of a lambda.
///
/// Example: `Linear<64, Init<Glorot>>`
template <class Initializer>
struct Init {
  static constexpr AttributeKind attribute = AttributeKind::Init;
  using type = Initializer;
  static constexpr TextBuffer name() { return item_name("Init", name_of<Initializer>()); }
  static constexpr TextBuffer check() {
    TextBuffer wrong;
    if constexpr (!lamina::Initializer<Initializer>) {
      wrong << "needs an initializer in Init<...>, such as Init<Kaiming>, got "
            << name_of<Initializer>();
    } else if constexpr (requires { Initializer::check(); }) {
      wrong << Initializer::check();
    }
    return wrong;
  }
};

}  // namespace lamina
