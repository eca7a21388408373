#pragma once

#include <cmath>
#include <cstdint>
#include <limits>
#include <string_view>

#include <lamina/core/dropout_mask.hpp>
#include <lamina/core/math.hpp>
#include <lamina/core/text.hpp>

/// What a random item is given: 16 random bits a value, as a decision, a uniform or a normal
/// number. The registers of the kernels and their scalar twin have the same members.
namespace lamina {

/// 16 random bits as u = (bits + 1/2) / 65536 stretched to t = 2 u - 1: exact in float and odd
/// under bits -> 65535 - bits, so that numbers made of t are symmetric to the bit.
inline constexpr double bits_scale = 1.0 / 65536;

/// The random bits of a register of values.
struct RegisterDraw {
  using Value = simd::Register;
  using Int = simd::detail::Int;
  simd::hn::Vec<Int> bits;

  /// True with probability threshold / 65536; see `keep_threshold`.
  [[nodiscard]] HWY_INLINE simd::Mask kept(std::int32_t threshold) const {
    namespace hn = simd::hn;
    return hn::RebindMask(simd::Tag{}, hn::Lt(bits, hn::Set(Int{}, threshold)));
  }
  /// Uniform in (-1, 1): the middles of 65536 even cells.
  [[nodiscard]] HWY_INLINE Value symmetric() const {
    namespace hn = simd::hn;
    const auto odd = hn::Sub(hn::Add(bits, bits), hn::Set(Int{}, 65535));
    return Value(hn::ConvertTo(simd::Tag{}, odd)) * Value(static_cast<float>(bits_scale));
  }
  /// Standard normal: mean 0 exactly, variance 1 - 2e-5, fourth moment 3 - 9e-4; at most 4.33.
  [[nodiscard]] HWY_INLINE Value normal() const { return normal_quantile(symmetric()); }
};

/// The random bits of one value; the twin of `RegisterDraw`.
template <class Scalar>
struct ScalarDraw {
  using Value = Scalar;
  std::int32_t bits = 0;

  [[nodiscard]] bool kept(std::int32_t threshold) const { return bits < threshold; }
  [[nodiscard]] Scalar symmetric() const {
    return static_cast<Scalar>(2 * bits - 65535) * static_cast<Scalar>(bits_scale);
  }
  [[nodiscard]] Scalar normal() const {
    const Scalar t = symmetric();
    const Scalar w = -std::log((1 - t) * (1 + t));
    Scalar sum = 0;
    constexpr auto& coefficients = simd::normal_quantile_coefficients;
    for (std::size_t i = std::size(coefficients); i-- > 0;) {
      sum = sum * w + static_cast<Scalar>(coefficients[i]);
    }
    return t * sum;
  }
};

/// The rates that a random item takes: from 0, where it does nothing, up to and without an end; of
/// these those up to `most`, where that is less.
struct RateRange {
  std::string_view words;  ///< such as "a rate in [0, 1)"
  double end = static_cast<double>(std::numeric_limits<float>::max());
  double most = end;
  std::string_view below_most = {};  ///< such as "a rate of at most 0.9"

  [[nodiscard]] constexpr bool has(double rate) const { return in_words(rate) && rate <= most; }
  /// What was expected in place of a rate that it does not take.
  [[nodiscard]] constexpr std::string_view expected(double rate) const {
    return in_words(rate) ? below_most : words;
  }
  /// The rest of a sentence that starts with the item; empty for a rate that it takes.
  [[nodiscard]] constexpr TextBuffer check(double rate) const {
    TextBuffer wrong;
    if (!has(rate)) wrong << "needs " << expected(rate) << ", got " << rate;
    return wrong;
  }

 private:
  [[nodiscard]] constexpr bool in_words(double rate) const { return rate >= 0 && rate < end; }
};

/// Of items that drop what random bits choose: the share of values they drop.
inline constexpr RateRange drop_rates{
    "a rate in [0, 1)", 1, most_dropped,
    "a rate of at most 0.999992, beyond which 16 random bits keep nothing"};

}  // namespace lamina
