#pragma once

#include <lamina/core/item.hpp>
#include <lamina/initializers/weight_draw.hpp>

namespace lamina {

/// All weights the same. As `torch.nn.init.constant_`.
///
/// Example: `Linear<1, Init<Constant<0.1>>>`
template <double Value>
struct Constant {
  static constexpr TextBuffer name() { return item_name("Constant", Value); }
  double operator()(WeightDraw /*draw*/) const { return Value; }
};

}  // namespace lamina
