#pragma once

#include <cmath>
#include <cstddef>
#include <span>
#include <string>

#include <lamina/core/error.hpp>
#include <lamina/core/output_scale.hpp>
#include <lamina/model/parameters.hpp>

namespace lamina::detail {

/// True where the outputs of a stage are a scale and a shift away from what its parameters give:
/// a linear layer with a bias or a norm with both, and nothing that inference does behind it.
constexpr bool scales_outputs(const Stage& stage) {
  if (!stage.expressionless || stage.adds_skip()) return false;
  if (stage.normalized) return stage.norm.scaled && stage.norm.shifted;
  return stage.contraction && stage.bias;
}

inline void check_scale(const Stage& last, const OutputScale& scale) {
  const auto outputs = static_cast<std::size_t>(last.outputs());
  if (!scales_outputs(last)) {
    throw Error(
        "scale_outputs: expected a network that ends in a linear layer with a bias, found one "
        "that does something behind it, or has no bias there");
  }
  if (scale.factors.size() != outputs || scale.offsets.size() != outputs) {
    throw Error("scale_outputs: expected a factor and an offset for each of " +
                std::to_string(outputs) + " outputs, found " +
                std::to_string(scale.factors.size()) + " and " +
                std::to_string(scale.offsets.size()));
  }
  for (std::size_t i = 0; i < outputs; ++i) {
    if (std::isfinite(scale.factors[i]) && std::isfinite(scale.offsets[i])) continue;
    throw Error("scale_outputs: expected finite numbers, found " +
                std::to_string(scale.factors[i]) + " and " + std::to_string(scale.offsets[i]) +
                " for output " + std::to_string(i));
  }
}

/// Makes the outputs y of the last stage factor y + offset.
inline void scale_outputs(std::span<const Stage> stages, const OutputScale& scale,
                          ParameterBlock& block) {
  const Stage& last = stages.back();
  check_scale(last, scale);
  float* parameters = block.trained.data();
  const auto multiply = [](float& number, double factor, double offset = 0) {
    number = static_cast<float>(factor * static_cast<double>(number) + offset);
  };
  for (std::size_t out = 0; out < static_cast<std::size_t>(last.outputs()); ++out) {
    const double factor = scale.factors[out];
    if (last.per_element()) {
      const auto positions = static_cast<std::size_t>(last.positions());
      for (std::size_t i = out * positions; i < (out + 1) * positions; ++i) {
        const std::size_t at = packed_element(last, i);
        multiply(parameters[last.trained_shift + at], factor, scale.offsets[out]);
        multiply(parameters[last.trained_scale + at], factor);
      }
      continue;
    }
    const std::size_t shift = last.normalized ? last.shift_vector : last.bias_vector;
    multiply(parameters[shift + out], factor, scale.offsets[out]);
    if (last.normalized) {
      multiply(parameters[last.scale_vector + out], factor);
    } else if (last.reparameterized) {
      multiply(parameters[last.magnitude + out], factor);
    } else {
      for (std::size_t in = 0; in < static_cast<std::size_t>(last.depth()); ++in) {
        multiply(parameters[last.weights + packed_index(last, out, in)], factor);
      }
    }
  }
  if (last.reparameterized) compose_weights(stages, parameters);
}

}  // namespace lamina::detail
