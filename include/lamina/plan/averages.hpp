#pragma once

#include <cmath>
#include <cstdint>
#include <span>
#include <type_traits>

#include <lamina/core/rounded.hpp>
#include <lamina/plan/stage.hpp>

/// The averages that a normalization keeps: how the newest batch enters them, and what they say in
/// inference.
namespace lamina {

/// Samples that running sums must have seen until their variance is trusted, and what it is at
/// least until then. Both are fastai's.
inline constexpr std::int64_t trusted_samples = 20;
inline constexpr float untrusted_variance = 0.01f;

/// The averages of a network's normalizations, and their counters.
struct AverageMemory {
  float* running;
  std::int64_t* counters;  ///< batches, or samples of running sums and fitted numbers
};

/// The weight of the newest batch: small batches enter running sums with less.
inline float newest_weight(const Normalization& norm, int batch) {
  if (norm.averages != Averages::Running) return static_cast<float>(norm.momentum);
  return static_cast<float>(1 - (1 - norm.momentum) / std::sqrt(static_cast<double>(batch - 1)));
}

/// Counts a batch of training before its statistics are taken.
inline void count_batch(std::span<const Stage> stages, int batch, const AverageMemory& averages) {
  for (const Stage& stage : stages) {
    if (!stage.has_averages()) continue;
    std::int64_t& counter = averages.counters[stage.norm_index];
    if (stage.norm.averages == Averages::Moving) ++counter;
    if (stage.norm.averages != Averages::Running) continue;
    counter += batch;
    float& count = averages.running[stage.count_of_sums()];
    const float more = static_cast<float>(batch * stage.positions()) - count;
    count += rounded(newest_weight(stage.norm, batch) * more);
  }
}

/// The least variance that running sums give, by the samples that they have seen.
inline float least_variance(const Stage& stage, const std::int64_t* counters) {
  return counters[stage.norm_index] < trusted_samples ? untrusted_variance : 0.0f;
}

/// Mean and 1 / deviation of some features, as inference uses them.
template <class V>
struct Standard {
  V mean;
  V factor;
};

/// Those of a stage with averages. `load(offset)` gives numbers of its running statistics, at the
/// features in question; `count` is that of running sums.
template <class V, class Load>
Standard<V> standard_of(const Stage& stage, const Load& load, float count, float least) {
  using std::sqrt;
  const V one(1.0f);
  const V first = load(std::size_t{0});
  const V second = load(static_cast<std::size_t>(stage.panels.padded()));
  if (stage.norm.averages == Averages::Fitted) return {first, one / second};
  const V epsilon(static_cast<float>(stage.norm.epsilon));
  if (stage.norm.averages == Averages::Moving) return {first, one / sqrt(second + epsilon)};
  if (count == 0) return {V(0.0f), one};  // nothing seen yet
  const V mean = first / V(count);
  const V bound(least);
  if constexpr (std::is_arithmetic_v<V>) {
    V variance = second / V(count) - rounded(mean * mean);
    variance = variance < bound ? bound : variance;
    return {mean, one / sqrt(variance + epsilon)};
  } else {
    const V variance = subtract_product(mean, mean, second / V(count));
    return {mean, one / sqrt(max(variance, bound) + epsilon)};
  }
}

}  // namespace lamina
