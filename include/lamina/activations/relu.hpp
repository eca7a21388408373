#pragma once

#include <lamina/core/item.hpp>
#include <lamina/expr/expression.hpp>

namespace lamina {

/// y = max(x, 0).
///
/// As `torch.nn.ReLU`. Backward reads the output only; a dropout after it needs no mask.
/// Example: `Linear<512>, ReLU`
struct ReLU {
  static constexpr Role role = Role::Elementwise;
  static constexpr bool rectifier = true;
  static constexpr TextBuffer name() { return item_name("ReLU"); }
  static constexpr TextBuffer check() { return {}; }
  static constexpr auto expression(auto x) { return relu(x); }
};

}  // namespace lamina
