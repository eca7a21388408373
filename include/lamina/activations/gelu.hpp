#pragma once

#include <lamina/core/item.hpp>
#include <lamina/expr/expression.hpp>

namespace lamina {

/// y = x Phi(x) = x / 2 (1 + erf(x / sqrt 2)).
///
/// As `torch.nn.GELU()`. Backward reads the input.
/// Example: `Linear<64>, GELU`
struct GELU {
  static constexpr Role role = Role::Elementwise;
  static constexpr bool rectifier = true;
  static constexpr TextBuffer name() { return item_name("GELU"); }
  static constexpr TextBuffer check() { return {}; }
  static constexpr auto expression(auto x) {
    return 0.5 * x * (1.0 + erf(0.70710678118654752 * x));
  }
};

/// y = x / 2 (1 + tanh(u)) with u = sqrt(2 / pi) (x + 0.044715 x^3).
///
/// Written as x sigmoid(2 u), the same number, which keeps its relative precision where 1 + tanh(u)
/// loses it: far below zero. As `torch.nn.GELU(approximate='tanh')`. Backward reads the input.
/// Example: `Linear<64>, GELUTanh`
struct GELUTanh {
  static constexpr Role role = Role::Elementwise;
  static constexpr bool rectifier = true;
  static constexpr TextBuffer name() { return item_name("GELUTanh"); }
  static constexpr TextBuffer check() { return {}; }
  static constexpr auto expression(auto x) {
    return x * sigmoid(1.5957691216057307 * (x + 0.044715 * x * x * x));
  }
};

}  // namespace lamina
