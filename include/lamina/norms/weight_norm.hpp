#pragma once

#include <lamina/core/attribute.hpp>

namespace lamina {

/// Attribute of a layer: weight normalization. The weights are W = g v / ||v|| for each output, and
/// the magnitude g and the direction v are trained in their place.
///
/// g: (out, 1), v: (out, in); ||v|| is the norm over the inputs of one output, as
/// `torch.nn.utils.weight_norm` with dim 0, of transposed convolutions 1. They start as v = the
/// initial weights, g = ||v||, so that W is what the initializer made. Files hold `weight_g` and
/// `weight_v` in place of `weight`. W is kept packed beside v and made anew after every step, so
/// that all that reads it (forward, backward, inference, `freeze`) does not know of g and v.
///
/// Gradients: dg = (dW . v) / ||v||, dv = g / ||v|| (dW - dg v / ||v||). Penalties are of W, a
/// decay (`WeightDecay`, AdamW's) is of g alone. An output with ||v|| = 0 has W = 0 and stays.
///
/// Errors: a constraint on the same layer does not compile, since W is not trained itself.
/// Example: `Linear<512, WeightNorm>`
/// Source: Salimans and Kingma 2016, https://arxiv.org/abs/1602.07868
struct WeightNorm {
  static constexpr AttributeKind attribute = AttributeKind::Reparameterization;
  static constexpr TextBuffer name() { return item_name("WeightNorm"); }
  static constexpr TextBuffer check() { return {}; }
};

}  // namespace lamina
