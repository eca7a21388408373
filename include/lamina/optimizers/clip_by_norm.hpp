#pragma once

#include <lamina/core/optimizer.hpp>

namespace lamina {

/// Wraps an optimizer: where the Euclidean norm of all gradients together, penalties included, is
/// above `max_norm`, they are scaled down to it: g <- g min(1, max_norm / (norm + 1e-6)). As
/// `torch.nn.utils.clip_grad_norm_`.
///
/// The gradients lie in memory then, since all must be known before anything moves.
/// max_norm > 0.
///
/// Example: `Trainer trainer{model, ClipByNorm{Adam{.learning_rate = 1e-3f}, 1.0f}};`
/// Source: Pascanu et al. 2013, https://arxiv.org/abs/1211.5063
template <class Optimizer>
struct ClipByNorm : Optimizer {
  static_assert(!LimitsNorm<Optimizer>, "lamina: ClipByNorm around ClipByNorm: give one");
  float max_norm = 1.0f;

  /// What the norm of the gradient is scaled down to.
  [[nodiscard]] float norm_limit() const { return max_norm; }

  /// Errors: numbers that make no sense throw `Error`.
  void check(const NumberCheck& check) const {
    check_numbers(static_cast<const Optimizer&>(*this), check);
    check.above_0("ClipByNorm's max_norm", max_norm);
  }
};

template <class Optimizer>
ClipByNorm(Optimizer, float) -> ClipByNorm<Optimizer>;

}  // namespace lamina
