#pragma once

#include <lamina/core/item.hpp>
#include <lamina/initializers/weight_draw.hpp>

namespace lamina {

/// Normal with deviation sqrt(1 / in): keeps the variance through layers of odd activations.
///
/// What PyTorch calls Xavier is `Glorot` here.
/// Example: `Linear<64, Init<Xavier>>, Tanh`
struct Xavier {
  static constexpr TextBuffer name() { return item_name("Xavier"); }
  double operator()(WeightDraw draw) const { return std::sqrt(1.0 / draw.fan_in) * draw.normal(); }
};

}  // namespace lamina
