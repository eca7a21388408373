#pragma once

#include <algorithm>
#include <cmath>
#include <string>
#include <type_traits>
#include <vector>

#include <lamina/core/error.hpp>
#include <lamina/core/rounded.hpp>
#include <lamina/core/simd.hpp>
#include <lamina/train/transform.hpp>

namespace lamina {

/// Mixup: every sample of a batch becomes t times itself plus 1 - t times another sample of the
/// batch, inputs and targets alike, t drawn for each from Beta(alpha, alpha) and at least 1/2.
///
/// Targets must be floats: train a network with `CrossEntropy<SoftTargets>` on `one_hot(data,
/// classes)`. fastai's alpha of 0.4 by default.
/// Errors: an alpha that is not finite and above 0 throws `Error` before the first step.
/// Source: Zhang et al. 2018, https://arxiv.org/abs/1710.09412; a t for each sample as in fastai.
/// Example: `trainer.fit(one_hot(train, 10), one_hot(validation, 10), {}, Mixup{.alpha = 0.4});`
struct Mixup {
  double alpha = 0.4;

  template <class State>
  void before_fit(const State&) const {
    if (alpha > 0 && std::isfinite(alpha)) return;
    throw Error("Mixup: expected a finite alpha above 0, found " + std::to_string(alpha));
  }

  template <class Target>
  void transform(const TrainingBatch<Target>& batch) const {
    static_assert(
        std::is_same_v<Target, float>,
        "lamina: Mixup: expected a network with float targets, got one with class labels: "
        "give CrossEntropy<SoftTargets> and one_hot(data, classes)");
    if constexpr (std::is_same_v<Target, float>) {
      const std::vector<float> inputs(batch.inputs.begin(), batch.inputs.end());
      const std::vector<float> targets(batch.targets.begin(), batch.targets.end());
      for (std::size_t row = 0; row < batch.rows; ++row) {
        Draws draws = batch.draws(row);
        const std::size_t other = draws.below(static_cast<std::uint32_t>(batch.rows));
        const double drawn = beta(draws);
        const auto share = static_cast<float>(std::max(drawn, 1 - drawn));
        mix(inputs, other, share, batch.input(row));
        mix(targets, other, share, batch.target(row));
      }
    }
  }

 private:
  static void mix(const std::vector<float>& all, std::size_t other, float share,
                  std::span<float> row) {
    const float* with = all.data() + other * row.size();
    using simd::Register;
    for (std::size_t i = 0; i < row.size(); i += simd::lanes) {
      const int count = static_cast<int>(std::min<std::size_t>(simd::lanes, row.size() - i));
      const Register other_row = Register::load_first(with + i, count);
      const Register own = Register::load_first(row.data() + i, count);
      multiply_add(Register(share), own, Register(1 - share) * other_row)
          .store_first(row.data() + i, count);
    }
  }

  /// Two draws of a gamma distribution, one over the sum of both. Those of an alpha below 1 are
  /// draws of alpha + 1 times u^(1/alpha), kept as logarithms, or small alphas would underflow.
  [[nodiscard]] double beta(Draws& draws) const {
    const double shape = alpha < 1 ? alpha + 1 : alpha;
    const double own = gamma(draws, shape);
    double log_ratio = std::log(gamma(draws, shape) / own);
    if (alpha < 1) {
      const double first = std::log(1 - draws.uniform());
      log_ratio += (std::log(1 - draws.uniform()) - first) / alpha;
    }
    return 1 / (1 + std::exp(log_ratio));
  }

  /// A draw of the gamma distribution of a shape of at least 1.
  /// Source: Marsaglia and Tsang 2000, A simple method for generating gamma variables
  static double gamma(Draws& draws, double shape) {
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
};

}  // namespace lamina
