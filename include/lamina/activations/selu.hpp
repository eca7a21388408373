#pragma once

#include <lamina/core/item.hpp>
#include <lamina/expr/expression.hpp>

namespace lamina {

/// y = 1.0507 (x where x > 0, else 1.6733 (exp(x) - 1)).
///
/// As `torch.nn.SELU`; keeps mean 0 and variance 1 with the initializer `Xavier`, its default.
/// Source: Klambauer et al. 2017, https://arxiv.org/abs/1706.02515
/// Example: `Linear<64>, SELU`
struct SELU {
  static constexpr Role role = Role::Elementwise;
  static constexpr bool rectifier = false;
  static constexpr TextBuffer name() { return item_name("SELU"); }
  static constexpr TextBuffer check() { return {}; }
  static constexpr auto expression(auto x) {
    return elu(x, 1.6732632423543772848, 1.0507009873554804934);
  }
};

}  // namespace lamina
