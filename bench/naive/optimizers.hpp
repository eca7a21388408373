#pragma once

#include <cmath>
#include <cstdint>

#include <lamina/optimizers/adagrad.hpp>
#include <lamina/optimizers/adam.hpp>
#include <lamina/optimizers/lion.hpp>
#include <lamina/optimizers/nadam.hpp>
#include <lamina/optimizers/rms_prop.hpp>
#include <lamina/optimizers/sgd.hpp>

#include "parameter.hpp"

/// The optimizers as textbooks write them: one pass over a parameter whose gradient is stored,
/// penalties included. `step` counts from 1.
namespace lamina::naive {

template <class Scalar>
void start_state(Parameter<Scalar>& parameter) {
  for (auto& mean : parameter.state) mean.resize(parameter.value.size(), Scalar(0));
}

/// m <- momentum m + g; w <- w - rate m, or with Nesterov w - rate (g + momentum m).
template <class Scalar>
void update(Parameter<Scalar>& parameter, const Sgd& sgd, std::int64_t /*step*/) {
  start_state(parameter);
  const auto rate = static_cast<Scalar>(sgd.learning_rate);
  const auto momentum = static_cast<Scalar>(sgd.momentum);
  for (std::size_t i = 0; i < parameter.value.size(); ++i) {
    const Scalar g = parameter.gradient[i];
    Scalar& m = parameter.state[0][i];
    m = momentum * m + g;
    parameter.value[i] -= rate * (sgd.nesterov ? g + momentum * m : m);
  }
}

/// m and v are the running means of g and g^2, freed of their bias towards the zero they start at:
/// w <- w - rate m / (sqrt(v) + epsilon).
template <class Scalar, class Optimizer>
void adam_update(Parameter<Scalar>& parameter, const Optimizer& adam, std::int64_t step) {
  start_state(parameter);
  const auto rate = static_cast<Scalar>(adam.learning_rate);
  const auto beta1 = static_cast<Scalar>(adam.beta1);
  const auto beta2 = static_cast<Scalar>(adam.beta2);
  const auto epsilon = static_cast<Scalar>(adam.epsilon);
  const auto t = static_cast<double>(step);
  const auto unbias1 = static_cast<Scalar>(1 - std::pow(static_cast<double>(adam.beta1), t));
  const auto unbias2 = static_cast<Scalar>(1 - std::pow(static_cast<double>(adam.beta2), t));
  for (std::size_t i = 0; i < parameter.value.size(); ++i) {
    const Scalar g = parameter.gradient[i];
    Scalar& m = parameter.state[0][i];
    Scalar& v = parameter.state[1][i];
    m = beta1 * m + (1 - beta1) * g;
    v = beta2 * v + (1 - beta2) * g * g;
    parameter.value[i] -= rate * (m / unbias1) / (std::sqrt(v / unbias2) + epsilon);
  }
}

template <class Scalar>
void update(Parameter<Scalar>& parameter, const Adam& adam, std::int64_t step) {
  adam_update(parameter, adam, step);
}

/// Weights, and they alone, shrink by rate * weight_decay before Adam's step; the gradient is that
/// of the weights before they shrank.
template <class Scalar>
void update(Parameter<Scalar>& parameter, const AdamW& adam, std::int64_t step) {
  if (parameter.weight) {
    const auto decay =
        static_cast<Scalar>(adam.learning_rate) * static_cast<Scalar>(adam.weight_decay);
    for (Scalar& w : parameter.value) w -= decay * w;
  }
  adam_update(parameter, adam, step);
}

/// s <- s + g^2 from the initial value on; w <- w - rate / (1 + (step - 1) decay) g / (sqrt(s) +
/// epsilon).
template <class Scalar>
void update(Parameter<Scalar>& parameter, const Adagrad& adagrad, std::int64_t step) {
  if (parameter.state[0].empty()) {
    parameter.state[0].assign(parameter.value.size(),
                              static_cast<Scalar>(adagrad.initial_accumulator_value));
  }
  const auto slowed = 1 + static_cast<Scalar>(step - 1) * static_cast<Scalar>(adagrad.lr_decay);
  const auto rate = static_cast<Scalar>(adagrad.learning_rate) / slowed;
  for (std::size_t i = 0; i < parameter.value.size(); ++i) {
    const Scalar g = parameter.gradient[i];
    Scalar& s = parameter.state[0][i];
    s += g * g;
    parameter.value[i] -= rate * g / (std::sqrt(s) + static_cast<Scalar>(adagrad.epsilon));
  }
}

/// v and a are the running means of g^2 and g; b <- momentum b + g / (sqrt(v) + epsilon), centered
/// with v - a^2 for v; w <- w - rate b.
template <class Scalar>
void update(Parameter<Scalar>& parameter, const RmsProp& rms, std::int64_t /*step*/) {
  start_state(parameter);
  const auto alpha = static_cast<Scalar>(rms.alpha);
  for (std::size_t i = 0; i < parameter.value.size(); ++i) {
    const Scalar g = parameter.gradient[i];
    Scalar& v = parameter.state[0][i];
    Scalar& a = parameter.state[1][i];
    Scalar& b = parameter.state[2][i];
    v = alpha * v + (1 - alpha) * g * g;
    a = alpha * a + (1 - alpha) * g;
    const Scalar variance = rms.centered ? v - a * a : v;
    b = static_cast<Scalar>(rms.momentum) * b +
        g / (std::sqrt(variance) + static_cast<Scalar>(rms.epsilon));
    parameter.value[i] -= static_cast<Scalar>(rms.learning_rate) * b;
  }
}

/// mu_t = beta1 (1 - 0.96^(t momentum_decay) / 2); m and v as Adam's.
template <class Scalar>
void update(Parameter<Scalar>& parameter, const Nadam& nadam, std::int64_t step) {
  start_state(parameter);
  const auto rate = static_cast<Scalar>(nadam.learning_rate);
  const auto beta1 = static_cast<Scalar>(nadam.beta1);
  const auto beta2 = static_cast<Scalar>(nadam.beta2);
  const auto mu = [&](std::int64_t t) {
    const auto power = static_cast<Scalar>(t) * static_cast<Scalar>(nadam.momentum_decay);
    return beta1 * (1 - std::pow(static_cast<Scalar>(0.96), power) / 2);
  };
  Scalar product = 1;
  for (std::int64_t t = 1; t <= step; ++t) product *= mu(t);
  const auto unbias = 1 - std::pow(beta2, static_cast<Scalar>(step));
  for (std::size_t i = 0; i < parameter.value.size(); ++i) {
    const Scalar g = parameter.gradient[i];
    Scalar& m = parameter.state[0][i];
    Scalar& v = parameter.state[1][i];
    m = beta1 * m + (1 - beta1) * g;
    v = beta2 * v + (1 - beta2) * g * g;
    const Scalar deviation = std::sqrt(v / unbias) + static_cast<Scalar>(nadam.epsilon);
    parameter.value[i] -= rate * (1 - mu(step)) / (1 - product) * g / deviation;
    parameter.value[i] -= rate * mu(step + 1) / (1 - product * mu(step + 1)) * m / deviation;
  }
}

/// w <- w - rate sign(beta1 m + (1 - beta1) g); m <- beta2 m + (1 - beta2) g.
template <class Scalar>
void update(Parameter<Scalar>& parameter, const Lion& lion, std::int64_t /*step*/) {
  start_state(parameter);
  const auto rate = static_cast<Scalar>(lion.learning_rate);
  const auto beta1 = static_cast<Scalar>(lion.beta1);
  const auto beta2 = static_cast<Scalar>(lion.beta2);
  for (std::size_t i = 0; i < parameter.value.size(); ++i) {
    const Scalar g = parameter.gradient[i];
    Scalar& m = parameter.state[0][i];
    const Scalar direction = beta1 * m + (1 - beta1) * g;
    if (direction > 0) parameter.value[i] -= rate;
    if (direction < 0) parameter.value[i] += rate;
    m = beta2 * m + (1 - beta2) * g;
  }
}

}  // namespace lamina::naive
