#pragma once

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
#include <lamina/core/math.hpp>
#include <lamina/expr/chain.hpp>
#include <lamina/regularizers/alpha_dropout.hpp>
#include <lamina/regularizers/dropout.hpp>
#include <lamina/regularizers/gaussian_dropout.hpp>
#include <lamina/regularizers/gaussian_noise.hpp>

#include "numbers.hpp"

/// Values and slopes of single items, by expression.
namespace lamina::testing::curves {

struct Curve {
  double value;
  double slope;
};

template <class Item>
Curve in_double(double x) {
  const auto dual = expr::differentiate(Item::expression(expr::Argument{}), x);
  return {dual.value, dual.slope};
}

inline double lane(simd::Register value) {
  alignas(64) float lanes[simd::lanes];
  value.store(lanes);
  return static_cast<double>(lanes[0]);
}

template <class Item>
Curve in_register(float x) {
  const auto dual = expr::differentiate(Item::expression(expr::Argument{}), simd::Register(x));
  return {lane(dual.value), lane(dual.slope)};
}

}  // namespace lamina::testing::curves
