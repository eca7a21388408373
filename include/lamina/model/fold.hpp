#pragma once

#include <span>
#include <vector>

#include <lamina/core/rounded.hpp>
#include <lamina/model/parameters.hpp>
#include <lamina/plan/averages.hpp>

/// Freezing: normalizations whose numbers do not depend on the sample become part of the weights
/// around them, in double.
namespace lamina {

namespace detail {

/// x -> factor x + offset, of one feature.
struct FeatureAffine {
  double factor;
  double offset;
};

/// What a normalization with averages does in inference: scale (x - mean) / deviation + shift.
inline FeatureAffine affine_of(const Stage& stage, const ParameterBlock& block, std::size_t i) {
  const float* averages = block.running.data() + stage.running + i;
  const bool sums = stage.norm.averages == Averages::Running;
  const auto standard = standard_of<double>(
      stage, [&](std::size_t offset) { return static_cast<double>(averages[offset]); },
      sums ? block.running.data()[stage.count_of_sums()] : 0.0f,
      sums ? least_variance(stage, block.counters.data()) : 0.0f);
  const auto number = [&](std::size_t vector) {
    return static_cast<double>(block.trained.data()[vector + i]);
  };
  const double factor = number(stage.scale_vector) * standard.factor;
  return {factor, number(stage.shift_vector) - rounded(factor * standard.mean)};
}

inline std::vector<FeatureAffine> affines_of(const Stage& stage, const ParameterBlock& block) {
  std::vector<FeatureAffine> affines;
  for (std::size_t i = 0; i < static_cast<std::size_t>(stage.outputs()); ++i) {
    affines.push_back(affine_of(stage, block, i));
  }
  return affines;
}

/// Into the weights of a stage that reads these features from `first` on: W (factor x + offset) +
/// b.
inline void fold_forward(const std::vector<FeatureAffine>& affines, const Stage& next, int first,
                         float* parameters) {
  for (std::size_t out = 0; out < static_cast<std::size_t>(next.outputs()); ++out) {
    float& bias = parameters[next.bias_vector + out];
    double sum = static_cast<double>(bias);
    for (std::size_t i = 0; i < affines.size(); ++i) {
      const std::size_t in = i + static_cast<std::size_t>(first);
      float& weight = parameters[next.weights + packed_index(next, out, in)];
      sum += rounded(static_cast<double>(weight) * affines[i].offset);
      weight = static_cast<float>(static_cast<double>(weight) * affines[i].factor);
    }
    bias = static_cast<float>(sum);
  }
}

/// Into the weights of its own stage: factor (W x + b) + offset.
inline void fold_back(const Stage& stage, const ParameterBlock& block, float* parameters) {
  for (std::size_t out = 0; out < static_cast<std::size_t>(stage.outputs()); ++out) {
    const FeatureAffine affine = affine_of(stage, block, out);
    float& bias = parameters[stage.bias_vector + out];
    bias = static_cast<float>(rounded(affine.factor * static_cast<double>(bias)) + affine.offset);
    for (std::size_t in = 0; in < static_cast<std::size_t>(stage.depth()); ++in) {
      float& weight = parameters[stage.weights + packed_index(stage, out, in)];
      weight = static_cast<float>(affine.factor * static_cast<double>(weight));
    }
  }
}

/// Of a stage that stays: its scale and shift become the whole affine.
inline void fold_in_place(const Stage& stage, const ParameterBlock& block, float* parameters) {
  for (std::size_t i = 0; i < static_cast<std::size_t>(stage.outputs()); ++i) {
    const FeatureAffine affine = affine_of(stage, block, i);
    parameters[stage.scale_vector + i] = static_cast<float>(affine.factor);
    parameters[stage.shift_vector + i] = static_cast<float>(affine.offset);
  }
}

}  // namespace detail

/// The parameters of the frozen network.
inline AlignedFloats fold(std::span<const Stage> stages, const ParameterBlock& block) {
  AlignedFloats parameters = block.trained;
  for (std::size_t s = 0; s < stages.size(); ++s) {
    if (!stages[s].folds_forward || !stages[s].normalized) continue;
    const std::vector<detail::FeatureAffine> affines = detail::affines_of(stages[s], block);
    for (auto t = s + 1; t <= static_cast<std::size_t>(stages[s].last_consumer); ++t) {
      const Stage& next = stages[t];
      for (const Source& source : next.reads_from()) {
        if (source.stage != static_cast<int>(s)) continue;
        detail::fold_forward(affines, next, source.first, parameters.data());
      }
    }
  }
  for (const Stage& stage : stages) {
    if (!stage.normalized || !stage.affine_in_inference() || stage.folds_forward) continue;
    if (stage.contraction) {
      detail::fold_back(stage, block, parameters.data());
    } else {
      detail::fold_in_place(stage, block, parameters.data());
    }
  }
  return parameters;
}

}  // namespace lamina
