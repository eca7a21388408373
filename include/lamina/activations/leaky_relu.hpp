#pragma once

#include <lamina/core/item.hpp>
#include <lamina/expr/expression.hpp>

namespace lamina {

/// y = x where x > 0, else Leak * x.
///
/// As `torch.nn.LeakyReLU`. Backward reads the output only, so Leak must not be negative.
/// Example: `Linear<64>, LeakyReLU<0.2>`
template <double Leak = 0.01>
struct LeakyReLU {
  static constexpr Role role = Role::Elementwise;
  static constexpr bool rectifier = true;
  static constexpr double leak = Leak;
  static constexpr TextBuffer name() { return item_name("LeakyReLU", Leak); }
  static constexpr TextBuffer check() {
    TextBuffer wrong;
    if (!(Leak >= 0)) wrong << "needs a leak of at least 0, got " << Leak;
    return wrong;
  }
  static constexpr auto expression(auto x) { return leaky_relu(x, Leak); }
};

}  // namespace lamina
