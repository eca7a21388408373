#pragma once

#include <cmath>

#include "batch_norm.hpp"

/// The normalizations for which samples do not see each other.
namespace lamina::naive {

/// y = scale (x - mean) / sqrt(variance + epsilon) + shift, mean and variance over each of some
/// equal groups of neighbouring features of a sample. One group is layer normalization; without a
/// mean it is root-mean-square normalization.
template <class Scalar>
class GroupNormLayer final : public Layer<Scalar> {
 public:
  using typename Layer<Scalar>::Batch;

  GroupNormLayer(const std::vector<Tensor>& tensors, const std::string& prefix,
                 std::size_t features, const Normalization& norm)
      : features_(features),
        size_(features / static_cast<std::size_t>(norm.groups)),
        centered_(norm.centered),
        epsilon_(static_cast<Scalar>(norm.epsilon)),
        affine_(tensors, prefix, Channels(Shape{static_cast<int>(features)}), norm) {}

  Batch infer(const Batch& x, std::size_t) const override {
    Batch normalized(x.size());
    Batch deviations(x.size() / size_);
    return normalize(x, normalized, deviations);
  }

  Batch forward(const Batch& x, std::size_t, const NoiseSource&) override {
    normalized_.resize(x.size());
    deviations_.resize(x.size() / size_);
    return normalize(x, normalized_, deviations_);
  }

  /// With g = scale dy: dx = (g - mean(g) - normalized * mean(g * normalized)) / deviation.
  Batch backward(const Batch& dy, std::size_t) override {
    const Batch g = affine_.backward(normalized_, dy);
    Batch dx(g.size());
    for (std::size_t first = 0; first < g.size(); first += size_) {
      Scalar even = 0;
      Scalar along = 0;
      for (std::size_t i = first; i < first + size_; ++i) {
        if (centered_) even += g[i] / static_cast<Scalar>(size_);
        along += g[i] * normalized_[i] / static_cast<Scalar>(size_);
      }
      for (std::size_t i = first; i < first + size_; ++i) {
        dx[i] = (g[i] - even - normalized_[i] * along) / deviations_[first / size_];
      }
    }
    return dx;
  }

  std::vector<Parameter<Scalar>*> parameters() override { return affine_.parameters(); }

 private:
  /// Groups lie behind each other, those of a sample before those of the next.
  Batch normalize(const Batch& x, Batch& normalized, Batch& deviations) const {
    Batch y(x.size());
    for (std::size_t first = 0; first < x.size(); first += size_) {
      Scalar mean = 0;
      Scalar variance = 0;
      for (std::size_t i = first; centered_ && i < first + size_; ++i) {
        mean += x[i] / static_cast<Scalar>(size_);
      }
      for (std::size_t i = first; i < first + size_; ++i) {
        variance += (x[i] - mean) * (x[i] - mean) / static_cast<Scalar>(size_);
      }
      deviations[first / size_] = std::sqrt(variance + epsilon_);
      for (std::size_t i = first; i < first + size_; ++i) {
        normalized[i] = (x[i] - mean) / deviations[first / size_];
        y[i] = affine_.apply(normalized[i], i % features_);
      }
    }
    return y;
  }

  std::size_t features_;
  std::size_t size_;  // of a group
  bool centered_;
  Scalar epsilon_;
  FeatureAffine<Scalar> affine_;
  Batch normalized_, deviations_;  // of the last batch
};

/// y = (x - mean) / deviation, per feature, with numbers found before training.
template <class Scalar>
class StandardizeLayer final : public Layer<Scalar> {
 public:
  using typename Layer<Scalar>::Batch;

  StandardizeLayer(const std::vector<Tensor>& tensors, const std::string& prefix,
                   std::size_t features, const Normalization& /*norm*/)
      : features_(features), prefix_(prefix) {
    const std::vector<float>& mean = floats_of(tensors, prefix + ".mean");
    const std::vector<float>& deviation = floats_of(tensors, prefix + ".std");
    mean_.assign(mean.begin(), mean.end());
    deviation_.assign(deviation.begin(), deviation.end());
    samples_ = {static_cast<Scalar>(count_of(tensors, prefix + ".samples"))};
  }

  Batch infer(const Batch& x, std::size_t) const override {
    Batch y(x.size());
    for (std::size_t i = 0; i < x.size(); ++i) {
      y[i] = (x[i] - mean_[i % features_]) / deviation_[i % features_];
    }
    return y;
  }
  Batch forward(const Batch& x, std::size_t rows, const NoiseSource&) override {
    return infer(x, rows);
  }
  Batch backward(const Batch& dy, std::size_t) override {
    Batch dx(dy.size());
    for (std::size_t i = 0; i < dy.size(); ++i) dx[i] = dy[i] / deviation_[i % features_];
    return dx;
  }
  std::vector<std::pair<std::string, Batch*>> statistics() override {
    return {{prefix_ + ".mean", &mean_},
            {prefix_ + ".std", &deviation_},
            {prefix_ + ".samples", &samples_}};
  }

 private:
  std::size_t features_;
  std::string prefix_;
  Batch mean_, deviation_;
  Batch samples_;  // one number
};

}  // namespace lamina::naive
