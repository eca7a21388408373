#pragma once

#include <algorithm>
#include <type_traits>
#include <vector>

#include <lamina/core/simd.hpp>
#include <lamina/train/beta.hpp>
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
    detail::expect_alpha(alpha, "Mixup");
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
        const double drawn = detail::draw_beta(draws, alpha);
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
};

}  // namespace lamina
