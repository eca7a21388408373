#pragma once

#include <algorithm>
#include <cmath>

#include "layer.hpp"

namespace lamina::naive {

/// y = scale (x - mean) / sqrt(variance + epsilon) + shift, per feature. Training needs two rows.
template <class Scalar>
class BatchNormLayer final : public Layer<Scalar> {
 public:
  using typename Layer<Scalar>::Batch;

  BatchNormLayer(const std::vector<Tensor>& tensors, int position, std::size_t features,
                 double epsilon, double momentum)
      : features_(features),
        epsilon_(static_cast<Scalar>(epsilon)),
        momentum_(static_cast<Scalar>(momentum)),
        prefix_(std::to_string(position)) {
    scale_ = read_parameter<Scalar>(tensors, prefix_ + ".weight", features);
    shift_ = read_parameter<Scalar>(tensors, prefix_ + ".bias", features);
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
      y[i] = scale_.value[f] * (x[i] - running_mean_[f]) / deviation + shift_.value[f];
    }
    return y;
  }

  Batch forward(const Batch& x, std::size_t rows, const NoiseSource&) override {
    const auto count = static_cast<Scalar>(rows);
    mean_.assign(features_, Scalar(0));
    variance_.assign(features_, Scalar(0));
    normalized_.resize(x.size());
    for (std::size_t i = 0; i < x.size(); ++i) mean_[i % features_] += x[i] / count;
    for (std::size_t i = 0; i < x.size(); ++i) {
      const Scalar distance = x[i] - mean_[i % features_];
      variance_[i % features_] += distance * distance / count;
    }
    Batch y(x.size());
    for (std::size_t i = 0; i < x.size(); ++i) {
      const std::size_t f = i % features_;
      normalized_[i] = (x[i] - mean_[f]) / std::sqrt(variance_[f] + epsilon_);
      y[i] = scale_.value[f] * normalized_[i] + shift_.value[f];
    }
    return y;
  }

  /// dx = scale / deviation * (dy - mean(dy) - normalized * mean(dy * normalized)).
  Batch backward(const Batch& dy, std::size_t rows) override {
    std::fill(scale_.gradient.begin(), scale_.gradient.end(), Scalar(0));
    std::fill(shift_.gradient.begin(), shift_.gradient.end(), Scalar(0));
    for (std::size_t i = 0; i < dy.size(); ++i) {
      scale_.gradient[i % features_] += dy[i] * normalized_[i];
      shift_.gradient[i % features_] += dy[i];
    }
    Batch dx(dy.size());
    for (std::size_t i = 0; i < dy.size(); ++i) {
      const std::size_t f = i % features_;
      const Scalar even = shift_.gradient[f] / static_cast<Scalar>(rows);
      const Scalar along = normalized_[i] * scale_.gradient[f] / static_cast<Scalar>(rows);
      dx[i] = scale_.value[f] / std::sqrt(variance_[f] + epsilon_) * (dy[i] - even - along);
    }
    return dx;
  }

  /// The running variance takes the unbiased variance, as PyTorch has it.
  void update_statistics(std::size_t rows) override {
    const Scalar unbias = static_cast<Scalar>(rows) / static_cast<Scalar>(rows - 1);
    for (std::size_t f = 0; f < features_; ++f) {
      running_mean_[f] += momentum_ * (mean_[f] - running_mean_[f]);
      running_variance_[f] += momentum_ * (unbias * variance_[f] - running_variance_[f]);
    }
  }

  std::vector<Parameter<Scalar>*> parameters() override { return {&scale_, &shift_}; }
  std::vector<std::pair<std::string, Batch*>> statistics() override {
    return {{prefix_ + ".running_mean", &running_mean_},
            {prefix_ + ".running_var", &running_variance_}};
  }

 private:
  std::size_t features_;
  Scalar epsilon_;
  Scalar momentum_;
  std::string prefix_;
  Parameter<Scalar> scale_;
  Parameter<Scalar> shift_;
  Batch running_mean_, running_variance_;
  Batch mean_, variance_, normalized_;  // of the last batch
};

}  // namespace lamina::naive
