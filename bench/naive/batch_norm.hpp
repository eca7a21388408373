#pragma once

#include <algorithm>
#include <cmath>

#include <lamina/core/shape.hpp>
#include <lamina/norms/batch_norm.hpp>

#include "layer.hpp"

namespace lamina::naive {

/// Which channel a value of a row-major batch belongs to: flat features are channels of one
/// position.
class Channels {
 public:
  Channels() = default;
  explicit Channels(const Shape& shape)
      : count_(static_cast<std::size_t>(shape.channels)),
        positions_(static_cast<std::size_t>(shape.positions())) {}

  /// Where each value of a sample is a channel of its own.
  static Channels of_values(const Shape& shape) { return Channels(Shape{shape.features()}); }

  [[nodiscard]] std::size_t of(std::size_t i) const { return i / positions_ % count_; }
  [[nodiscard]] std::size_t count() const { return count_; }
  /// Values of a channel in so many rows.
  [[nodiscard]] std::size_t values(std::size_t rows) const { return rows * positions_; }

 private:
  std::size_t count_ = 1;
  std::size_t positions_ = 1;
};

/// scale x + shift, per channel: the end of every normalization, and with `NoAffine` nothing.
template <class Scalar>
class FeatureAffine {
 public:
  FeatureAffine() = default;
  FeatureAffine(const std::vector<Tensor>& tensors, const std::string& prefix,
                const Channels& channels, const Normalization& norm)
      : channels_(channels) {
    const std::size_t count = channels.count();
    if (norm.scaled) scale_ = read_parameter<Scalar>(tensors, prefix + ".weight", count);
    if (norm.shifted) shift_ = read_parameter<Scalar>(tensors, prefix + ".bias", count);
  }

  [[nodiscard]] Scalar apply(Scalar x, std::size_t channel) const {
    if (!scale_.value.empty()) x *= scale_.value[channel];
    if (!shift_.value.empty()) x += shift_.value[channel];
    return x;
  }

  /// Sets the gradients of scale and shift; returns the gradient by the normalized values.
  std::vector<Scalar> backward(const std::vector<Scalar>& normalized,
                               const std::vector<Scalar>& dy) {
    std::fill(scale_.gradient.begin(), scale_.gradient.end(), Scalar(0));
    std::fill(shift_.gradient.begin(), shift_.gradient.end(), Scalar(0));
    std::vector<Scalar> g = dy;
    for (std::size_t i = 0; i < dy.size(); ++i) {
      const std::size_t channel = channels_.of(i);
      if (!shift_.value.empty()) shift_.gradient[channel] += dy[i];
      if (scale_.value.empty()) continue;
      scale_.gradient[channel] += dy[i] * normalized[i];
      g[i] = scale_.value[channel] * dy[i];
    }
    return g;
  }

  std::vector<Parameter<Scalar>*> parameters() {
    std::vector<Parameter<Scalar>*> trained;
    if (!scale_.value.empty()) trained.push_back(&scale_);
    if (!shift_.value.empty()) trained.push_back(&shift_);
    return trained;
  }

 private:
  Channels channels_;
  Parameter<Scalar> scale_;  // empty where none is trained
  Parameter<Scalar> shift_;
};

/// y = scale (x - mean) / sqrt(variance + epsilon) + shift, per channel over all rows and
/// positions; without centring the mean is taken as 0. Training needs two values.
template <class Scalar>
class BatchNormLayer final : public Layer<Scalar> {
 public:
  using typename Layer<Scalar>::Batch;

  BatchNormLayer(const std::vector<Tensor>& tensors, const std::string& prefix, const Shape& shape,
                 const Normalization& norm)
      : channels_(shape),
        epsilon_(static_cast<Scalar>(norm.epsilon)),
        momentum_(static_cast<Scalar>(norm.momentum)),
        centered_(norm.centered),
        prefix_(prefix),
        affine_(tensors, prefix, channels_, norm) {
    const std::vector<float>& mean = floats_of(tensors, prefix_ + ".running_mean");
    const std::vector<float>& variance = floats_of(tensors, prefix_ + ".running_var");
    running_mean_.assign(mean.begin(), mean.end());
    running_variance_.assign(variance.begin(), variance.end());
  }

