#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <string>
#include <tuple>
#include <vector>

#include <lamina/core/float_mode.hpp>
#include <lamina/core/rounded.hpp>
#include <lamina/core/text.hpp>
#include <lamina/train/batch_loader.hpp>
#include <lamina/train/learning_rate_curve.hpp>
#include <lamina/train/trainer.hpp>

namespace lamina {

/// Options of `find_learning_rate`.
struct FindOptions {
  float min_learning_rate = 1e-7f;
  float max_learning_rate = 10;
  int steps = 100;
  int batch_size = 128;
  double smoothing = 0.98;  ///< of the running mean of the loss, which is de-biased
  double divergence = 4;    ///< the search ends where the smoothed loss is so many times its least
};

namespace detail {

inline void check_find(const FindOptions& options) {
  if (!(options.min_learning_rate > 0) ||
      !(options.max_learning_rate > options.min_learning_rate) ||
      !std::isfinite(options.max_learning_rate) || options.steps < 2 || options.batch_size < 1 ||
      !(options.smoothing >= 0 && options.smoothing < 1) || !(options.divergence > 1)) {
    TextBuffer text;
    text << "find_learning_rate: expected 0 < min_learning_rate < max_learning_rate, at least 2 "
            "steps, batches of at least 1 sample, a smoothing in [0, 1) and a divergence above 1, "
            "found "
         << static_cast<double>(options.min_learning_rate) << ", "
         << static_cast<double>(options.max_learning_rate) << ", " << options.steps << ", "
         << options.batch_size << ", " << static_cast<double>(options.smoothing) << " and "
         << static_cast<double>(options.divergence);
    throw Error(std::string(text.view()));
  }
}

/// Where the loss falls fastest against the logarithm of the rate: the steepest chord over a tenth
/// of the curve, the first tenth left out. Early means are of a few losses and move by chance: on
/// moons the steepest pair of neighbours lay at 2e-6, where nothing is learned yet.
inline std::size_t steepest_of(const std::vector<double>& losses) {
  const std::size_t start = losses.size() / 10;
  const std::size_t half = std::max<std::size_t>(1, losses.size() / 20);
  std::size_t best = start;
  double least = INFINITY;
  for (std::size_t i = start + half; i + half < losses.size(); ++i) {
    const double slope = losses[i + half] - losses[i - half];
    if (slope < least) {
      least = slope;
      best = i;
    }
  }
  return best;
}

/// The middle of the longest run of losses, not necessarily neighbours, that fall: fastai's
/// valley.
inline std::size_t valley_of(const std::vector<double>& losses) {
  std::vector<std::size_t> longest(losses.size(), 1);
  std::size_t end = 0;
  for (std::size_t i = 1; i < losses.size(); ++i) {
    for (std::size_t j = 0; j < i; ++j) {
      if (losses[i] < losses[j]) longest[i] = std::max(longest[i], longest[j] + 1);
    }
    if (longest[i] > longest[end]) end = i;
  }
  const std::size_t first = end + 1 - longest[end];
  const std::size_t third = (end - first) / 3;
  return first + third + third / 2;
}

template <class Net, class Optimizer>
LearningRateCurve search_learning_rate(const Model<Net>& model, const Optimizer& optimizer,
                                       const Dataset& train, const FindOptions& options) {
  check_find(options);
  check_fit<Net>("find_learning_rate", train, {}, {.epochs = 1, .batch_size = options.batch_size});
  Model<Net> copy = model;
  if constexpr (has_standardize<Net>) {
    if (!copy.is_standardized()) copy.fit_standardize(train);
  }
  Trainer<Net, Optimizer> trainer(copy, optimizer);
  const auto batch = std::min(static_cast<std::size_t>(options.batch_size), train.size());
  const auto batches = static_cast<std::int64_t>(train.size() / batch);  // whole ones
  BatchLoader<Net> loader(train, batch, copy.seed().value, std::tuple<>(),
                          "find_learning_rate: training set");
  const double ratio = static_cast<double>(options.max_learning_rate) /
                       static_cast<double>(options.min_learning_rate);
  LearningRateCurve curve{};
  double mean = 0;
  double least = INFINITY;
  for (int step = 0; step < options.steps; ++step) {
    if (step % batches == 0) loader.start(true, step, 0, batches);
    const double share = static_cast<double>(step) / (options.steps - 1);
    const auto rate =
        static_cast<float>(static_cast<double>(options.min_learning_rate) * std::pow(ratio, share));
    trainer.optimizer().learning_rate = rate;
    loader.next();
    const auto loss = static_cast<double>(trainer.step(loader.inputs(), loader.targets()));
    mean = rounded(options.smoothing * mean) + rounded((1 - options.smoothing) * loss);
    const double smoothed = mean / (1 - std::pow(options.smoothing, step + 1));
    if (!std::isfinite(loss) || smoothed > options.divergence * least) break;
    least = std::min(least, smoothed);
    curve.learning_rates.push_back(rate);
    curve.losses.push_back(loss);
    curve.smoothed.push_back(smoothed);
  }
  if (curve.learning_rates.empty()) {
    throw Error("find_learning_rate: expected a finite loss at the first step, found none");
  }
  curve.steepest = curve.learning_rates[steepest_of(curve.smoothed)];
  curve.valley = curve.learning_rates[valley_of(curve.smoothed)];
  return curve;
}

}  // namespace detail

/// Trains a copy of the model for some steps while the learning rate rises exponentially, and
/// suggests rates from the curve of the loss. The model is untouched, bit for bit.
///
/// Every step is one of `train`'s shuffled batches, epoch after epoch. It ends early where the
/// smoothed loss is `divergence` times its least or is not finite. `steepest`: where the smoothed
/// loss falls fastest, for a rate that is kept; `valley`: in the middle of the long fall, fastai's
/// choice for the top of a `OneCycle`.
/// Errors: data that do not fit the network and options that make no sense throw `Error`.
/// Source: Smith 2017, https://arxiv.org/abs/1506.01186; suggestions as fastai's `lr_find`.
/// Example: `const float rate = find_learning_rate(model, Adam{}, train).valley;`
template <class Net, class Optimizer>
[[nodiscard]] LearningRateCurve find_learning_rate(const Model<Net>& model,
                                                   const Optimizer& optimizer, const Dataset& train,
                                                   const FindOptions& options = {}) {
  return in_float_mode(
      [&] { return detail::search_learning_rate(model, optimizer, train, options); });
}

/// What stands in for the search of a network that is wrong or has no loss.
template <class Net, class Optimizer>
  requires(!TrainableNetwork<Net>)
LearningRateCurve find_learning_rate(const Model<Net>&, const Optimizer&, const Dataset&,
                                     const FindOptions& = {}) {
  static_cast<void>(Diagnose<NetworkFault<Net>>{});
  return {};
}

}  // namespace lamina
