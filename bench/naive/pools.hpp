#pragma once

#include <limits>

#include "space.hpp"

/// Layers without weights that take values from other positions.
namespace lamina::naive {

/// The largest value that each window reads; the gradient goes to the first of them.
template <class Scalar>
class MaxPoolLayer final : public Layer<Scalar> {
 public:
  using typename Layer<Scalar>::Batch;

  MaxPoolLayer(const Window& window, const Shape& in, const Shape& out)
      : window_(window), in_(in), out_(out) {}

  Batch infer(const Batch& x, std::size_t rows) const override {
    Batch y;
    for (const std::size_t from : largest(x, rows)) y.push_back(x[from]);
    return y;
  }
  Batch forward(const Batch& x, std::size_t rows, const NoiseSource&) override {
    largest_ = largest(x, rows);
    return infer(x, rows);
  }
  Batch backward(const Batch& dy, std::size_t rows) override {
    Batch dx(in_.floats(rows), Scalar(0));
    for (std::size_t i = 0; i < dy.size(); ++i) dx[largest_[i]] += dy[i];
    return dx;
  }

 private:
  /// The input that each output is.
  [[nodiscard]] std::vector<std::size_t> largest(const Batch& x, std::size_t rows) const {
    std::vector<std::size_t> found;
    for_each_value(rows, out_.shape(), [&](std::size_t row, int c, int i, int j) {
      Scalar most = -std::numeric_limits<Scalar>::infinity();
      std::size_t most_at = 0;
      for (int k = 0; k < window_.y.kernel; ++k) {
        for (int l = 0; l < window_.x.kernel; ++l) {
          const int at_y = read_by(window_.y, i, k);
          const int at_x = read_by(window_.x, j, l);
          if (!in_.inside(at_y, at_x)) continue;
          const std::size_t from = in_.at(row, c, at_y, at_x);
          if (x[from] <= most) continue;
          most = x[from];
          most_at = from;
        }
      }
      found.push_back(most_at);
    });
    return found;
  }

  Window window_;
  Samples in_;
  Samples out_;
  std::vector<std::size_t> largest_;
};

/// y = sum of weighted inputs, whose weights do not depend on the values. `Derived` calls
/// f(output, input, weight) for each of them in `for_each_weighted(rows, f)`.
template <class Derived, class Scalar>
class FixedLinearLayer : public Layer<Scalar> {
 public:
  using typename Layer<Scalar>::Batch;

  FixedLinearLayer(const SpatialOperation& operation, const Shape& in, const Shape& out)
      : operation_(operation), in_(in), out_(out) {}

  Batch infer(const Batch& x, std::size_t rows) const override {
    Batch y(out_.floats(rows), Scalar(0));
    derived().for_each_weighted(
        rows, [&](std::size_t to, std::size_t from, Scalar w) { y[to] += w * x[from]; });
    return y;
  }
  Batch forward(const Batch& x, std::size_t rows, const NoiseSource&) override {
    return infer(x, rows);
  }
  Batch backward(const Batch& dy, std::size_t rows) override {
    Batch dx(in_.floats(rows), Scalar(0));
    derived().for_each_weighted(
        rows, [&](std::size_t to, std::size_t from, Scalar w) { dx[from] += w * dy[to]; });
    return dx;
  }

 protected:
  SpatialOperation operation_;
  Samples in_;
  Samples out_;

 private:
  [[nodiscard]] const Derived& derived() const { return static_cast<const Derived&>(*this); }
};

/// Every output is a weighted sum of positions of its channel.
template <class Scalar>
class ResampleLayer final : public FixedLinearLayer<ResampleLayer<Scalar>, Scalar> {
 public:
  using ResampleLayer::FixedLinearLayer::FixedLinearLayer;

  template <class F>
  void for_each_weighted(std::size_t rows, const F& f) const {
    const auto& [taps_y, taps_x] = this->operation_.taps;
    const Shape& in = this->in_.shape();
    for_each_value(rows, this->out_.shape(), [&](std::size_t row, int c, int i, int j) {
      const AxisTaps over_y = taps_y(in.height, i);
      const AxisTaps over_x = taps_x(in.width, j);
      const auto weight = [](const AxisTaps& taps, int k) {
        return static_cast<Scalar>(k == 0 ? taps.first_weight : taps.weight);
      };
      for (int k = 0; k < over_y.count; ++k) {
        for (int l = 0; l < over_x.count; ++l) {
          f(this->out_.at(row, c, i, j), this->in_.at(row, c, over_y.first + k, over_x.first + l),
            weight(over_y, k) * weight(over_x, l));
        }
      }
    });
  }
};

/// Every value in another place.
template <class Scalar>
class PermuteLayer final : public FixedLinearLayer<PermuteLayer<Scalar>, Scalar> {
 public:
  using PermuteLayer::FixedLinearLayer::FixedLinearLayer;

  template <class F>
  void for_each_weighted(std::size_t rows, const F& f) const {
    const Shape& in = this->in_.shape();
    for_each_value(rows, in, [&](std::size_t row, int c, int y, int x) {
      const Place to = this->operation_.place(in, {c, y * in.width + x});
      f(this->out_.at(row, to.channel, to.position), this->in_.at(row, c, y, x), Scalar(1));
    });
  }
};

}  // namespace lamina::naive
