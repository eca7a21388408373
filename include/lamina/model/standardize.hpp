#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include <lamina/core/error.hpp>
#include <lamina/core/rounded.hpp>
#include <lamina/model/parameters.hpp>

namespace lamina {

/// Mean and deviation of every feature of some samples, over their positions.
struct FeatureStatistics {
  std::vector<double> mean;
  std::vector<double> deviation;  ///< biased; 1 where a feature is constant
};

/// Finds them in two passes in double: (samples, features, positions), row-major.
///
/// A feature whose deviation is below the rounding of its mean in float is constant.
/// Errors: a number that is not finite throws `Error` naming its sample and feature.
inline FeatureStatistics find_feature_statistics(std::span<const float> inputs,
                                                 std::size_t features, std::size_t positions) {
  const std::size_t values = features * positions;  // of a sample
  const auto feature_of = [&](std::size_t i) { return i % values / positions; };
  FeatureStatistics found{std::vector<double>(features), std::vector<double>(features)};
  for (std::size_t i = 0; i < inputs.size(); ++i) {
    if (!std::isfinite(inputs[i])) {
      throw Error("fit_standardize: expected finite numbers, found " + std::to_string(inputs[i]) +
                  " in sample " + std::to_string(i / values) + ", feature " +
                  std::to_string(i % values));
    }
    found.mean[feature_of(i)] += static_cast<double>(inputs[i]);
  }
  const auto count = static_cast<double>(inputs.size() / features);
  for (double& mean : found.mean) mean /= count;
  for (std::size_t i = 0; i < inputs.size(); ++i) {
    const double distance = static_cast<double>(inputs[i]) - found.mean[feature_of(i)];
    found.deviation[feature_of(i)] += rounded(distance * distance);
  }
  constexpr double rounding = 1e-7;
  for (std::size_t f = 0; f < features; ++f) {
    double& deviation = found.deviation[f];
    deviation = std::sqrt(deviation / count);
    if (!(deviation > rounding * std::abs(found.mean[f]))) deviation = 1;
  }
  return found;
}

/// Gives a stage of `Standardize` its numbers.
inline void set_standard(const Stage& stage, const FeatureStatistics& found, std::size_t samples,
                         ParameterBlock& block) {
  float* mean = block.running.data() + stage.running;
  float* deviation = mean + stage.panels.padded();
  for (std::size_t f = 0; f < found.mean.size(); ++f) {
    mean[f] = static_cast<float>(found.mean[f]);
    deviation[f] = static_cast<float>(found.deviation[f]);
  }
  block.counters[static_cast<std::size_t>(stage.norm_index)] = static_cast<std::int64_t>(samples);
}

}  // namespace lamina
