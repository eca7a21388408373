#pragma once

#include <lamina/core/item.hpp>
#include <lamina/initializers/weight_draw.hpp>

namespace lamina {

/// Normal with deviation sqrt(2 / (in + out)): between the needs of forward and backward.
///
/// As `torch.nn.init.xavier_normal_`. Source: Glorot and Bengio 2010,
/// https://proceedings.mlr.press/v9/glorot10a.html
/// Example: `Linear<64, Init<Glorot>>`
struct Glorot {
  static constexpr TextBuffer name() { return item_name("Glorot"); }
  double operator()(WeightDraw draw) const {
    return std::sqrt(2.0 / (draw.fan_in + draw.fan_out)) * draw.normal();
  }
};

/// Uniform between -+sqrt(6 / (in + out)), which deviates as `Glorot` does. As
/// `torch.nn.init.xavier_uniform_` and Keras' default for dense layers.
///
/// Example: `Linear<64, Init<GlorotUniform>>`
struct GlorotUniform {
  static constexpr TextBuffer name() { return item_name("GlorotUniform"); }
  double operator()(WeightDraw draw) const {
    return std::sqrt(6.0 / (draw.fan_in + draw.fan_out)) * std::fma(2.0, draw.uniform(), -1.0);
  }
};

}  // namespace lamina