  Batch infer(const Batch& x, std::size_t) const override {
    Batch y(x.size());
    for (std::size_t i = 0; i < x.size(); ++i) {
      const std::size_t c = channels_.of(i);
      const Scalar deviation = std::sqrt(running_variance_[c] + epsilon_);
      y[i] = affine_.apply((x[i] - running_mean_[c]) / deviation, c);
    }
    return y;
  }

  Batch forward(const Batch& x, std::size_t rows, const NoiseSource&) override {
    const auto count = static_cast<Scalar>(channels_.values(rows));
    mean_.assign(channels_.count(), Scalar(0));
    variance_.assign(channels_.count(), Scalar(0));
    normalized_.resize(x.size());
    for (std::size_t i = 0; centered_ && i < x.size(); ++i) mean_[channels_.of(i)] += x[i] / count;
    for (std::size_t i = 0; i < x.size(); ++i) {
      const Scalar distance = x[i] - mean_[channels_.of(i)];
      variance_[channels_.of(i)] += distance * distance / count;
    }
    Batch y(x.size());
    for (std::size_t i = 0; i < x.size(); ++i) {
      const std::size_t c = channels_.of(i);
      normalized_[i] = (x[i] - mean_[c]) / std::sqrt(variance_[c] + epsilon_);
      y[i] = affine_.apply(normalized_[i], c);
    }
    return y;
  }

  /// With g = scale dy: dx = (g - mean(g) - normalized * mean(g * normalized)) / deviation, and
  /// nothing of mean(g) where no mean was subtracted.
  Batch backward(const Batch& dy, std::size_t rows) override {
    const Batch g = affine_.backward(normalized_, dy);
    const auto count = static_cast<Scalar>(channels_.values(rows));
    Batch even(channels_.count(), Scalar(0));
    Batch along(channels_.count(), Scalar(0));
    for (std::size_t i = 0; i < g.size(); ++i) {
      if (centered_) even[channels_.of(i)] += g[i] / count;
      along[channels_.of(i)] += g[i] * normalized_[i] / count;
    }
    Batch dx(g.size());
    for (std::size_t i = 0; i < g.size(); ++i) {
      const std::size_t c = channels_.of(i);
      dx[i] = (g[i] - even[c] - normalized_[i] * along[c]) / std::sqrt(variance_[c] + epsilon_);
    }
    return dx;
  }

  /// The running variance takes the unbiased variance, as PyTorch has it; one around zero is.
  void update_statistics(std::size_t rows) override {
    const auto count = static_cast<Scalar>(channels_.values(rows));
    const Scalar unbias = centered_ ? count / (count - 1) : Scalar(1);
    for (std::size_t c = 0; c < channels_.count(); ++c) {
      running_mean_[c] += momentum_ * (mean_[c] - running_mean_[c]);
      running_variance_[c] += momentum_ * (unbias * variance_[c] - running_variance_[c]);
    }
  }

  std::vector<Parameter<Scalar>*> parameters() override { return affine_.parameters(); }
  std::vector<std::pair<std::string, Batch*>> statistics() override {
    return {{prefix_ + ".running_mean", &running_mean_},
            {prefix_ + ".running_var", &running_variance_}};
  }

 private:
  Channels channels_;
  Scalar epsilon_;
  Scalar momentum_;
  bool centered_;
  std::string prefix_;
  FeatureAffine<Scalar> affine_;
  Batch running_mean_, running_variance_;
  Batch mean_, variance_, normalized_;  // of the last batch
};

}  // namespace lamina::naive
