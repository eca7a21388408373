#pragma once

#include <algorithm>

#include <lamina/core/operation.hpp>

#include "layer.hpp"

/// Values that have positions, and convolutions straight from their formula. Values of a sample are
/// row-major, (channels, height, width); a signal is one line.
namespace lamina::naive {

/// The samples of a batch of one shape.
class Samples {
 public:
  explicit Samples(const Shape& shape) : shape_(shape) {}

  [[nodiscard]] const Shape& shape() const { return shape_; }
  [[nodiscard]] std::size_t floats(std::size_t rows) const {
    return rows * static_cast<std::size_t>(shape_.features());
  }
  [[nodiscard]] std::size_t at(std::size_t row, int channel, int y, int x) const {
    return at(row, channel, y * shape_.width + x);
  }
  [[nodiscard]] std::size_t at(std::size_t row, int channel, int position) const {
    return floats(row) + static_cast<std::size_t>(channel * shape_.positions() + position);
  }
  [[nodiscard]] bool inside(int y, int x) const {
    return y >= 0 && y < shape_.height && x >= 0 && x < shape_.width;
  }

 private:
  Shape shape_;
};

/// Calls f(row, channel, y, x) for every value.
template <class F>
void for_each_value(std::size_t rows, const Shape& shape, const F& f) {
  for (std::size_t row = 0; row < rows; ++row) {
    for (int channel = 0; channel < shape.channels; ++channel) {
      for (int y = 0; y < shape.height; ++y) {
        for (int x = 0; x < shape.width; ++x) f(row, channel, y, x);
      }
    }
  }
}

/// The position that tap k of output i reads along an axis; it may lie outside.
inline int read_by(const WindowAxis& axis, int i, int k) {
  return i * axis.stride - axis.before + k * axis.dilation;
}

/// y[n, i, j] = b[n] + sum over channels c and taps k, l of W[n, c, k, l] x[c, i', j'] with
/// i' = i stride - before + k dilation, and j' likewise; x is zero outside. A transposed one adds
/// W[c, n, k, l] x[c, i, j] to y[n, i', j']. In groups n and c are of the same, and the second
/// index of W counts within it.
template <class Scalar>
class ConvolutionLayer final : public Layer<Scalar> {
 public:
  using typename Layer<Scalar>::Batch;

  ConvolutionLayer(const std::vector<Tensor>& tensors, const std::string& prefix,
                   const SpatialOperation& operation, const Shape& in, const Shape& out, bool bias,
                   double lambda, double absolute)
      : window_(operation.window),
        transposed_(operation.operation == Operation::TransposedConvolution),
        ins_(in.channels / operation.groups),
        outs_(out.channels / operation.groups),
        in_(in),
        out_(out) {
    const int weights = out.channels * ins_ * window_.taps();
    weight_ =
        read_parameter<Scalar>(tensors, prefix + ".weight", static_cast<std::size_t>(weights));
    weight_.weight = true;
    weight_.lambda = lambda;
    weight_.absolute = absolute;
    const auto outputs = static_cast<std::size_t>(out.channels);
    if (bias) bias_ = read_parameter<Scalar>(tensors, prefix + ".bias", outputs);
  }

  Batch infer(const Batch& x, std::size_t rows) const override {
    Batch y(out_.floats(rows), Scalar(0));
    for_each_product(rows, [&](std::size_t to, std::size_t weight, std::size_t from) {
      y[to] += weight_.value[weight] * x[from];
    });
    if (bias_.value.empty()) return y;
    for_each_value(rows, out_.shape(), [&](std::size_t row, int n, int i, int j) {
      y[out_.at(row, n, i, j)] += bias_.value[static_cast<std::size_t>(n)];
    });
    return y;
  }

  Batch forward(const Batch& x, std::size_t rows, const NoiseSource&) override {
    input_ = x;
    return infer(x, rows);
  }

  Batch backward(const Batch& dy, std::size_t rows) override {
    std::fill(weight_.gradient.begin(), weight_.gradient.end(), Scalar(0));
    std::fill(bias_.gradient.begin(), bias_.gradient.end(), Scalar(0));
    Batch dx(in_.floats(rows), Scalar(0));
    for_each_product(rows, [&](std::size_t to, std::size_t weight, std::size_t from) {
      weight_.gradient[weight] += dy[to] * input_[from];
      dx[from] += dy[to] * weight_.value[weight];
    });
    if (bias_.gradient.empty()) return dx;
    for_each_value(rows, out_.shape(), [&](std::size_t row, int n, int i, int j) {
      bias_.gradient[static_cast<std::size_t>(n)] += dy[out_.at(row, n, i, j)];
    });
    return dx;
  }

  std::vector<Parameter<Scalar>*> parameters() override {
    if (bias_.value.empty()) return {&weight_};
    return {&weight_, &bias_};
  }

 private:
  /// Calls f(output, weight, input), indices of values, for everything that is multiplied.
  template <class F>
  void for_each_product(std::size_t rows, const F& f) const {
    if (transposed_) {
      for_each_tap(rows, in_, out_, ins_, outs_,
                   [&](std::size_t from, std::size_t w, std::size_t to) { f(to, w, from); });
    } else {
      for_each_tap(rows, out_, in_, outs_, ins_, f);
    }
  }
  /// Calls f(value of `left`, weight, value of `slid`), where the window slides over `slid`; of a
  /// group there are `lefts` and `slids` channels.
  template <class F>
  void for_each_tap(std::size_t rows, const Samples& left, const Samples& slid, int lefts,
                    int slids, const F& f) const {
    for_each_value(rows, left.shape(), [&](std::size_t row, int n, int i, int j) {
      const std::size_t at = left.at(row, n, i, j);
      for (int c = 0; c < slids; ++c) {
        for (int k = 0; k < window_.y.kernel; ++k) {
          for (int l = 0; l < window_.x.kernel; ++l) {
            const int y = read_by(window_.y, i, k);
            const int x = read_by(window_.x, j, l);
            if (!slid.inside(y, x)) continue;
            const int weight = ((n * slids + c) * window_.y.kernel + k) * window_.x.kernel + l;
            f(at, static_cast<std::size_t>(weight), slid.at(row, n / lefts * slids + c, y, x));
          }
        }
      }
    });
  }

  Window window_;
  bool transposed_;
  int ins_;  ///< channels of a group
  int outs_;
  Samples in_;
  Samples out_;
  Parameter<Scalar> weight_;
  Parameter<Scalar> bias_;  // empty without a bias
  Batch input_;
};

}  // namespace lamina::naive
