#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include <lamina/core/error.hpp>
#include <lamina/data/dataset.hpp>
#include <lamina/data/draws.hpp>

namespace lamina {

/// Sampler: an epoch draws as many samples as the data set has, with replacement, each with a
/// probability proportional to its weight. As `torch.utils.data.WeightedRandomSampler`.
///
/// Errors: weights that are negative, not finite or all zero throw `Error`; so does, when the fit
/// begins, a number of them that is not that of the samples.
/// Example: `trainer.fit(train, validation, {}, WeightedSampling::balanced(train));`
class WeightedSampling {
 public:
  explicit WeightedSampling(const std::vector<double>& weights) {
    double total = 0;
    for (std::size_t i = 0; i < weights.size(); ++i) {
      if (!(weights[i] >= 0) || !std::isfinite(weights[i])) {
        throw Error(std::string("WeightedSampling: expected finite weights of 0 and more, found ") +
                    std::to_string(weights[i]) + " for sample " + std::to_string(i));
      }
      total += weights[i];
      sums_.push_back(total);
    }
    if (!(total > 0)) throw Error("WeightedSampling: expected a weight above 0, found none");
  }

  /// Every class as often as every other: a sample weighs one over the size of its class. Throws
  /// `Error` for float targets and for class maps, which have several classes a sample.
  static WeightedSampling balanced(const Dataset& data) {
    if (!data.has_labels()) {
      throw Error("WeightedSampling::balanced: expected class labels, found none");
    }
    if (data.labels_a_sample() > 1) {
      throw Error("WeightedSampling::balanced: expected for each sample one label, found " +
                  detail::words_of_labels(data.label_shape()));
    }
    std::vector<double> counts(data.classes());
    for (const Label label : data.labels()) ++counts[static_cast<std::size_t>(label)];
    std::vector<double> weights;
    for (const Label label : data.labels()) {
      weights.push_back(1 / counts[static_cast<std::size_t>(label)]);
    }
    return WeightedSampling(weights);
  }

  template <class State>
  void before_fit(const State& state) const {
    if (state.samples == sums_.size()) return;
    throw Error(std::string("WeightedSampling: expected a weight for each of ") +
                std::to_string(state.samples) + " samples, found " + std::to_string(sums_.size()));
  }

  /// The samples of the epoch that begins after `step` steps.
  void order(std::vector<std::uint32_t>& order, std::uint64_t seed, std::int64_t step) const {
    for (std::size_t i = 0; i < order.size(); ++i) {
      // A negative step is no trainer's: apart from what transforms draw.
      const double at = Draws(seed, -1 - step, i).uniform() * sums_.back();
      const auto found = std::upper_bound(sums_.begin(), sums_.end(), at) - sums_.begin();
      order[i] = static_cast<std::uint32_t>(std::min(found, std::ssize(sums_) - 1));
    }
  }

 private:
  std::vector<double> sums_;  ///< of the weights up to a sample
};

}  // namespace lamina
