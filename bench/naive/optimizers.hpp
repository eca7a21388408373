#pragma once

#include <cmath>
#include <cstdint>

#include <lamina/optimizers/adam.hpp>
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
/// (sqrt(v) + epsilon).
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

}  // namespace lamina::naive
