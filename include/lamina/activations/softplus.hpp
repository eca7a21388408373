#pragma once

#include <lamina/core/item.hpp>
#include <lamina/expr/expression.hpp>

namespace lamina {

/// y = log(1 + exp(Beta x)) / Beta, and x itself where Beta x > Threshold.
///
/// As `torch.nn.Softplus`. Backward reads the input.
/// Example: `Linear<64>, Softplus<>`
template <double Beta = 1.0, double Threshold = 20.0>
struct Softplus {
  static constexpr Role role = Role::Elementwise;
  static constexpr bool rectifier = true;
  static constexpr TextBuffer name() { return item_name("Softplus", Beta, Threshold); }
  static constexpr TextBuffer check() {
    TextBuffer wrong;
    if (!(Beta > 0)) wrong << "needs a beta above 0, got " << Beta;
    return wrong;
  }
  static constexpr auto expression(auto x) { return softplus(x, Beta, Threshold); }
};

}  // namespace lamina
