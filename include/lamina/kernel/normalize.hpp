#pragma once

#include <lamina/core/simd.hpp>

/// Batch statistics and their gradient on a hot panel, one register of features at a time over all
/// rows. Sums run over rows in a fixed order, so they do not depend on threads.
namespace lamina::kernel {

using simd::lanes;
using simd::Register;

/// x -> ((x - origin) - delta) * factor + offset, a register of features.
///
/// The mean is kept in two parts: origin is a value of the batch itself, delta the mean distance to
/// it. With a mean of 1e4 and a deviation of 1 their sum would lose 5e-4 to rounding; apart they
/// lose nothing. A stage without normalization is {0, 0, 1, bias}.
struct Affine {
  Register origin;
  Register delta;
  Register factor;
  Register offset;

  static HWY_INLINE Affine identity() {
    const Register zero(0.0f);
    return {zero, zero, Register(1.0f), zero};
  }
  HWY_INLINE Register centered(Register x) const { return (x - origin) - delta; }
  HWY_INLINE Register operator()(Register x) const {
    return multiply_add(centered(x), factor, offset);
  }
};

/// Statistics of one register of features over a batch.
struct BatchStatistics {
  Register origin;
  Register delta;     ///< mean - origin
  Register variance;  ///< biased
  Register rsqrt;     ///< 1 / sqrt(variance + epsilon)
};

namespace detail {

/// The sum over rows of f(row pointer), in four chains against the latency of an addition.
template <class F>
HWY_INLINE Register sum_rows(int rows, const F& f) {
  Register sums[4] = {Register(0.0f), Register(0.0f), Register(0.0f), Register(0.0f)};
  int row = 0;
  for (; row + 4 <= rows; row += 4) {
    for (int i = 0; i < 4; ++i) sums[i] += f(row + i);
  }
  for (; row < rows; ++row) sums[0] += f(row);
  return (sums[0] + sums[1]) + (sums[2] + sums[3]);
}

}  // namespace detail

/// Mean and variance in two passes over one register column of `rows` rows.
HWY_INLINE BatchStatistics batch_statistics(const float* values, std::ptrdiff_t stride, int rows,
                                            float epsilon) {
  const Register count(static_cast<float>(rows));
  const Register origin = Register::load(values);
  const Register delta =
      detail::sum_rows(rows,
                       [&](int row) { return Register::load(values + row * stride) - origin; }) /
      count;
  const Register squares = detail::sum_rows(rows, [&](int row) {
    const Register distance = (Register::load(values + row * stride) - origin) - delta;
    return distance * distance;
  });
  const Register variance = squares / count;
  return {origin, delta, variance, Register(1.0f) / sqrt(variance + Register(epsilon))};
}

/// Gradients of a batch normalization for one register of features; `gradient` comes in by the
/// normalized output y = scale x^ + shift and goes out by the input x:
/// dx = scale rsqrt (dy - mean(dy) - x^ mean(dy x^)).
struct NormalizationGradient {
  Register scale;  ///< sum over rows of dy x^
  Register shift;  ///< sum over rows of dy
};

HWY_INLINE NormalizationGradient normalize_backward(float* gradient, const float* values,
                                                    std::ptrdiff_t stride, int rows,
                                                    const BatchStatistics& statistics,
                                                    Register scale) {
  const auto normalized = [&](int row) {
    const Register x = Register::load(values + row * stride);
    return ((x - statistics.origin) - statistics.delta) * statistics.rsqrt;
  };
  const Register shift_gradient =
      detail::sum_rows(rows, [&](int row) { return Register::load(gradient + row * stride); });
  const Register scale_gradient = detail::sum_rows(
      rows, [&](int row) { return Register::load(gradient + row * stride) * normalized(row); });
  const Register count(static_cast<float>(rows));
  const Register mean = shift_gradient / count;
  const Register slope = scale_gradient / count;
  const Register factor = scale * statistics.rsqrt;
  for (int row = 0; row < rows; ++row) {
    const Register dy = Register::load(gradient + row * stride);
    (factor * (dy - mean - normalized(row) * slope)).store(gradient + row * stride);
  }
  return {scale_gradient, shift_gradient};
}

}  // namespace lamina::kernel
