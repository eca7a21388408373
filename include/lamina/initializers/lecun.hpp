#pragma once

#include <lamina/core/item.hpp>
#include <lamina/initializers/weight_draw.hpp>

namespace lamina {

/// Normal with deviation sqrt(1 / in), the start that `SELU` needs; the same numbers as `Xavier`.
///
/// Source: LeCun et al. 1998, "Efficient BackProp"; Klambauer et al. 2017,
/// https://arxiv.org/abs/1706.02515
/// Example: `Linear<64, Init<LeCun>>, SELU`
struct LeCun {
  static constexpr TextBuffer name() { return item_name("LeCun"); }
  double operator()(WeightDraw draw) const { return std::sqrt(1.0 / draw.fan_in) * draw.normal(); }
};

}  // namespace lamina
