#pragma once

#include <algorithm>

#include "activations.hpp"
#include "layer.hpp"

/// The layers as textbooks write them: every one reads the whole batch from memory and writes it
/// back. Batches are row-major, (rows, features).
namespace lamina::naive {

/// y = x W^T + b.
template <class Scalar>
class LinearLayer final : public Layer<Scalar> {
 public:
  using typename Layer<Scalar>::Batch;

  LinearLayer(const std::vector<Tensor>& tensors, const std::string& prefix, std::size_t in,
              std::size_t out, bool bias, double lambda, double absolute = 0)
      : in_(in), out_(out) {
    weight_ = read_parameter<Scalar>(tensors, prefix + ".weight", out * in);
    weight_.weight = true;
    weight_.lambda = lambda;
    weight_.absolute = absolute;
    if (bias) bias_ = read_parameter<Scalar>(tensors, prefix + ".bias", out);
  }

  Batch infer(const Batch& x, std::size_t rows) const override {
    Batch y(rows * out_);
    for (std::size_t r = 0; r < rows; ++r) {
      for (std::size_t o = 0; o < out_; ++o) {
        Scalar sum = bias_.value.empty() ? Scalar(0) : bias_.value[o];
        for (std::size_t i = 0; i < in_; ++i) sum += x[r * in_ + i] * weight_.value[o * in_ + i];
        y[r * out_ + o] = sum;
      }
    }
    return y;
  }

  Batch forward(const Batch& x, std::size_t rows, const NoiseSource&) override {
    input_ = x;
    return infer(x, rows);
  }

  Batch backward(const Batch& dy, std::size_t rows) override {
    std::fill(weight_.gradient.begin(), weight_.gradient.end(), Scalar(0));
    std::fill(bias_.gradient.begin(), bias_.gradient.end(), Scalar(0));
    Batch dx(rows * in_, Scalar(0));
    for (std::size_t r = 0; r < rows; ++r) {
      for (std::size_t o = 0; o < out_; ++o) {
        const Scalar gradient = dy[r * out_ + o];
        if (!bias_.gradient.empty()) bias_.gradient[o] += gradient;
        for (std::size_t i = 0; i < in_; ++i) {
          weight_.gradient[o * in_ + i] += gradient * input_[r * in_ + i];
          dx[r * in_ + i] += gradient * weight_.value[o * in_ + i];
        }
      }
    }
    return dx;
  }

  std::vector<Parameter<Scalar>*> parameters() override {
    if (bias_.value.empty()) return {&weight_};
    return {&weight_, &bias_};
  }

 private:
  std::size_t in_;
  std::size_t out_;
  Parameter<Scalar> weight_;
  Parameter<Scalar> bias_;  // empty without a bias
  Batch input_;
};

/// y = f(x).
template <class Item, class Scalar>
class ActivationLayer final : public Layer<Scalar> {
 public:
  using typename Layer<Scalar>::Batch;

  Batch infer(const Batch& x, std::size_t) const override {
    Batch y(x.size());
    for (std::size_t i = 0; i < x.size(); ++i) y[i] = curve(Item{}, x[i]).value;
    return y;
  }
  Batch forward(const Batch& x, std::size_t rows, const NoiseSource&) override {
    input_ = x;
    return infer(x, rows);
  }
  Batch backward(const Batch& dy, std::size_t) override {
    Batch dx(dy.size());
    for (std::size_t i = 0; i < dy.size(); ++i) dx[i] = dy[i] * curve(Item{}, input_[i]).slope;
    return dx;
  }

 private:
  Batch input_;
};

}  // namespace lamina::naive
