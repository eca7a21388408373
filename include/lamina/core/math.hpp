#pragma once

#include <lamina/core/simd.hpp>

/// Elementary functions of registers. The coefficients are minimax fits made by
/// scripts/fit_functions.py, which also states the errors measured in float32.
namespace lamina::simd {

namespace detail {

using Int = hn::RebindToSigned<Tag>;

/// Coefficients from the constant term up, by Horner's rule.
template <std::size_t N>
HWY_INLINE Register polynomial(Register x, const float (&coefficients)[N]) {
  Register sum(coefficients[N - 1]);
  for (std::size_t i = N - 1; i-- > 0;) sum = multiply_add(sum, x, Register(coefficients[i]));
  return sum;
}

/// Degree 4 in two halves: 3 multiply-adds deep in place of 4.
HWY_INLINE Register quartic(Register x, Register xx, const float (&c)[5]) {
  const Register low = multiply_add(x, Register(c[1]), Register(c[0]));
  const Register high =
      multiply_add(xx, Register(c[4]), multiply_add(x, Register(c[3]), Register(c[2])));
  return multiply_add(xx, high, low);
}

/// x = n ln 2 + r with |r| <= ln(2) / 2.
struct Reduced {
  hn::Vec<Int> n;
  Register r;
};
/// For |x| < 2^21: 1.5 * 2^23 more is a number whose last bits are n. Highway's `NearestInt` takes
/// care of numbers beyond all integers, which costs `sigmoid` a third.
HWY_INLINE Reduced reduce(Register x) {
  const Register shift(12582912.0f);
  const Register shifted = multiply_add(x, Register(1.44269504f), shift);
  const Register whole = shifted - shift;
  const auto n = hn::Sub(hn::BitCast(Int{}, shifted.v), hn::Set(Int{}, 0x4b400000));
  // ln 2 in two parts, the first short enough that n times it is exact.
  const Register high = subtract_product(whole, Register(0.693145752f), x);
  return {n, subtract_product(whole, Register(1.42860677e-06f), high)};
}

/// 2^n for -126 <= n <= 127.
HWY_INLINE Register power_of_two(hn::Vec<Int> n) {
  return hn::BitCast(Tag{}, hn::ShiftLeft<23>(hn::Add(n, hn::Set(Int{}, 127))));
}

}  // namespace detail

/// e^x within 0.9 ulp; 0 and infinity beyond the range of float; NaN stays NaN.
HWY_INLINE Register exp(Register x) {
  static constexpr float coefficients[] = {
      1.0f, 1.0f, 0.49999994f, 0.166665211f, 0.041668389f, 0.00836871658f, 0.00138145988f};
  // The second operand of min and max survives where one is NaN.
  const Register bounded = max(Register(-104.0f), min(Register(89.0f), x));
  const detail::Reduced reduced = detail::reduce(bounded);
  // 2^n in two factors: n reaches 128 before the result overflows, and -150 before it vanishes.
  const auto half = hn::ShiftRight<1>(reduced.n);
  return detail::polynomial(reduced.r, coefficients) * detail::power_of_two(half) *
         detail::power_of_two(hn::Sub(reduced.n, half));
}

namespace detail {

/// e^x + offset, rounded twice at the most, for -87 <= x <= 88.3.
HWY_INLINE Register exp_plus(Register x, float offset) {
  static constexpr float tail[] = {0.49999997f, 0.166665435f, 0.0416672006f, 0.00836652052f,
                                   0.00138825213f};
  const Reduced reduced = reduce(x);
  const Register r = reduced.r;
  const Register small = multiply_add(r * r, polynomial(r, tail), r);
  const Register power = power_of_two(reduced.n);
  return multiply_add(power, small, power + Register(offset));
}

}  // namespace detail

/// e^x - 1 for x <= 0, within 0.95 ulp and never falling from one float to the next.
HWY_INLINE Register expm1(Register x) {
  return detail::exp_plus(max(Register(-87.0f), x), -1.0f);
}

/// 1 / (1 + e^-x) within 2.5 ulp where that is a normal number, and never falling from one float to
/// the next: found so for all 2^32. From -88.3 down it stays at 4.5e-39, which is 0 where denormals
/// are flushed; NaN stays NaN. By tanh it was 0 from -16.6 on, and by `exp`, whose errors have
/// another form, it fell at 873 floats.
HWY_INLINE Register sigmoid(Register x) {
  const Register one(1.0f);
  const Register bounded = max(Register(-87.0f), min(Register(88.3f), Register(0.0f) - x));
  return one / detail::exp_plus(bounded, 1.0f);
}

/// log(1 + f) for 0 <= f <= 1, within 1.3 ulp.
HWY_INLINE Register log1p(Register f) {
  static constexpr float tail[] = {0.666664183f, 0.400215268f, 0.280018002f, 0.280120075f};
  const Register s = f / (Register(2.0f) + f);
  const Register ss = s * s;
  return subtract_product(s, subtract_product(ss, detail::polynomial(ss, tail), f), f);
}

/// Natural logarithm within 1.2 ulp for normal numbers; NaN below 0, -infinity at 0.
HWY_INLINE Register log(Register x) {
  static constexpr float tail[] = {0.666667759f, 0.399775684f, 0.298710823f};
  using detail::Int;
  // x = m 2^e with m in [sqrt(1/2), sqrt(2)).
  const auto bits = hn::BitCast(Int{}, x.v);
  const auto e = hn::ShiftRight<23>(hn::Sub(bits, hn::Set(Int{}, 0x3f3504f3)));
  const Register m = hn::BitCast(Tag{}, hn::Sub(bits, hn::ShiftLeft<23>(e)));
  const Register f = m - Register(1.0f);
  const Register s = f / (Register(2.0f) + f);
  const Register ss = s * s;
  const Register fraction =
      subtract_product(s, subtract_product(ss, detail::polynomial(ss, tail), f), f);
  const Register whole = hn::ConvertTo(Tag{}, e);
  const Register result = multiply_add(whole, Register(0.693147182f), fraction);
  const Register zero(0.0f);
  const Register limit = select(x < zero, zero / zero, Register(-1.0f) / zero);
  const Register infinity = Register(1.0f) / zero;
  return select(x > zero, select(x < infinity, result, x), select(hn::Eq(x.v, x.v), limit, x));
}

/// tanh(x) as x P(x^2) / Q(x^2): error 2.9e-7; exactly 1 beyond 8, so that 1 - tanh^2 vanishes
/// where large numbers meet it, and never more; NaN stays NaN. One division; the two polynomials
/// run side by side.
HWY_INLINE Register tanh(Register x) {
  static constexpr float numerator[] = {1.0548836f, 0.141800582f, 0.0037648431f, 2.30494625e-05f,
                                        1.59980882e-08f};
  static constexpr float denominator[] = {1.0548836f, 0.493428379f, 0.0275899302f, 0.000359393016f,
                                          8.96303618e-07f};
  const Register xx = x * x;
  const Register xxxx = xx * xx;
  const Register ratio =
      x * detail::quartic(xx, xxxx, numerator) / detail::quartic(xx, xxxx, denominator);
  const Register one = hn::CopySign(Register(1.0f).v, x.v);
  return select(abs(x) > Register(8.0f), one, ratio);
}

/// erf(x) as x P(x^2) / Q(x^2): error 3.6e-7; exactly 1 beyond 3.84; NaN stays NaN.
HWY_INLINE Register erf(Register x) {
  static constexpr float numerator[] = {1.89535725f,    0.336122036f,   0.0849872828f,
                                        0.00622744253f, 0.00023825276f, -3.28304486e-06f,
                                        3.33652181e-08f};
  static constexpr float denominator[] = {1.67971671f, 0.857783258f, 0.193288773f, 0.0241326559f,
                                          0.00160739943f};
  const Register limit(3.83167338f);
  const Register bounded = limited(x, limit);
  const Register xx = bounded * bounded;
  const Register ratio =
      bounded * detail::polynomial(xx, numerator) / detail::quartic(xx, xx * xx, denominator);
  return limited(ratio, Register(1.0f));
}

/// The standard normal quantile of u = (1 + t) / 2 is t P(-log(1 - t^2)): Giles' form. One
/// polynomial does for |t| <= 1 - 2^-16, the range of 16 random bits; Giles has two for 23.
/// Source: Giles 2010, "Approximating the erfinv function".
inline constexpr float normal_quantile_coefficients[] = {
    1.25338161f,     0.327740163f,     0.0168881603f,   -0.00359131163f, -0.000166848389f,
    0.000106523265f, -1.29274613e-05f, 7.07405434e-07f, -1.52208788e-08f};

/// Standard normal quantile of (1 + t) / 2 for |t| <= 1 - 2^-16, within 1.2e-5, which is below half
/// the distance of the values that 16 bits reach. Odd to the bit.
HWY_INLINE Register normal_quantile(Register t) {
  const Register one(1.0f);
  const Register w = Register(0.0f) - log((one - t) * (one + t));
  return t * detail::polynomial(w, normal_quantile_coefficients);
}

}  // namespace lamina::simd
