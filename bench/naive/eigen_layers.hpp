#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "activations.hpp"
#include "eigen_layer.hpp"

/// The layers as a good user of Eigen writes them: matrix products by Eigen's kernels, all else by
/// its coefficient-wise expressions, every buffer kept from step to step, nothing fused across
/// layers.
namespace lamina::naive {

class EigenLinear final : public EigenLayer {
 public:
  EigenLinear(const std::vector<Tensor>& tensors, const std::string& path, std::size_t in,
              std::size_t out, bool bias, double lambda)
      : weight_(tensors, path + ".weight", static_cast<Eigen::Index>(out),
                static_cast<Eigen::Index>(in)),
        biased_(bias) {
    weight_.weight = true;
    weight_.lambda = static_cast<float>(lambda);
    if (bias) {
      bias_ = EigenParameter(tensors, path + ".bias", 1, weight_.value.rows());
    }
  }

  const Matrix& infer(const MatrixView& x) override {
    y_.noalias() = x * weight_.value.transpose();
    if (biased_) y_.rowwise() += bias_.value.row(0);
    return y_;
  }
  const Matrix& forward(const MatrixView& x, const NoiseSource&) override { return infer(x); }
  const Matrix& backward(const MatrixView& x, const Matrix& dy, bool first) override {
    weight_.gradient.noalias() = dy.transpose() * x;
    if (biased_) bias_.gradient = dy.colwise().sum();
    if (!first) dx_.noalias() = dy * weight_.value;
    return dx_;
  }
  std::vector<EigenParameter*> parameters() override {
    if (!biased_) return {&weight_};
    return {&weight_, &bias_};
  }

 private:
  EigenParameter weight_;
  EigenParameter bias_;
  bool biased_;
};

class EigenBatchNorm final : public EigenLayer {
 public:
  EigenBatchNorm(const std::vector<Tensor>& tensors, const std::string& path, int channels,
                 double epsilon, double momentum)
      : prefix_(path),
        scale_(tensors, prefix_ + ".weight", 1, channels),
        shift_(tensors, prefix_ + ".bias", 1, channels),
        epsilon_(static_cast<float>(epsilon)),
        momentum_(static_cast<float>(momentum)) {
    const EigenParameter mean(tensors, prefix_ + ".running_mean", 1, scale_.value.cols());
    const EigenParameter variance(tensors, prefix_ + ".running_var", 1, scale_.value.cols());
    running_mean_ = mean.value.row(0);
    running_variance_ = variance.value.row(0);
  }

  const Matrix& infer(const MatrixView& x) override {
    inverse_ = (running_variance_.array() + epsilon_).rsqrt() * scale_.value.row(0).array();
    mean_ = shift_.value.row(0).array() - running_mean_.array() * inverse_.array();
    y_ = (x.array().rowwise() * inverse_.array()).rowwise() + mean_.array();
    return y_;
  }
  const Matrix& forward(const MatrixView& x, const NoiseSource&) override {
    const auto rows = static_cast<float>(x.rows());
    mean_ = x.colwise().sum() / rows;
    normalized_ = x.rowwise() - mean_;
    variance_ = normalized_.cwiseAbs2().colwise().sum() / rows;
    inverse_ = (variance_.array() + epsilon_).rsqrt();
    normalized_.array().rowwise() *= inverse_.array();
    y_ = (normalized_.array().rowwise() * scale_.value.row(0).array()).rowwise() +
         shift_.value.row(0).array();
    running_mean_ += momentum_ * (mean_ - running_mean_);
    running_variance_ += momentum_ * (rows / (rows - 1) * variance_ - running_variance_);
    return y_;
  }
  const Matrix& backward(const MatrixView& x, const Matrix& dy, bool) override {
    const auto rows = static_cast<float>(x.rows());
    shift_.gradient = dy.colwise().sum();
    scale_.gradient = dy.cwiseProduct(normalized_).colwise().sum();
    // dx = scale / deviation * (dy - mean(dy) - normalized * mean(dy * normalized))
    inverse_.array() *= scale_.value.row(0).array();
    mean_ = shift_.gradient.row(0) / rows;
    variance_ = scale_.gradient.row(0) / rows;
    dx_ = ((dy.rowwise() - mean_).array() - normalized_.array().rowwise() * variance_.array())
              .rowwise() *
          inverse_.array();
    return dx_;
  }
  std::vector<EigenParameter*> parameters() override { return {&scale_, &shift_}; }
  std::vector<std::pair<std::string, const RowVector*>> statistics() const override {
    return {{prefix_ + ".running_mean", &running_mean_},
            {prefix_ + ".running_var", &running_variance_}};
  }

