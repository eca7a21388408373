#pragma once

#include <cmath>

#include <lamina/core/item.hpp>
#include <lamina/expr/random.hpp>

namespace lamina {

/// Multiplicative noise with the mean and variance of dropout: y = x (1 + sqrt(Rate / (1 - Rate))
/// n), n standard normal, drawn for each value; Rate in [0, 1).
///
/// On in training only; fresh every step and the same for any number of threads. The default of
/// `model.set_rate<position>(rate)`. As Keras's `GaussianDropout`. `GaussianDropout<0.0>`
/// disappears from the plan. n is made of 16 random bits and at most 4.33.
///
/// Example: `Linear<64>, ReLU, GaussianDropout<0.2>`
/// Source: Srivastava et al. 2014, section 10, https://jmlr.org/papers/v15/srivastava14a.html
template <double Rate>
struct GaussianDropout {
  static constexpr Role role = Role::Elementwise;
  static constexpr bool acts_on_input = true;  // noise on the inputs is augmentation
  static constexpr double rate = Rate;
  static constexpr RateRange rates{"a rate in [0, 1)", 1};  // none is dropped: no end before 1
  static constexpr TextBuffer name() { return item_name("GaussianDropout", Rate); }
  static constexpr TextBuffer check() { return rates.check(Rate); }

  struct Numbers {
    float deviation;
  };
  static Numbers numbers(double p) { return {static_cast<float>(std::sqrt(p / (1 - p)))}; }
  template <class Draw>
  static auto draw(const Numbers& numbers, const Draw& bits) {
    using V = typename Draw::Value;
    using expr::scalar::multiply_add;
    return expr::Scale<V>{
        multiply_add(expr::number<V>(numbers.deviation), bits.normal(), expr::number<V>(1))};
  }
};

}  // namespace lamina
