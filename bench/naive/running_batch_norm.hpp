#pragma once

#include <algorithm>
#include <cmath>

#include "batch_norm.hpp"

namespace lamina::naive {

/// fastai's running batch normalization: like `BatchNormLayer`, by moving averages in training too.
///
/// sums, squares and count are moving averages of a batch's sum of x, of x^2 and of the number of
/// values that each channel has, rows * positions, all with the weight
/// w = 1 - (1 - momentum) / sqrt(rows - 1) for the newest batch;
/// mean = sums / count, variance = squares / count - mean^2, and at least 0.01 while fewer than 20
/// rows have been seen.
template <class Scalar>
class RunningBatchNormLayer final : public Layer<Scalar> {
 public:
  using typename Layer<Scalar>::Batch;

  RunningBatchNormLayer(const std::vector<Tensor>& tensors, const std::string& prefix,
                        const Shape& shape, const Normalization& norm)
      : channels_(shape),
        epsilon_(static_cast<Scalar>(norm.epsilon)),
        momentum_(static_cast<Scalar>(norm.momentum)),
        prefix_(prefix),
        affine_(tensors, prefix, channels_, norm) {
    const auto read = [&](const char* name) {
      const std::vector<float>& values = floats_of(tensors, prefix_ + name);
      return Batch(values.begin(), values.end());
    };
    kept_ = {read(".sums"), read(".squares"), read(".count"),
             Batch{static_cast<Scalar>(count_of(tensors, prefix_ + ".samples"))}};
  }

  Batch infer(const Batch& x, std::size_t) const override { return normalize(x, kept_); }

  Batch forward(const Batch& x, std::size_t rows, const NoiseSource&) override {
    const auto count = static_cast<Scalar>(channels_.values(rows));
    weight_ = 1 - (1 - momentum_) / std::sqrt(static_cast<Scalar>(rows) - 1);
    next_ = kept_;
    const auto decay = [&](Scalar& average) { average *= 1 - weight_; };
    std::for_each(next_.sums.begin(), next_.sums.end(), decay);
    std::for_each(next_.squares.begin(), next_.squares.end(), decay);
    decay(next_.count[0]);
    for (std::size_t i = 0; i < x.size(); ++i) {
      next_.sums[channels_.of(i)] += weight_ * x[i];
      next_.squares[channels_.of(i)] += weight_ * x[i] * x[i];
    }
    next_.count[0] += weight_ * count;
    next_.samples[0] += static_cast<Scalar>(rows);
    input_ = x;
    return normalize(x, next_);
  }

  /// The newest batch has a share of w in the averages: d mean / dx = w / count and
  /// d variance / dx = 2 w (x - mean) / count, or 0 where the variance is held at its bound.
  Batch backward(const Batch& dy, std::size_t) override {
    const std::size_t size = dy.size();
    Batch normalized(size);
    for (std::size_t i = 0; i < size; ++i) {
      const Moments now = moments(next_, channels_.of(i));
      normalized[i] = (input_[i] - now.mean) / now.deviation;
    }
    const Batch g = affine_.backward(normalized, dy);
    Batch by_mean(channels_.count(), Scalar(0));
    Batch by_variance(channels_.count(), Scalar(0));
    for (std::size_t i = 0; i < size; ++i) {
      const std::size_t c = channels_.of(i);
      const Moments now = moments(next_, c);
      by_mean[c] -= g[i] / now.deviation;
      by_variance[c] -= g[i] * (input_[i] - now.mean) / (2 * std::pow(now.deviation, Scalar(3)));
    }
    Batch dx(size);
    const Scalar share = weight_ / next_.count[0];
    for (std::size_t i = 0; i < size; ++i) {
      const std::size_t c = channels_.of(i);
      const Moments now = moments(next_, c);
      dx[i] = g[i] / now.deviation + share * by_mean[c];
      if (!now.bounded) dx[i] += 2 * share * (input_[i] - now.mean) * by_variance[c];
    }
    return dx;
  }

  void update_statistics(std::size_t) override { kept_ = next_; }

  std::vector<Parameter<Scalar>*> parameters() override { return affine_.parameters(); }
  std::vector<std::pair<std::string, Batch*>> statistics() override {
    return {{prefix_ + ".sums", &kept_.sums},
            {prefix_ + ".squares", &kept_.squares},
            {prefix_ + ".count", &kept_.count},
            {prefix_ + ".samples", &kept_.samples}};
  }

 private:
  struct Averages {
    Batch sums, squares;
    Batch count, samples;  // one number each
  };
  struct Moments {
    Scalar mean;
    Scalar deviation;
    bool bounded;
  };

  [[nodiscard]] Moments moments(const Averages& averages, std::size_t c) const {
    if (averages.count[0] == 0) return {0, 1, true};  // nothing seen yet
    const Scalar mean = averages.sums[c] / averages.count[0];
    const Scalar found = averages.squares[c] / averages.count[0] - mean * mean;
    const Scalar least = averages.samples[0] < 20 ? Scalar(0.01f) : Scalar(0);
    return {mean, std::sqrt(std::max(found, least) + epsilon_), found < least};
  }

  [[nodiscard]] Batch normalize(const Batch& x, const Averages& averages) const {
    Batch y(x.size());
    for (std::size_t i = 0; i < x.size(); ++i) {
      const Moments now = moments(averages, channels_.of(i));
      y[i] = affine_.apply((x[i] - now.mean) / now.deviation, channels_.of(i));
    }
    return y;
  }

  Channels channels_;
  Scalar epsilon_;
  Scalar momentum_;
  std::string prefix_;
  FeatureAffine<Scalar> affine_;
  Averages kept_;
  Averages next_;  // with the last batch
  Scalar weight_ = 0;
  Batch input_;
};

}  // namespace lamina::naive
