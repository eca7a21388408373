#pragma once

#include <lamina/core/item.hpp>
#include <lamina/expr/random.hpp>

namespace lamina {

/// Additive noise: y = x + Sigma n, n standard normal, drawn for each value; Sigma at least 0.
///
/// On in training only; fresh every step and the same for any number of threads. Sigma is the
/// default of `model.set_rate<position>(sigma)`. Its slope is 1: where backward can go without the
/// noise, it is not made again. As Keras's `GaussianNoise`. `GaussianNoise<0.0>` disappears from
/// the plan. n is made of 16 random bits and at most 4.33.
///
/// Example: `Linear<64>, GaussianNoise<0.1>, ReLU`
/// Source: Bishop 1995, "Training with noise is equivalent to Tikhonov regularization"
template <double Sigma>
struct GaussianNoise {
  static constexpr Role role = Role::Elementwise;
  static constexpr bool acts_on_input = true;  // noise on the inputs is augmentation
  static constexpr double rate = Sigma;
  static constexpr RateRange rates{"a finite deviation of at least 0"};
  static constexpr TextBuffer name() { return item_name("GaussianNoise", Sigma); }
  static constexpr TextBuffer check() { return rates.check(Sigma); }

  struct Numbers {
    float deviation;
  };
  static Numbers numbers(double sigma) { return {static_cast<float>(sigma)}; }
  template <class Draw>
  static auto draw(const Numbers& numbers, const Draw& bits) {
    using V = typename Draw::Value;
    return expr::Shift<V>{expr::number<V>(numbers.deviation) * bits.normal()};
  }
};

}  // namespace lamina
