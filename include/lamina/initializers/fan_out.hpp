#pragma once

#include <utility>

#include <lamina/core/item.hpp>
#include <lamina/initializers/weight_draw.hpp>

namespace lamina {

/// Another initializer with inputs and outputs exchanged: what it keeps of values on their way
/// forward, this keeps of gradients on their way back. PyTorch's `mode='fan_out'`.
///
/// Example: `Linear<64, Init<FanOut<Kaiming>>>, ReLU`
template <class Initializer>
struct FanOut {
  static constexpr TextBuffer name() { return item_name("FanOut", name_of<Initializer>()); }
  double operator()(WeightDraw draw) const
    requires DrawsWeights<Initializer>
  {
    std::swap(draw.fan_in, draw.fan_out);
    return Initializer{}(draw);
  }
};

}  // namespace lamina
