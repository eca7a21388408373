#pragma once

#include <lamina/core/attribute.hpp>
#include <lamina/norms/axes.hpp>

namespace lamina {

/// Attribute of a normalization: the constant added to the variance, > 0.
template <double Value>
struct Epsilon {
  static constexpr AttributeKind attribute = AttributeKind::Epsilon;
  static constexpr double value = Value;
  static constexpr TextBuffer name() { return item_name("Epsilon", Value); }
  static constexpr TextBuffer check() {
    TextBuffer wrong;
    if (!(Value > 0)) wrong << "needs an epsilon above 0, got " << Value;
    return wrong;
  }
};

/// Attribute of a batch normalization: the weight of the newest batch in the running statistics,
/// in [0, 1]; PyTorch's meaning, running <- (1 - momentum) running + momentum batch.
template <double Value>
struct Momentum {
  static constexpr AttributeKind attribute = AttributeKind::Momentum;
  static constexpr double value = Value;
  static constexpr TextBuffer name() { return item_name("Momentum", Value); }
  static constexpr TextBuffer check() {
    TextBuffer wrong;
    if (!(Value >= 0 && Value <= 1)) wrong << "needs a momentum in [0, 1], got " << Value;
    return wrong;
  }
};

/// Batch normalization: y = scale (x - mean) / sqrt(variance + epsilon) + shift, per feature.
///
/// Training takes the mean and the biased variance of the batch, in two passes over the hot tile;
/// inference the running ones, whose variance is the unbiased. scale starts at 1, shift at 0 and
/// both are trained and never penalized. As `torch.nn.BatchNorm1d`.
/// Attributes: `Epsilon<1e-5>`, `Momentum<0.1>`.
///
/// Errors: a training batch of one sample has no variance: `Trainer::step` throws `Error`.
/// Example: `Linear<512>, BatchNorm<>, ReLU`
/// Source: Ioffe and Szegedy 2015, https://arxiv.org/abs/1502.03167
template <class... Attributes>
struct BatchNorm {
  static constexpr Role role = Role::Normalization;
  static constexpr Axes axes = Axes::Batch;
  static constexpr TextBuffer name() {
    if constexpr (sizeof...(Attributes) == 0) return item_name("BatchNorm<>");
    return item_name("BatchNorm", name_of<Attributes>()...);
  }
  static constexpr TextBuffer check() {
    return allow<AttributeKind::Epsilon, AttributeKind::Momentum>::template check<Attributes...>();
  }

  static constexpr double epsilon =
      find_attribute_t<AttributeKind::Epsilon, Epsilon<1e-5>, Attributes...>::value;
  static constexpr double momentum =
      find_attribute_t<AttributeKind::Momentum, Momentum<0.1>, Attributes...>::value;
};

}  // namespace lamina
