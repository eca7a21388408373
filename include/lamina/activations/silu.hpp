#pragma once

#include <lamina/core/item.hpp>
#include <lamina/expr/expression.hpp>

namespace lamina {

/// y = x sigmoid(x).
///
/// As `torch.nn.SiLU`, also known as swish. Backward reads the input.
/// Example: `Linear<64>, SiLU`
struct SiLU {
  static constexpr Role role = Role::Elementwise;
  static constexpr bool rectifier = true;
  static constexpr TextBuffer name() { return item_name("SiLU"); }
  static constexpr TextBuffer check() { return {}; }
  static constexpr auto expression(auto x) { return x * sigmoid(x); }
};

}  // namespace lamina
