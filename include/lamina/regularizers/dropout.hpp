#pragma once

#include <lamina/core/item.hpp>

namespace lamina {

/// Inverted dropout: y = x mask / (1 - Rate), each value dropped with probability Rate in [0, 1).
///
/// On in training only; a fresh mask every step, made from (seed, step, position, row, feature) by
/// a counter-based generator, so it does not depend on the thread count and need not be stored.
/// `Rate` is the drop probability, as in PyTorch and Keras. `Dropout<0.0>` disappears from the
/// plan.
///
/// Example: `Linear<512>, ReLU, Dropout<0.2>`
/// Source: Srivastava et al. 2014, https://jmlr.org/papers/v15/srivastava14a.html
template <double Rate>
struct Dropout {
  static constexpr Role role = Role::Elementwise;
  static constexpr double rate = Rate;
  static constexpr TextBuffer name() { return item_name("Dropout", Rate); }
  static constexpr TextBuffer check() {
    TextBuffer wrong;
    if (!(Rate >= 0 && Rate < 1)) wrong << "needs a rate in [0, 1), got " << Rate;
    return wrong;
  }
};

}  // namespace lamina
