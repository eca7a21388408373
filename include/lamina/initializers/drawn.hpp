#pragma once

#include <lamina/core/item.hpp>
#include <lamina/initializers/weight_draw.hpp>

namespace lamina {

/// A user's own initializer: a captureless lambda that is given a `WeightDraw` and returns the
/// weight.
///
/// Example: `Linear<64, Init<Drawn<[](lamina::WeightDraw draw) { return 0.01 * draw.normal(); }>>>`
template <auto Draw>
struct Drawn {
  static constexpr TextBuffer name() { return item_name("Drawn"); }
  double operator()(WeightDraw draw) const
    requires requires {
      { Draw(draw) } -> std::convertible_to<double>;
    }
  {
    constexpr auto formula = Draw;  // see Elementwise
    return formula(draw);
  }
};

}  // namespace lamina
