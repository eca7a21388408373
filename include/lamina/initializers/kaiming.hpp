#pragma once

#include <lamina/core/item.hpp>
#include <lamina/initializers/weight_draw.hpp>

namespace lamina {

/// Normal with deviation gain / sqrt(in): keeps the variance through layers of rectifiers.
///
/// The gain is that of the activation that follows: sqrt(2) for ReLU and where no rectifier
/// follows, sqrt(2 / (1 + a^2)) for `LeakyReLU<a>`. `FanOut<Kaiming>` keeps the variance of
/// gradients in place of that of values. As `torch.nn.init.kaiming_normal_`.
///
/// Example: `Linear<64, Init<Kaiming>>, ReLU`
/// Source: He et al. 2015, https://arxiv.org/abs/1502.01852
struct Kaiming {
  static constexpr TextBuffer name() { return item_name("Kaiming"); }
  double operator()(WeightDraw draw) const {
    return std::sqrt(draw.squared_gain / draw.fan_in) * draw.normal();
  }
};

/// Uniform between -+gain sqrt(3 / in), which deviates as `Kaiming` does. As
/// `torch.nn.init.kaiming_uniform_`.
///
/// Example: `Linear<64, Init<KaimingUniform>>, ReLU`
struct KaimingUniform {
  static constexpr TextBuffer name() { return item_name("KaimingUniform"); }
  double operator()(WeightDraw draw) const {
    return std::sqrt(3 * draw.squared_gain / draw.fan_in) * std::fma(2.0, draw.uniform(), -1.0);
  }
};

}  // namespace lamina
