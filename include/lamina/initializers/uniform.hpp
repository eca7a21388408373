#pragma once

#include <lamina/core/item.hpp>
#include <lamina/initializers/weight_draw.hpp>

namespace lamina {

/// Uniform in [Low, High). As `torch.nn.init.uniform_`.
///
/// Example: `Linear<64, Init<Uniform<-0.05, 0.05>>>`
template <double Low = 0.0, double High = 1.0>
struct Uniform {
  static constexpr TextBuffer name() { return item_name("Uniform", Low, High); }
  static constexpr TextBuffer check() {
    TextBuffer wrong;
    if (!(Low <= High)) {
      wrong << "needs a low end not above the high one, got " << Low << " and " << High;
    }
    return wrong;
  }
  double operator()(WeightDraw draw) const { return std::fma(High - Low, draw.uniform(), Low); }
};

}  // namespace lamina
