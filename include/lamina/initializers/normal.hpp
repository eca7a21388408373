#pragma once

#include <lamina/core/item.hpp>
#include <lamina/initializers/weight_draw.hpp>

namespace lamina {

/// Normal with a fixed deviation and mean, whatever the size of the layer: the outputs of a layer
/// of n inputs are sqrt(n) times as large as its inputs. As `torch.nn.init.normal_`.
///
/// Example: `Linear<64, Init<Normal<0.02>>>`
template <double Deviation = 1.0, double Mean = 0.0>
struct Normal {
  static constexpr TextBuffer name() { return item_name("Normal", Deviation, Mean); }
  static constexpr TextBuffer check() {
    TextBuffer wrong;
    if (!(Deviation >= 0)) wrong << "needs a deviation of at least 0, got " << Deviation;
    return wrong;
  }
  double operator()(WeightDraw draw) const { return std::fma(Deviation, draw.normal(), Mean); }
};

}  // namespace lamina
