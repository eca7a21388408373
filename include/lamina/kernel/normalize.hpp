#pragma once

#include <array>
#include <utility>

#include <lamina/kernel/walk.hpp>

/// Normalization, forward and backward, on values that are still in cache, once for all axes.
/// Sums run in a fixed order, so they do not depend on threads.
///
/// Values become x^ = (x - mean) rsqrt; scale and shift are part of the loop of the chain
/// behind. With g = scale dy the gradient by x is
/// rsqrt (g - mean_weight sum(g) - x^ square_weight sum(g x^)): both weights are 1 / count where
/// the mean is that of these values, less where it is a moving average that they are a part of, and
/// 0 where it does not depend on them.
namespace lamina::kernel {

/// Mean in two parts, origin + delta, and biased variance of each register of a walk.
///
/// origin is a value of the walk itself, delta the mean distance to it. With a mean of 1e4 and a
/// deviation of 1 their sum would lose 5e-4 to rounding; apart they lose nothing.
template <int Width>
struct Moments {
  Register origin[Width];
  Register delta[Width];
  Register variance[Width];
};

/// Mean and variance in two passes; without `centered` the mean is taken as 0.
template <class Walk>
HWY_INLINE Moments<Walk::width> find_moments(const Walk& walk, const float* values, bool centered) {
  constexpr int width = Walk::width;
  Moments<width> found;
  const Register count(walk.count());
  LAMINA_UNROLL
  for (int v = 0; v < width; ++v) {
    found.origin[v] = centered ? walk.first(values, v) : Register(0.0f);
    found.delta[v] = Register(0.0f);
  }
  if (centered) {
    typename Walk::Sum sums[width];
    walk.for_each_step([&](int v, int part, std::ptrdiff_t at, int, const auto& kept) {
      sums[v].part[part] += kept(Register::load(values + at) - found.origin[v]);
    });
    LAMINA_UNROLL
    for (int v = 0; v < width; ++v) found.delta[v] = sums[v].fold() / count;
  }
  typename Walk::Sum sums[width];
  walk.for_each_step([&](int v, int part, std::ptrdiff_t at, int, const auto& kept) {
    const Register x = kept((Register::load(values + at) - found.origin[v]) - found.delta[v]);
    sums[v].part[part] = multiply_add(x, x, sums[v].part[part]);
  });
  LAMINA_UNROLL
  for (int v = 0; v < width; ++v) found.variance[v] = sums[v].fold() / count;
  return found;
}

/// to = ((values - origin) - delta) * rsqrt; `to` may be the values themselves.
template <class Walk>
HWY_INLINE void normalize(const Walk& walk, const float* values,
                          const Moments<Walk::width>& moments, const Register (&rsqrt)[Walk::width],
                          float* to) {
  walk.for_each_step([&](int v, int, std::ptrdiff_t at, int feature, const auto&) {
    const Register x = Register::load(values + at);
    walk.store(((x - moments.origin[v]) - moments.delta[v]) * rsqrt[v], to + at, feature);
  });
}

/// Sums that the gradient by the values needs, of each register of a walk: of g and of g x^.
template <int Width>
struct GradientSums {
  Register plain[Width];
  Register normalized[Width];
};

/// out = rsqrt (g - plain - x^ normalized) with g = scale gradient; `sums` are weighted already.
template <class Walk>
HWY_INLINE void finish_gradient(const Walk& walk, const float* normalized, const float* gradient,
                                const float* scale, const Register (&rsqrt)[Walk::width],
                                const GradientSums<Walk::width>& sums, float* out) {
  walk.for_each_step([&](int v, int, std::ptrdiff_t at, int feature, const auto&) {
    // Rounded as in the sums: a mean of one value must take it away.
    const Register g = Register::load(gradient + at) * Register::load(scale + feature);
    const Register x = Register::load(normalized + at);
    walk.store(rsqrt[v] * subtract_product(x, sums.normalized[v], g - sums.plain[v]), out + at,
               feature);
  });
}

}  // namespace lamina::kernel
