#pragma once

#include <lamina/core/item.hpp>
#include <lamina/expr/random.hpp>

namespace lamina {

/// Inverted dropout: y = x mask / (1 - Rate), each value dropped with probability Rate in [0, 1).
///
/// 16 random bits choose, so Rate is rounded to a multiple of 1/65536, for the mask and the scale
/// alike: the mean stays. A rate beyond 0.999992, of which nothing would be kept, is an error.
///
/// On in training only; a fresh mask every step, made from (seed, step, position, row, feature) by
/// a counter-based generator, so it does not depend on the thread count and need not be stored.
/// `Rate` is the drop probability, as in PyTorch and Keras, and the default of
/// `model.set_rate<position>(rate)`. `Dropout<0.0>` disappears from the plan.
///
/// Example: `Linear<512>, ReLU, Dropout<0.2>`
/// Source: Srivastava et al. 2014, https://jmlr.org/papers/v15/srivastava14a.html
template <double Rate>
struct Dropout {
  static constexpr Role role = Role::Elementwise;
  static constexpr double rate = Rate;
  static constexpr RateRange rates = drop_rates;
  static constexpr TextBuffer name() { return item_name("Dropout", Rate); }
  static constexpr TextBuffer check() { return rates.check(Rate); }

  using Numbers = expr::DropNumbers;
  static Numbers numbers(double p) {
    const std::int32_t threshold = keep_threshold(1 - p);
    return {threshold, static_cast<float>(1 / kept_share(threshold))};
  }
  static float kept_scale(const Numbers& numbers) { return numbers.scale; }
  template <class Draw>
  static auto draw(const Numbers& numbers, const Draw& bits) {
    using V = typename Draw::Value;
    using expr::scalar::select_or_zero;
    return expr::Scale<V>{
        select_or_zero(bits.kept(numbers.threshold), expr::number<V>(numbers.scale))};
  }
};

}  // namespace lamina
