#pragma once

#include <cmath>

#include <lamina/core/item.hpp>
#include <lamina/core/rounded.hpp>
#include <lamina/expr/random.hpp>

namespace lamina {

/// Alpha dropout, for self-normalizing networks: a value is dropped with probability Rate in [0, 1)
/// to where SELU saturates, alpha' = -1.7581, and y = A x + B restores mean 0 and variance 1, with
/// A = ((1 - Rate) (1 + Rate alpha'^2))^(-1/2) and B = -A Rate alpha'. Rate is rounded to a
/// multiple of 1/65536, for what is dropped and for A and B alike, and is at most 0.999992, as
/// `Dropout`'s.
///
/// On in training only, drawn as `Dropout` is; the default of `model.set_rate<position>(rate)`. As
/// `torch.nn.AlphaDropout`. `AlphaDropout<0.0>` disappears from the plan.
///
/// Example: `Linear<64>, SELU, AlphaDropout<0.1>`
/// Source: Klambauer et al. 2017, https://arxiv.org/abs/1706.02515
template <double Rate>
struct AlphaDropout {
  static constexpr Role role = Role::Elementwise;
  static constexpr double rate = Rate;
  static constexpr RateRange rates = drop_rates;
  static constexpr TextBuffer name() { return item_name("AlphaDropout", Rate); }
  static constexpr TextBuffer check() { return rates.check(Rate); }

  /// SELU's limit at minus infinity.
  static constexpr double alpha = -1.7580993408473766;

  struct Numbers {
    std::int32_t threshold;  ///< of the random bits: those below are kept
    float scale;             ///< A
    float kept;              ///< B, the shift of what is kept
    float dropped;           ///< A alpha' + B, what the others become
  };
  static Numbers numbers(double p) {
    const std::int32_t threshold = keep_threshold(1 - p);
    const double keep = kept_share(threshold);
    const double drop = 1 - keep;
    const double scale = 1 / std::sqrt(keep * (1 + rounded(drop * alpha * alpha)));
    const double shift = -scale * drop * alpha;
    return {threshold, static_cast<float>(scale), static_cast<float>(shift),
            static_cast<float>(rounded(scale * alpha) + shift)};
  }
  template <class Draw>
  static auto draw(const Numbers& numbers, const Draw& bits) {
    using V = typename Draw::Value;
    using expr::scalar::select;
    using expr::scalar::select_or_zero;
    const auto kept = bits.kept(numbers.threshold);
    return expr::ScaleShift<V>{
        select_or_zero(kept, expr::number<V>(numbers.scale)),
        select(kept, expr::number<V>(numbers.kept), expr::number<V>(numbers.dropped))};
  }
};

}  // namespace lamina
