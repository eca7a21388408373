#pragma once

#include <algorithm>
#include <cmath>

#include <lamina/activations/elementwise.hpp>
#include <lamina/activations/elu.hpp>
#include <lamina/activations/gelu.hpp>
#include <lamina/activations/leaky_relu.hpp>
#include <lamina/activations/relu.hpp>
#include <lamina/activations/selu.hpp>
#include <lamina/activations/sigmoid.hpp>
#include <lamina/activations/silu.hpp>
#include <lamina/activations/softplus.hpp>
#include <lamina/activations/tanh.hpp>

#include "dual.hpp"

/// The activations as textbooks write them: value and slope of one number.
namespace lamina::naive {

/// A value of an activation and its derivative by the input.
template <class Scalar>
struct Curve {
  Scalar value;
  Scalar slope;
};

template <class Scalar>
Scalar logistic(Scalar x) {
  return 1 / (1 + std::exp(-x));
}

/// Any item that is given by an expression, such as a user's `Elementwise`.
template <class Item, class Scalar>
  requires requires { Item::expression(Dual<Scalar>{}); }
Curve<Scalar> curve(Item, Scalar x) {
  const Dual<Scalar> y = Item::expression(Dual<Scalar>(x, Scalar(1)));
  return {y.value, y.slope};
}

template <class Scalar>
Curve<Scalar> curve(ReLU, Scalar x) {
  if (x <= 0) return {0, 0};
  return {x, x > 0 ? Scalar(1) : Scalar(0)};  // NaN stays NaN
}

template <double Leak, class Scalar>
Curve<Scalar> curve(LeakyReLU<Leak>, Scalar x) {
  constexpr auto leak = static_cast<Scalar>(Leak);
  return x > 0 ? Curve<Scalar>{x, 1} : Curve<Scalar>{leak * x, leak};
}

template <double Alpha, class Scalar>
Curve<Scalar> curve(ELU<Alpha>, Scalar x) {
  constexpr auto alpha = static_cast<Scalar>(Alpha);
  if (x > 0) return {x, 1};
  return {alpha * std::expm1(x), alpha * std::exp(x)};
}

template <class Scalar>
Curve<Scalar> curve(SELU, Scalar x) {
  constexpr auto alpha = static_cast<Scalar>(1.6732632423543772848170429916717);
  constexpr auto scale = static_cast<Scalar>(1.0507009873554804934193349852946);
  if (x > 0) return {scale * x, scale};
  return {scale * alpha * std::expm1(x), scale * alpha * std::exp(x)};
}

template <class Scalar>
Curve<Scalar> curve(Sigmoid, Scalar x) {
  const Scalar y = logistic(x);
  return {y, y * (1 - y)};
}

template <class Scalar>
Curve<Scalar> curve(Tanh, Scalar x) {
  const Scalar y = std::tanh(x);
  return {y, 1 - y * y};
}

/// x Phi(x), whose slope is Phi(x) + x phi(x).
template <class Scalar>
Curve<Scalar> curve(GELU, Scalar x) {
  constexpr auto root_half = static_cast<Scalar>(0.70710678118654752440);
  constexpr auto density_at_zero = static_cast<Scalar>(0.39894228040143267794);
  const Scalar distribution = (1 + std::erf(root_half * x)) / 2;
  const Scalar density = density_at_zero * std::exp(-x * x / 2);
  return {x * distribution, distribution + x * density};
}

template <class Scalar>
Curve<Scalar> curve(GELUTanh, Scalar x) {
  constexpr auto root_two_over_pi = static_cast<Scalar>(0.79788456080286535588);
  constexpr auto cubic = static_cast<Scalar>(0.044715);
  const Scalar t = std::tanh(root_two_over_pi * (x + cubic * x * x * x));
  const Scalar slope_inside = root_two_over_pi * (1 + 3 * cubic * x * x);
  return {x * (1 + t) / 2, (1 + t) / 2 + x * (1 - t * t) * slope_inside / 2};
}

template <class Scalar>
Curve<Scalar> curve(SiLU, Scalar x) {
  const Scalar s = logistic(x);
  return {x * s, s + x * s * (1 - s)};
}

template <double Beta, double Threshold, class Scalar>
Curve<Scalar> curve(Softplus<Beta, Threshold>, Scalar x) {
  const Scalar z = static_cast<Scalar>(Beta) * x;
  if (z > static_cast<Scalar>(Threshold)) return {x, 1};
  const Scalar soft = std::max(z, Scalar(0)) + std::log1p(std::exp(-std::abs(z)));
  return {soft / static_cast<Scalar>(Beta), logistic(z)};
}

}  // namespace lamina::naive
