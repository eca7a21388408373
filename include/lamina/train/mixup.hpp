#pragma once

#include <algorithm>
#include <cmath>
#include <numeric>
#include <type_traits>
#include <vector>

#include <lamina/train/transform.hpp>

namespace lamina {

/// Mixup: every sample of a batch becomes t times itself plus 1 - t times another sample of the
/// batch, inputs and targets alike, t drawn for each from Beta(alpha, alpha) and at least 1/2.
///
/// Targets must be floats: train a network with `CrossEntropy<SoftTargets>` on `one_hot(data,
/// classes)`. alpha > 0; fastai's 0.4 by default.
/// Source: Zhang et al. 2018, https://arxiv.org/abs/1710.09412; a t for each sample as in fastai.
/// Example: `trainer.fit(one_hot(train, 10), one_hot(validation, 10), {}, Mixup{.alpha = 0.4});`
struct Mixup {
  double alpha = 0.4;

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
    for (std::size_t i = 0; i < row.size(); ++i) row[i] = share * row[i] + (1 - share) * with[i];
  }

  /// Johnk's method, which needs no more than uniform numbers: x^(1/a) / (x^(1/a) + y^(1/a)) where
  /// that sum is at most 1. Logarithms keep small alphas from underflowing.
  [[nodiscard]] double beta(Draws& draws) const {
    while (true) {
      const double x = std::log(1 - draws.uniform()) / alpha;
      const double y = std::log(1 - draws.uniform()) / alpha;
      const double most = std::max(x, y);
      const double sum = most + std::log(std::exp(x - most) + std::exp(y - most));
      if (sum <= 0) return std::exp(x - sum);
    }
  }
};

}  // namespace lamina
