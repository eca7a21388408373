#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include <lamina/core/error.hpp>
#include <lamina/core/rounded.hpp>
#include <lamina/model/data_parts.hpp>
#include <lamina/model/parameters.hpp>

namespace lamina {

/// Mean and deviation of every feature of some samples, over their positions.
struct FeatureStatistics {
  std::vector<double> mean;
  std::vector<double> deviation;  ///< biased; 1 where a feature is constant
};

/// Sums them up in two passes in double, of rows (samples, features, positions) that come in order,
/// any number at once.
class FeatureSums {
 public:
  FeatureSums(std::size_t features, std::size_t positions)
      : features_(features), positions_(positions), found_{zeros(), zeros()} {}

  /// The first pass. Errors: a number that is not finite throws `Error` naming its sample, where
  /// these are those from `sample` on, and its feature.
  void add(std::span<const float> inputs, std::size_t sample) {
    const std::size_t values = features_ * positions_;
    for (std::size_t i = 0; i < inputs.size(); ++i) {
      if (!std::isfinite(inputs[i])) {
        throw Error("fit_standardize: expected finite numbers, found " + std::to_string(inputs[i]) +
                    " in sample " + std::to_string(sample + i / values) + ", feature " +
                    std::to_string(i % values));
      }
      found_.mean[i % values / positions_] += static_cast<double>(inputs[i]);
    }
    count_ += static_cast<double>(inputs.size() / features_);
  }
  void end_means() {
    for (double& mean : found_.mean) mean /= count_;
  }
  /// The second pass.
  void add_distances(std::span<const float> inputs) {
    const std::size_t values = features_ * positions_;
    for (std::size_t i = 0; i < inputs.size(); ++i) {
      const std::size_t feature = i % values / positions_;
      const double distance = static_cast<double>(inputs[i]) - found_.mean[feature];
      found_.deviation[feature] += rounded(distance * distance);
    }
  }
  /// A feature whose deviation is below the rounding of its mean in float is constant.
  [[nodiscard]] FeatureStatistics end() {
    constexpr double rounding = 1e-7;
    for (std::size_t f = 0; f < features_; ++f) {
      double& deviation = found_.deviation[f];
      deviation = std::sqrt(deviation / count_);
      if (!(deviation > rounding * std::abs(found_.mean[f]))) deviation = 1;
    }
    return std::move(found_);
  }

 private:
  [[nodiscard]] std::vector<double> zeros() const { return std::vector<double>(features_); }

  std::size_t features_;
  std::size_t positions_;
  FeatureStatistics found_;
  double count_ = 0;
};

/// Finds them: (samples, features, positions), row-major. Errors: as `FeatureSums::add`.
inline FeatureStatistics find_feature_statistics(std::span<const float> inputs,
                                                 std::size_t features, std::size_t positions) {
  FeatureSums sums(features, positions);
  sums.add(inputs, 0);
  sums.end_means();
  sums.add_distances(inputs);
  return sums.end();
}

/// The same of a data set, wherever its inputs are; what is read is read twice.
inline FeatureStatistics find_feature_statistics(const Dataset& data, std::size_t features,
                                                 std::size_t positions) {
  FeatureSums sums(features, positions);
  detail::for_each_part(
      data, [&](std::span<const float> inputs, std::size_t first) { sums.add(inputs, first); });
  sums.end_means();
  detail::for_each_part(
      data, [&](std::span<const float> inputs, std::size_t) { sums.add_distances(inputs); });
  return sums.end();
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
