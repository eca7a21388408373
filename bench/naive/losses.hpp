#pragma once

#include <algorithm>
#include <cmath>
#include <span>
#include <vector>

#include <lamina/losses/binary_cross_entropy.hpp>
#include <lamina/losses/cross_entropy.hpp>
#include <lamina/losses/hinge.hpp>
#include <lamina/losses/huber.hpp>
#include <lamina/losses/mean_absolute_error.hpp>
#include <lamina/losses/mean_squared_error.hpp>

/// The losses as textbooks write them: the loss of a batch, and its gradient by the outputs.
namespace lamina::naive {

/// A loss with its gradient by the outputs, (rows, outputs).
template <class Scalar>
struct Judgement {
  Scalar loss = 0;
  std::vector<Scalar> gradient;
};

/// What each class counts: 1 unless the loss says otherwise.
template <class Scalar, class... Attributes>
std::vector<Scalar> class_weights(std::size_t classes) {
  std::vector<Scalar> weights(classes, Scalar(1));
  (
      [&] {
        if constexpr (requires { Attributes::values; }) {
          weights.assign(Attributes::values.begin(), Attributes::values.end());
        }
      }(),
      ...);
  return weights;
}

/// -sum_c w_c q_c log softmax(x)_c with q = (1 - smoothing) target + smoothing / classes, the sum
/// over the rows divided by their number, or for labels by their weights; ignored labels count
/// nowhere. Targets are labels, or rows of probabilities.
template <class... Attributes, class Scalar, class Target>
Judgement<Scalar> judge_rows(CrossEntropy<Attributes...>, const std::vector<Scalar>& outputs,
                             std::span<const Target> targets, std::size_t rows) {
  constexpr auto smoothing = static_cast<Scalar>(CrossEntropy<Attributes...>::smoothing);
  const std::size_t classes = outputs.size() / rows;
  const std::vector<Scalar> weights = class_weights<Scalar, Attributes...>(classes);
  std::vector<Scalar> target(outputs.size(), Scalar(0));
  Scalar count = 0;
  const auto is_ignored = [&](std::size_t r) {
    return std::is_same_v<Target, Label> &&
           targets[r] == static_cast<Target>(CrossEntropy<Attributes...>::ignored);
  };
  for (std::size_t r = 0; r < rows; ++r) {
    if (is_ignored(r)) continue;
    if constexpr (std::is_same_v<Target, Label>) {
      const auto label = static_cast<std::size_t>(targets[r]);
      target[r * classes + label] = 1;
      count += weights[label];
    } else {
      std::copy_n(&targets[r * classes], classes, &target[r * classes]);
      count += 1;
    }
  }
  Judgement<Scalar> result{0, std::vector<Scalar>(outputs.size())};
  for (std::size_t r = 0; r < rows; ++r) {
    if (is_ignored(r)) continue;
    const Scalar* x = &outputs[r * classes];
    const Scalar largest = *std::max_element(x, x + classes);
    Scalar total = 0;
    for (std::size_t c = 0; c < classes; ++c) total += std::exp(x[c] - largest);
    Scalar all = 0;
    for (std::size_t c = 0; c < classes; ++c) {
      Scalar& wanted = target[r * classes + c];
      wanted = weights[c] * ((1 - smoothing) * wanted + smoothing / static_cast<Scalar>(classes));
      all += wanted;
    }
    for (std::size_t c = 0; c < classes; ++c) {
      const Scalar log_softmax = x[c] - largest - std::log(total);
      const Scalar wanted = target[r * classes + c];
      result.loss -= wanted * log_softmax / count;
      result.gradient[r * classes + c] = (all * std::exp(log_softmax) - wanted) / count;
    }
  }
  return result;
}

/// The same of samples that have several labels each: class maps, a label for each position of
/// outputs that lie channel by channel.
template <class... Attributes, class Scalar, class Target>
Judgement<Scalar> judge(CrossEntropy<Attributes...> loss, const std::vector<Scalar>& outputs,
                        std::span<const Target> targets, std::size_t samples) {
  const bool maps = std::is_same_v<Target, Label>;
  const std::size_t positions = maps ? targets.size() / samples : 1;
  const std::size_t classes = outputs.size() / samples / positions;
  const auto turned = [&](const std::vector<Scalar>& values, bool to_rows) {
    std::vector<Scalar> made(values.size());
    for (std::size_t s = 0; s < samples; ++s) {
      for (std::size_t c = 0; c < classes; ++c) {
        for (std::size_t p = 0; p < positions; ++p) {
          const std::size_t by_channel = (s * classes + c) * positions + p;
          const std::size_t by_row = (s * positions + p) * classes + c;
          made[to_rows ? by_row : by_channel] = values[to_rows ? by_channel : by_row];
        }
      }
    }
    return made;
  };
  Judgement<Scalar> found = judge_rows(loss, turned(outputs, true), targets, samples * positions);
  found.gradient = turned(found.gradient, false);
  return found;
}

/// (x - t)^2, the mean over all values.
template <class Scalar>
Judgement<Scalar> judge(MeanSquaredError, const std::vector<Scalar>& outputs,
                        std::span<const float> targets) {
  const auto count = static_cast<Scalar>(outputs.size());
  Judgement<Scalar> result{0, std::vector<Scalar>(outputs.size())};
  for (std::size_t i = 0; i < outputs.size(); ++i) {
    const Scalar distance = outputs[i] - static_cast<Scalar>(targets[i]);
    result.loss += distance * distance / count;
    result.gradient[i] = 2 * distance / count;
  }
  return result;
}

/// -p t log sigmoid(x) - (1 - t) log(1 - sigmoid(x)), the mean over all values, with p one for all
/// outputs or one for each: -log sigmoid(x) is log(1 + exp(-x)).
template <class... Attributes, class Scalar>
Judgement<Scalar> judge(BinaryCrossEntropy<Attributes...>, const std::vector<Scalar>& outputs,
                        std::span<const float> targets, std::size_t rows) {
  const auto count = static_cast<Scalar>(outputs.size());
  const std::size_t columns = outputs.size() / rows;
  std::vector<Scalar> weights(columns, Scalar(1));
  (
      [&] {
        for (std::size_t c = 0; c < columns; ++c) {
          weights[c] = static_cast<Scalar>(Attributes::values[c % Attributes::values.size()]);
        }
      }(),
      ...);
  const auto softplus = [](Scalar x) {
    return std::max(x, Scalar(0)) + std::log1p(std::exp(-std::abs(x)));
  };
  Judgement<Scalar> result{0, std::vector<Scalar>(outputs.size())};
  for (std::size_t i = 0; i < outputs.size(); ++i) {
    const Scalar x = outputs[i];
    const auto t = static_cast<Scalar>(targets[i]);
    const Scalar yes = weights[i % columns] * t;
    result.loss += (yes * softplus(-x) + (1 - t) * softplus(x)) / count;
    result.gradient[i] = ((1 - t) / (1 + std::exp(-x)) - yes / (1 + std::exp(x))) / count;
  }
  return result;
}

/// |x - t|, the mean over all values.
template <class Scalar>
Judgement<Scalar> judge(MeanAbsoluteError, const std::vector<Scalar>& outputs,
                        std::span<const float> targets) {
  const auto count = static_cast<Scalar>(outputs.size());
  Judgement<Scalar> result{0, std::vector<Scalar>(outputs.size())};
  for (std::size_t i = 0; i < outputs.size(); ++i) {
    const Scalar distance = outputs[i] - static_cast<Scalar>(targets[i]);
    result.loss += std::abs(distance) / count;
    if (distance != 0) result.gradient[i] = (distance > 0 ? 1 : -1) / count;
  }
  return result;
}

/// d^2 / 2 near the target, delta (|d| - delta / 2) far from it, the mean over all values.
template <double Delta, class Scalar>
Judgement<Scalar> judge(Huber<Delta>, const std::vector<Scalar>& outputs,
                        std::span<const float> targets) {
  constexpr auto delta = static_cast<Scalar>(Delta);
  const auto count = static_cast<Scalar>(outputs.size());
  Judgement<Scalar> result{0, std::vector<Scalar>(outputs.size())};
  for (std::size_t i = 0; i < outputs.size(); ++i) {
    const Scalar distance = outputs[i] - static_cast<Scalar>(targets[i]);
    const bool near = std::abs(distance) <= delta;
    result.loss +=
        (near ? distance * distance / 2 : delta * (std::abs(distance) - delta / 2)) / count;
    result.gradient[i] = (near ? distance : distance > 0 ? delta : -delta) / count;
  }
  return result;
}

/// max(1 - t x, 0), the mean over all values.
template <class Scalar>
Judgement<Scalar> judge(Hinge, const std::vector<Scalar>& outputs, std::span<const float> targets) {
  const auto count = static_cast<Scalar>(outputs.size());
  Judgement<Scalar> result{0, std::vector<Scalar>(outputs.size())};
  for (std::size_t i = 0; i < outputs.size(); ++i) {
    const auto t = static_cast<Scalar>(targets[i]);
    const Scalar missing = 1 - t * outputs[i];
    result.loss += std::max(missing, Scalar(0)) / count;
    if (missing > 0) result.gradient[i] = -t / count;
  }
  return result;
}

/// The same with the number of rows, which a loss of single values need not know.
template <class Loss, class Scalar>
  requires requires { &Loss::template value<Scalar>; }
Judgement<Scalar> judge(Loss loss, const std::vector<Scalar>& outputs,
                        std::span<const float> targets, std::size_t /*rows*/) {
  return judge(loss, outputs, targets);
}

}  // namespace lamina::naive
