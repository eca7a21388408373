#pragma once

#include <lamina/core/item.hpp>
#include <lamina/expr/expression.hpp>

namespace lamina {

/// y = tanh(x).
///
/// As `torch.nn.Tanh`. Backward reads the output only.
/// Example: `Linear<32>, Tanh`
struct Tanh {
  static constexpr Role role = Role::Elementwise;
  static constexpr bool rectifier = false;
  static constexpr TextBuffer name() { return item_name("Tanh"); }
  static constexpr TextBuffer check() { return {}; }
  static constexpr auto expression(auto x) { return tanh(x); }
};

}  // namespace lamina