 private:
  std::string prefix_;
  EigenParameter scale_;
  EigenParameter shift_;
  float epsilon_;
  float momentum_;
  RowVector running_mean_, running_variance_;
  RowVector mean_, variance_, inverse_;
  Matrix normalized_;
};

/// The activations with vectorized forms in Eigen have them here; the others go value by value.
template <class Item>
class EigenActivation final : public EigenLayer {
 public:
  const Matrix& infer(const MatrixView& x) override {
    if constexpr (std::is_same_v<Item, ReLU>) {
      y_ = x.cwiseMax(0.0f);
    } else if constexpr (std::is_same_v<Item, Tanh>) {
      y_ = x.array().tanh();
    } else if constexpr (std::is_same_v<Item, Sigmoid>) {
      y_ = x.array().logistic();
    } else {
      y_ = x.unaryExpr([](float v) { return curve(Item{}, v).value; });
    }
    return y_;
  }
  const Matrix& forward(const MatrixView& x, const NoiseSource&) override { return infer(x); }
  const Matrix& backward(const MatrixView& x, const Matrix& dy, bool) override {
    if constexpr (std::is_same_v<Item, ReLU>) {
      dx_ = (y_.array() > 0.0f).select(dy, 0.0f);
    } else if constexpr (std::is_same_v<Item, Tanh>) {
      dx_ = dy.array() * (1.0f - y_.array().square());
    } else if constexpr (std::is_same_v<Item, Sigmoid>) {
      dx_ = dy.array() * y_.array() * (1.0f - y_.array());
    } else {
      dx_ = dy.cwiseProduct(x.unaryExpr([](float v) { return curve(Item{}, v).slope; }));
    }
    return dx_;
  }
};

/// The mask is made by the library's generator, a register at a time, and stored.
class EigenDropout final : public EigenLayer {
 public:
  EigenDropout(int position, double rate) : position_(position), rate_(rate) {}

  const Matrix& infer(const MatrixView& x) override { return y_ = x; }
  const Matrix& forward(const MatrixView& x, const NoiseSource& noise) override {
    draw(x.rows(), x.cols(), noise);
    y_ = x.cwiseProduct(mask_);
    return y_;
  }
  const Matrix& backward(const MatrixView&, const Matrix& dy, bool) override {
    dx_ = dy.cwiseProduct(mask_);
    return dx_;
  }

 private:
  // One block of random words serves eight rows of a register of features, 16 bits a value.
  void draw(Eigen::Index rows, Eigen::Index features, const NoiseSource& noise) {
    mask_.resize(rows, features);
    for (Eigen::Index row = 0; row < rows; row += 8) {
      for (Eigen::Index feature = 0; feature < features; feature += simd::lanes) {
        const auto block = philox::block(
            mask_counter(noise, position_, static_cast<int>(row), static_cast<int>(feature)),
            noise.seed);
        const Eigen::Index width = std::min<Eigen::Index>(simd::lanes, features - feature);
        for (Eigen::Index pair = 0; pair < 4 && row + 2 * pair < rows; ++pair) {
          alignas(64) std::array<std::uint32_t, simd::lanes> words;
          philox::hn::Store(block.word[pair], philox::Words{}, words.data());
          write(row + 2 * pair, feature, width, words, 0);
          if (row + 2 * pair + 1 < rows) write(row + 2 * pair + 1, feature, width, words, 16);
        }
      }
    }
  }
  void write(Eigen::Index row, Eigen::Index feature, Eigen::Index width,
             const std::array<std::uint32_t, simd::lanes>& words, int shift) {
    const auto threshold = static_cast<std::uint32_t>(keep_threshold(1 - rate_));
    const auto multiplier = static_cast<float>(65536.0 / threshold);
    float* to = &mask_(row, feature);
    for (Eigen::Index lane = 0; lane < width; ++lane) {
      const std::uint32_t bits = (words[static_cast<std::size_t>(lane)] >> shift) & 0xFFFFu;
      to[lane] = bits < threshold ? multiplier : 0.0f;
    }
  }

  int position_;
  double rate_;
  Matrix mask_;
};

}  // namespace lamina::naive
