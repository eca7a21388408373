#pragma once

#include <cmath>

#include "batch_norm.hpp"

/// The normalizations for which samples do not see each other.
namespace lamina::naive {

/// y = scale (x - mean) / sqrt(variance + epsilon) + shift per channel or per value, mean and
/// variance over some values of a sample: the axes say which. Over channels they are cut into equal
/// groups of neighbours; of one group over everything it is layer normalization, over space alone
/// instance normalization, without a mean root-mean-square normalization.
template <class Scalar>
class SampleNormLayer final : public Layer<Scalar> {
 public:
  using typename Layer<Scalar>::Batch;

  SampleNormLayer(const std::vector<Tensor>& tensors, const std::string& prefix, const Shape& shape,
                  const Normalization& norm)
      : channels_(shape),
        features_(static_cast<std::size_t>(shape.features())),
        positions_(static_cast<std::size_t>(shape.positions())),
        groups_(reduces(norm.axes, Axes::Channels) ? static_cast<std::size_t>(norm.groups)
                                                   : channels_.count()),
        of_position_(!reduces(norm.axes, Axes::Space)),
        centered_(norm.centered),
        epsilon_(static_cast<Scalar>(norm.epsilon)),
        scaled_(norm.per_element ? Channels::of_values(shape) : channels_),
        affine_(tensors, prefix, scaled_, norm) {}

  Batch infer(const Batch& x, std::size_t rows) const override {
    Batch normalized;
    Batch deviations;
    return normalize(x, rows, normalized, deviations);
  }

  Batch forward(const Batch& x, std::size_t rows, const NoiseSource&) override {
    return normalize(x, rows, normalized_, deviations_);
  }

  /// With g = scale dy: dx = (g - mean(g) - normalized * mean(g * normalized)) / deviation.
  Batch backward(const Batch& dy, std::size_t rows) override {
    const Batch g = affine_.backward(normalized_, dy);
    Batch even(sets(rows), Scalar(0));
    Batch along(sets(rows), Scalar(0));
    for (std::size_t i = 0; i < g.size(); ++i) {
      if (centered_) even[set_of(i)] += g[i] / set_size();
      along[set_of(i)] += g[i] * normalized_[i] / set_size();
    }
    Batch dx(g.size());
    for (std::size_t i = 0; i < g.size(); ++i) {
      const std::size_t set = set_of(i);
      dx[i] = (g[i] - even[set] - normalized_[i] * along[set]) / deviations_[set];
    }
    return dx;
  }

  std::vector<Parameter<Scalar>*> parameters() override { return affine_.parameters(); }

 private:
  /// Sets of values with a mean of their own: [row][group], and of positions
  /// [row][group][position].
  [[nodiscard]] std::size_t sets(std::size_t rows) const {
    return rows * groups_ * (of_position_ ? positions_ : 1);
  }
  [[nodiscard]] std::size_t set_of(std::size_t i) const {
    const std::size_t group = channels_.of(i) * groups_ / channels_.count();
    const std::size_t set = i / features_ * groups_ + group;
    return of_position_ ? set * positions_ + i % positions_ : set;
  }
  [[nodiscard]] Scalar set_size() const { return static_cast<Scalar>(features_ / sets(1)); }

  Batch normalize(const Batch& x, std::size_t rows, Batch& normalized, Batch& deviations) const {
    Batch mean(sets(rows), Scalar(0));
    Batch variance(sets(rows), Scalar(0));
    for (std::size_t i = 0; centered_ && i < x.size(); ++i) mean[set_of(i)] += x[i] / set_size();
    for (std::size_t i = 0; i < x.size(); ++i) {
      const Scalar distance = x[i] - mean[set_of(i)];
      variance[set_of(i)] += distance * distance / set_size();
    }
    deviations.clear();
    for (const Scalar of_set : variance) deviations.push_back(std::sqrt(of_set + epsilon_));
    normalized.resize(x.size());
    Batch y(x.size());
    for (std::size_t i = 0; i < x.size(); ++i) {
      normalized[i] = (x[i] - mean[set_of(i)]) / deviations[set_of(i)];
      y[i] = affine_.apply(normalized[i], scaled_.of(i));
    }
    return y;
  }

  Channels channels_;
  std::size_t features_;
  std::size_t positions_;
  std::size_t groups_;  // of channels
  bool of_position_;
  bool centered_;
  Scalar epsilon_;
  Channels scaled_;  // what has a scale and a shift of its own
  FeatureAffine<Scalar> affine_;
  Batch normalized_, deviations_;  // of the last batch
};

/// y = (x - mean) / deviation, per feature, of images per channel, with numbers found before
/// training.
template <class Scalar>
class StandardizeLayer final : public Layer<Scalar> {
 public:
  using typename Layer<Scalar>::Batch;

  StandardizeLayer(const std::vector<Tensor>& tensors, const std::string& prefix,
                   const Shape& shape)
      : shape_(shape), prefix_(prefix) {
    const std::vector<float>& mean = floats_of(tensors, prefix + ".mean");
    const std::vector<float>& deviation = floats_of(tensors, prefix + ".std");
    mean_.assign(mean.begin(), mean.end());
    deviation_.assign(deviation.begin(), deviation.end());
    samples_ = {static_cast<Scalar>(count_of(tensors, prefix + ".samples"))};
  }

  Batch infer(const Batch& x, std::size_t) const override {
    Batch y(x.size());
    for (std::size_t i = 0; i < x.size(); ++i) {
      y[i] = (x[i] - mean_[channel_of(i)]) / deviation_[channel_of(i)];
    }
    return y;
  }
  Batch forward(const Batch& x, std::size_t rows, const NoiseSource&) override {
    return infer(x, rows);
  }
  Batch backward(const Batch& dy, std::size_t) override {
    Batch dx(dy.size());
    for (std::size_t i = 0; i < dy.size(); ++i) dx[i] = dy[i] / deviation_[channel_of(i)];
    return dx;
  }
  std::vector<std::pair<std::string, Batch*>> statistics() override {
    return {{prefix_ + ".mean", &mean_},
            {prefix_ + ".std", &deviation_},
            {prefix_ + ".samples", &samples_}};
  }

 private:
  [[nodiscard]] std::size_t channel_of(std::size_t i) const {
    const auto channels = static_cast<std::size_t>(shape_.channels);
    return i / static_cast<std::size_t>(shape_.positions()) % channels;
  }

  Shape shape_;
  std::string prefix_;
  Batch mean_, deviation_;
  Batch samples_;  // one number
};

}  // namespace lamina::naive
