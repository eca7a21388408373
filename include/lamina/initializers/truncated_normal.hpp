#pragma once

#include <lamina/core/item.hpp>
#include <lamina/initializers/weight_draw.hpp>

namespace lamina {

/// Normal with mean 0, drawn again where it is more than two deviations away from it: no weight
/// starts far out. What is left deviates by 0.8796 of `Deviation`. As Keras' `TruncatedNormal`.
///
/// Example: `Linear<64, Init<TruncatedNormal<0.02>>>`
template <double Deviation = 1.0>
struct TruncatedNormal {
  static constexpr TextBuffer name() { return item_name("TruncatedNormal", Deviation); }
  static constexpr TextBuffer check() {
    TextBuffer wrong;
    if (!(Deviation >= 0)) wrong << "needs a deviation of at least 0, got " << Deviation;
    return wrong;
  }
  double operator()(WeightDraw draw) const {
    double number = draw.normal();
    while (std::abs(number) > 2) number = draw.normal();
    return Deviation * number;
  }
};

}  // namespace lamina
