#pragma once

#include <algorithm>
#include <cmath>
#include <span>
#include <vector>

#include <lamina/losses/binary_cross_entropy.hpp>
#include <lamina/losses/cross_entropy.hpp>
#include <lamina/losses/mean_squared_error.hpp>

/// The losses as textbooks write them: the loss of a batch, and its gradient by the outputs.
namespace lamina::naive {

/// A loss with its gradient by the outputs, (rows, outputs).
template <class Scalar>
struct Judgement {
  Scalar loss = 0;
  std::vector<Scalar> gradient;
};

/// -sum_c q_c log softmax(x)_c with q = (1 - smoothing) one_hot + smoothing / classes, the mean
/// over the rows; the gradient is (softmax(x) - q) / rows.
template <class... Attributes, class Scalar>
Judgement<Scalar> judge(CrossEntropy<Attributes...>, const std::vector<Scalar>& outputs,
                        std::span<const Label> labels) {
  constexpr auto smoothing = static_cast<Scalar>(CrossEntropy<Attributes...>::smoothing);
  const std::size_t rows = labels.size();
  const std::size_t classes = outputs.size() / rows;
  const auto count = static_cast<Scalar>(rows);
  Judgement<Scalar> result{0, std::vector<Scalar>(outputs.size())};
  for (std::size_t r = 0; r < rows; ++r) {
    const Scalar* x = &outputs[r * classes];
    const Scalar largest = *std::max_element(x, x + classes);
    Scalar total = 0;
    for (std::size_t c = 0; c < classes; ++c) total += std::exp(x[c] - largest);
    for (std::size_t c = 0; c < classes; ++c) {
      const Scalar log_softmax = x[c] - largest - std::log(total);
      Scalar wanted = smoothing / static_cast<Scalar>(classes);
      if (c == static_cast<std::size_t>(labels[r])) wanted += 1 - smoothing;
      result.loss -= wanted * log_softmax / count;
      result.gradient[r * classes + c] = (std::exp(log_softmax) - wanted) / count;
    }
  }
  return result;
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

/// -t log sigmoid(x) - (1 - t) log(1 - sigmoid(x)), the mean over all values, written without the
/// logarithm of zero: max(x, 0) - x t + log(1 + exp(-|x|)).
template <class Scalar>
Judgement<Scalar> judge(BinaryCrossEntropy, const std::vector<Scalar>& outputs,
                        std::span<const float> targets) {
  const auto count = static_cast<Scalar>(outputs.size());
  Judgement<Scalar> result{0, std::vector<Scalar>(outputs.size())};
  for (std::size_t i = 0; i < outputs.size(); ++i) {
    const Scalar x = outputs[i];
    const auto t = static_cast<Scalar>(targets[i]);
    result.loss += (std::max(x, Scalar(0)) - x * t + std::log1p(std::exp(-std::abs(x)))) / count;
    result.gradient[i] = (1 / (1 + std::exp(-x)) - t) / count;
  }
  return result;
}

}  // namespace lamina::naive
