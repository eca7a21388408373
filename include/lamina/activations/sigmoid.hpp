#pragma once

#include <lamina/core/item.hpp>
#include <lamina/expr/expression.hpp>

namespace lamina {

/// y = 1 / (1 + exp(-x)).
///
/// As `torch.nn.Sigmoid`. Backward reads the output only.
/// Example: `Linear<64>, Sigmoid`
struct Sigmoid {
  static constexpr Role role = Role::Elementwise;
  static constexpr bool rectifier = false;
  static constexpr TextBuffer name() { return item_name("Sigmoid"); }
  static constexpr TextBuffer check() { return {}; }
  static constexpr auto expression(auto x) { return sigmoid(x); }
};

}  // namespace lamina
