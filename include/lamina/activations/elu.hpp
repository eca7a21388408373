#pragma once

#include <lamina/core/item.hpp>
#include <lamina/expr/expression.hpp>

namespace lamina {

/// y = x where x > 0, else Alpha (exp(x) - 1).
///
/// As `torch.nn.ELU`. Backward reads the output only.
/// Example: `Linear<64>, ELU<>`
template <double Alpha = 1.0>
struct ELU {
  static constexpr Role role = Role::Elementwise;
  static constexpr bool rectifier = true;
  static constexpr TextBuffer name() { return item_name("ELU", Alpha); }
  static constexpr TextBuffer check() {
    TextBuffer wrong;
    if (!(Alpha >= 0)) wrong << "needs an alpha of at least 0, got " << Alpha;
    return wrong;
  }
  static constexpr auto expression(auto x) { return elu(x, Alpha); }
};

}  // namespace lamina
