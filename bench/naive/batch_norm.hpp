#pragma once

#include <algorithm>
#include <cmath>

#include <lamina/norms/batch_norm.hpp>

#include "layer.hpp"

namespace lamina::naive {

/// scale x + shift, per feature: the end of every normalization, and with `NoAffine` nothing.
template <class Scalar>
class FeatureAffine {
 public:
  FeatureAffine() = default;
  FeatureAffine(const std::vector<Tensor>& tensors, const std::string& prefix, std::size_t features,
                const Normalization& norm)
      : features_(features) {
    if (norm.scaled) scale_ = read_parameter<Scalar>(tensors, prefix + ".weight", features);
    if (norm.shifted) shift_ = read_parameter<Scalar>(tensors, prefix + ".bias", features);
  }

  [[nodiscard]] Scalar apply(Scalar x, std::size_t feature) const {
    if (!scale_.value.empty()) x *= scale_.value[feature];
    if (!shift_.value.empty()) x += shift_.value[feature];
    return x;
  }

  /// Sets the gradients of scale and shift; returns the gradient by the normalized values.
  std::vector<Scalar> backward(const std::vector<Scalar>& normalized,
                               const std::vector<Scalar>& dy) {
    std::fill(scale_.gradient.begin(), scale_.gradient.end(), Scalar(0));
    std::fill(shift_.gradient.begin(), shift_.gradient.end(), Scalar(0));
    std::vector<Scalar> g = dy;
    for (std::size_t i = 0; i < dy.size(); ++i) {
      const std::size_t feature = i % features_;
      if (!shift_.value.empty()) shift_.gradient[feature] += dy[i];
      if (scale_.value.empty()) continue;
      scale_.gradient[feature] += dy[i] * normalized[i];
      g[i] = scale_.value[feature] * dy[i];
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
  std::size_t features_ = 0;
  Parameter<Scalar> scale_;  // empty where none is trained
  Parameter<Scalar> shift_;
};

/// y = scale (x - mean) / sqrt(variance + epsilon) + shift, per feature; without centring the mean
/// is taken as 0. Training needs two rows.
template <class Scalar>
class BatchNormLayer final : public Layer<Scalar> {
 public:
  using typename Layer<Scalar>::Batch;

  BatchNormLayer(const std::vector<Tensor>& tensors, const std::string& prefix,
                 std::size_t features, const Normalization& norm)
      : features_(features),
        epsilon_(static_cast<Scalar>(norm.epsilon)),
        momentum_(static_cast<Scalar>(norm.momentum)),
        centered_(norm.centered),
        prefix_(prefix),
        affine_(tensors, prefix, features, norm) {
    const std::vector<float>& mean = floats_of(tensors, prefix_ + ".running_mean");
    const std::vector<float>& variance = floats_of(tensors, prefix_ + ".running_var");
    running_mean_.assign(mean.begin(), mean.end());
    running_variance_.assign(variance.begin(), variance.end());
  }

  Batch infer(const Batch& x, std::size_t rows) const override {
    Batch y(x.size());
    for (std::size_t i = 0; i < rows * features_; ++i) {
      const std::size_t f = i % features_;
      const Scalar deviation = std::sqrt(running_variance_[f] + epsilon_);
      y[i] = affine_.apply((x[i] - running_mean_[f]) / deviation, f);
    }
    return y;
  }

  Batch forward(const Batch& x, std::size_t rows, const NoiseSource&) override {
    const auto count = static_cast<Scalar>(rows);
    mean_.assign(features_, Scalar(0));
    variance_.assign(features_, Scalar(0));
    normalized_.resize(x.size());
    for (std::size_t i = 0; centered_ && i < x.size(); ++i) mean_[i % features_] += x[i] / count;
    for (std::size_t i = 0; i < x.size(); ++i) {
      const Scalar distance = x[i] - mean_[i % features_];
      variance_[i % features_] += distance * distance / count;
    }
    Batch y(x.size());
    for (std::size_t i = 0; i < x.size(); ++i) {
      const std::size_t f = i % features_;
      normalized_[i] = (x[i] - mean_[f]) / std::sqrt(variance_[f] + epsilon_);
      y[i] = affine_.apply(normalized_[i], f);
    }
    return y;
  }

  /// With g = scale dy: dx = (g - mean(g) - normalized * mean(g * normalized)) / deviation, and
  /// nothing of mean(g) where no mean was subtracted.
  Batch backward(const Batch& dy, std::size_t rows) override {
    const Batch g = affine_.backward(normalized_, dy);
    Batch even(features_, Scalar(0));
    Batch along(features_, Scalar(0));
    for (std::size_t i = 0; i < g.size(); ++i) {
      if (centered_) even[i % features_] += g[i] / static_cast<Scalar>(rows);
      along[i % features_] += g[i] * normalized_[i] / static_cast<Scalar>(rows);
    }
    Batch dx(g.size());
    for (std::size_t i = 0; i < g.size(); ++i) {
      const std::size_t f = i % features_;
      dx[i] = (g[i] - even[f] - normalized_[i] * along[f]) / std::sqrt(variance_[f] + epsilon_);
    }
    return dx;
  }

  /// The running variance takes the unbiased variance, as PyTorch has it; one around zero is.
  void update_statistics(std::size_t rows) override {
    const Scalar unbias =
        centered_ ? static_cast<Scalar>(rows) / static_cast<Scalar>(rows - 1) : Scalar(1);
    for (std::size_t f = 0; f < features_; ++f) {
      running_mean_[f] += momentum_ * (mean_[f] - running_mean_[f]);
      running_variance_[f] += momentum_ * (unbias * variance_[f] - running_variance_[f]);
    }
  }

  std::vector<Parameter<Scalar>*> parameters() override { return affine_.parameters(); }
  std::vector<std::pair<std::string, Batch*>> statistics() override {
    return {{prefix_ + ".running_mean", &running_mean_},
            {prefix_ + ".running_var", &running_variance_}};
  }

 private:
  std::size_t features_;
  Scalar epsilon_;
  Scalar momentum_;
  bool centered_;
  std::string prefix_;
  FeatureAffine<Scalar> affine_;
  Batch running_mean_, running_variance_;
  Batch mean_, variance_, normalized_;  // of the last batch
};

}  // namespace lamina::naive
