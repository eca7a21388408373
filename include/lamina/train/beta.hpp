#pragma once

#include <cmath>
#include <string>

#include <lamina/core/error.hpp>
#include <lamina/core/rounded.hpp>
#include <lamina/data/draws.hpp>

namespace lamina::detail {

/// A draw of the gamma distribution of a shape of at least 1.
/// Source: Marsaglia and Tsang 2000, A simple method for generating gamma variables
inline double draw_gamma(Draws& draws, double shape) {
  const double d = shape - 1.0 / 3;
  const double c = 1 / std::sqrt(9 * d);
  while (true) {
    const double x = draws.normal();
    const double root = 1 + rounded(c * x);
    const double v = root * root * root;
    const double u = 1 - draws.uniform();
    const double bound = rounded(x * x) / 2 + d - rounded(d * v) + rounded(d * std::log(v));
    if (root > 0 && std::log(u) < bound) return d * v;
  }
}

/// A draw of Beta(alpha, alpha): two draws of a gamma distribution, one over the sum of both. Those
/// of an alpha below 1 are draws of alpha + 1 times u^(1/alpha), kept as logarithms, or small
/// alphas would underflow.
inline double draw_beta(Draws& draws, double alpha) {
  const double shape = alpha < 1 ? alpha + 1 : alpha;
  const double own = draw_gamma(draws, shape);
  double log_ratio = std::log(draw_gamma(draws, shape) / own);
  if (alpha < 1) {
    const double first = std::log(1 - draws.uniform());
    log_ratio += (std::log(1 - draws.uniform()) - first) / alpha;
  }
  return 1 / (1 + std::exp(log_ratio));
}

inline void expect_alpha(double alpha, const char* where) {
  if (alpha > 0 && std::isfinite(alpha)) return;
  throw Error(std::string(where) + ": expected a finite alpha above 0, found " +
              std::to_string(alpha));
}

}  // namespace lamina::detail
