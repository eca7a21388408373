#pragma once

#include <cmath>

/// Dual numbers: a value with its slope, so that a user's lambda, called with one, gives its own
/// derivative. The names are those that lambdas of `Elementwise` may use; the library's expression
/// trees take no part in it.
namespace lamina::naive {

template <class Scalar>
struct Dual {
  Scalar value{};
  Scalar slope{};

  Dual() = default;
  Dual(Scalar v, Scalar s) : value(v), slope(s) {}
  Dual(double number) : value(static_cast<Scalar>(number)) {}  // NOLINT: numbers are constants

  friend Dual operator+(Dual a, Dual b) { return {a.value + b.value, a.slope + b.slope}; }
  friend Dual operator-(Dual a, Dual b) { return {a.value - b.value, a.slope - b.slope}; }
  friend Dual operator-(Dual a) { return {-a.value, -a.slope}; }
  friend Dual operator*(Dual a, Dual b) {
    return {a.value * b.value, a.slope * b.value + a.value * b.slope};
  }
  friend Dual operator/(Dual a, Dual b) {
    return {a.value / b.value, (a.slope * b.value - a.value * b.slope) / (b.value * b.value)};
  }

  /// The condition of `select`.
  struct Condition {
    bool holds;
  };
  friend Condition operator>(Dual a, Dual b) { return {a.value > b.value}; }
  friend Condition operator<(Dual a, Dual b) { return {a.value < b.value}; }
  friend Dual select(Condition condition, Dual yes, Dual no) { return condition.holds ? yes : no; }
  friend Dual min(Dual a, Dual b) { return a.value < b.value ? a : b; }
  friend Dual max(Dual a, Dual b) { return a.value > b.value ? a : b; }

  friend Dual exp(Dual x) { return {std::exp(x.value), x.slope * std::exp(x.value)}; }
  friend Dual log(Dual x) { return {std::log(x.value), x.slope / x.value}; }
  friend Dual sqrt(Dual x) { return {std::sqrt(x.value), x.slope / (2 * std::sqrt(x.value))}; }
  friend Dual abs(Dual x) {
    const Scalar sign = static_cast<Scalar>((x.value > 0) - (x.value < 0));
    return {std::abs(x.value), x.slope * sign};
  }
  friend Dual tanh(Dual x) {
    const Scalar y = std::tanh(x.value);
    return {y, x.slope * (1 - y * y)};
  }
  friend Dual erf(Dual x) {
    const Scalar two_over_root_pi = static_cast<Scalar>(1.1283791670955126);
    return {std::erf(x.value), x.slope * two_over_root_pi * std::exp(-x.value * x.value)};
  }
  friend Dual sigmoid(Dual x) { return Dual(1.0) / (Dual(1.0) + exp(-x)); }
  friend Dual relu(Dual x) { return x.value > 0 ? x : Dual(0.0); }
  friend Dual leaky_relu(Dual x, double leak) { return x.value > 0 ? x : Dual(leak) * x; }
  friend Dual elu(Dual x, double alpha = 1, double scale = 1) {
    return x.value > 0 ? Dual(scale) * x : Dual(scale * alpha) * (exp(x) - Dual(1.0));
  }
  friend Dual softplus(Dual x, double beta = 1, double threshold = 20) {
    const Dual z = Dual(beta) * x;
    if (z.value > static_cast<Scalar>(threshold)) return x;
    const Scalar rise = 1 / (1 + std::exp(-z.value));
    return Dual(std::log1p(std::exp(z.value)), rise * z.slope) / Dual(beta);
  }
};

}  // namespace lamina::naive
