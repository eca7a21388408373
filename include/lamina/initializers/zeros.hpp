#pragma once

#include <lamina/core/item.hpp>
#include <lamina/initializers/weight_draw.hpp>

namespace lamina {

/// All weights 0. Units of a hidden layer that start alike stay alike: for last layers, and for the
/// last layer of a residual branch.
///
/// Example: `Linear<10, Init<Zeros>>`
struct Zeros {
  static constexpr TextBuffer name() { return item_name("Zeros"); }
  double operator()(WeightDraw /*draw*/) const { return 0; }
};

}  // namespace lamina
