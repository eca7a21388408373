#pragma once

#include <algorithm>
#include <limits>
#include <string>
#include <vector>

#include <lamina/core/window.hpp>

#include "eigen_layer.hpp"
#include "space.hpp"

/// Layers over positions as a good user of Eigen writes them: values with their channels last, so
/// that a window's line is one piece of memory, a convolution as a product with the windows of some
/// samples at a time, as many as stay in the L2 cache.
namespace lamina::naive {

/// y = columns W^T + b, where a row of `columns` is what the window reads at one position, zero
/// outside (im2col). Backward dW = dy^T columns, and dx the sum of dy W over the windows.
class EigenConvolution final : public EigenLayer {
 public:
  EigenConvolution(const std::vector<Tensor>& tensors, const std::string& path,
                   const Window& window, const Shape& in, const Shape& out, bool bias,
                   double lambda)
      : window_(window),
        in_(in),
        out_(out),
        weight_(tensors, path + ".weight", out.channels, in.channels * window.taps(),
                window.taps()),
        biased_(bias) {
    if (window.x.dilation != 1) throw Error("naive: expected lines of windows without gaps");
    weight_.weight = true;
    weight_.lambda = static_cast<float>(lambda);
    if (bias) bias_ = EigenParameter(tensors, path + ".bias", 1, out.channels);
    // 1 MB, half of the L2 cache. The step of the benchmarks' VGG takes 1.3 times as long with 4
    // MB, 1.8 times with all samples at once, 115 MB, and not 5 % less with 256 KB.
    constexpr Eigen::Index most_columns = 1 << 18;
    samples_at_once_ =
        std::max<Eigen::Index>(1, most_columns / (out.positions() * weight_.value.cols()));
  }

  const Matrix& infer(const MatrixView& x) override {
    y_.resize(samples_of(x) * out_.positions(), out_.channels);
    for_each_part(x, [&](Eigen::Index row, Eigen::Index rows) {
      y_.middleRows(row, rows).noalias() = columns_.topRows(rows) * weight_.value.transpose();
      if (biased_) y_.middleRows(row, rows).rowwise() += bias_.value.row(0);
    });
    return y_;
  }
  const Matrix& forward(const MatrixView& x, const NoiseSource&) override { return infer(x); }
  const Matrix& backward(const MatrixView& x, const Matrix& dy, bool first) override {
    weight_.gradient.setZero();
    if (biased_) bias_.gradient = dy.colwise().sum();
    if (!first) dx_.setZero(x.rows(), x.cols());
    for_each_part(x, [&](Eigen::Index row, Eigen::Index rows) {
      const auto part = dy.middleRows(row, rows);
      auto columns = columns_.topRows(rows);
      weight_.gradient.noalias() += part.transpose() * columns;
      if (first) return;
      columns.noalias() = part * weight_.value;
      for_each_line(row, rows, [&](Eigen::Index from, float* to, Eigen::Index floats) {
        Eigen::Map<RowVector>(dx_.data() + from, floats) += Eigen::Map<const RowVector>(to, floats);
      });
    });
    return dx_;
  }
  std::vector<EigenParameter*> parameters() override {
    if (!biased_) return {&weight_};
    return {&weight_, &bias_};
  }

 private:
  [[nodiscard]] Eigen::Index samples_of(const MatrixView& x) const {
    return x.rows() / in_.positions();
  }

  /// Calls f(row, rows) for some samples after the others, whose windows are the first rows of
  /// `columns_`; rows are those of the output.
  template <class F>
  void for_each_part(const MatrixView& x, const F& f) {
    const Eigen::Index most = std::min(samples_at_once_, samples_of(x)) * out_.positions();
    if (columns_.rows() < most) columns_.resize(most, weight_.value.cols());
    const Eigen::Index all = samples_of(x) * out_.positions();
    for (Eigen::Index row = 0; row < all; row += most) {
      const Eigen::Index rows = std::min(most, all - row);
      columns_.topRows(rows).setZero();
      for_each_line(row, rows, [&](Eigen::Index from, float* to, Eigen::Index floats) {
        std::copy_n(x.data() + from, floats, to);
      });
      f(row, rows);
    }
  }

  /// Calls f(from, to, floats) for what lies inside the image of every line of every window.
  template <class F>
  void for_each_line(Eigen::Index first_row, Eigen::Index rows, const F& f) {
    const Eigen::Index channels = in_.channels;
    for (Eigen::Index row = 0; row < rows; ++row) {
      const Eigen::Index sample = (first_row + row) / out_.positions();
      const auto position = static_cast<int>((first_row + row) % out_.positions());
      const int x = read_by(window_.x, position % out_.width, 0);
      const int begin = std::max(0, -x);  // taps that lie inside
      const int end = std::min(window_.x.kernel, in_.width - x);
      if (begin >= end) continue;
      for (int k = 0; k < window_.y.kernel; ++k) {
        const int y = read_by(window_.y, position / out_.width, k);
        if (y < 0 || y >= in_.height) continue;
        const Eigen::Index from = (sample * in_.height + y) * in_.width + x + begin;
        f(from * channels, &columns_(row, (k * window_.x.kernel + begin) * channels),
          (end - begin) * channels);
      }
    }
  }

  Window window_;
  Shape in_;
  Shape out_;
  EigenParameter weight_;
  EigenParameter bias_;
  bool biased_;
  Eigen::Index samples_at_once_ = 1;
  Matrix columns_;
};

/// The largest value that each window reads; the gradient goes to the first of them.
class EigenMaxPool final : public EigenLayer {
 public:
  EigenMaxPool(const Window& window, const Shape& in, const Shape& out)
      : window_(window), in_(in), out_(out) {}

  const Matrix& infer(const MatrixView& x) override {
    const Eigen::Index rows = x.rows() / in_.positions() * out_.positions();
    y_.setConstant(rows, x.cols(), -std::numeric_limits<float>::infinity());
    largest_.setZero(rows, x.cols());
    for_each_tap(rows, [&](Eigen::Index to, Eigen::Index from, float tap) {
      largest_.row(to) = (x.row(from).array() > y_.row(to).array()).select(tap, largest_.row(to));
      y_.row(to) = y_.row(to).cwiseMax(x.row(from));
    });
    return y_;
  }
  const Matrix& forward(const MatrixView& x, const NoiseSource&) override { return infer(x); }
  const Matrix& backward(const MatrixView& x, const Matrix& dy, bool) override {
    dx_.setZero(x.rows(), x.cols());
    for_each_tap(dy.rows(), [&](Eigen::Index to, Eigen::Index from, float tap) {
      dx_.row(from) += (largest_.row(to).array() == tap).select(dy.row(to), 0.0f);
    });
    return dx_;
  }

 private:
  /// Calls f(row of the output, row of the input, tap) for all taps inside the image.
  template <class F>
  void for_each_tap(Eigen::Index rows, const F& f) const {
    for (Eigen::Index row = 0; row < rows; ++row) {
      const Eigen::Index sample = row / out_.positions();
      const auto position = static_cast<int>(row % out_.positions());
      for (int tap = 0; tap < window_.taps(); ++tap) {
        const int y = read_by(window_.y, position / out_.width, tap / window_.x.kernel);
        const int x = read_by(window_.x, position % out_.width, tap % window_.x.kernel);
        if (y < 0 || y >= in_.height || x < 0 || x >= in_.width) continue;
        f(row, (sample * in_.height + y) * in_.width + x, static_cast<float>(tap));
      }
    }
  }

  Window window_;
  Shape in_;
  Shape out_;
  Matrix largest_;  // which tap it was
};

/// The mean of all positions of each channel.
class EigenGlobalAvgPool final : public EigenLayer {
 public:
  explicit EigenGlobalAvgPool(const Shape& in) : positions_(in.positions()) {}

  const Matrix& infer(const MatrixView& x) override {
    y_.resize(x.rows() / positions_, x.cols());
    for (Eigen::Index row = 0; row < y_.rows(); ++row) {
      y_.row(row) = x.middleRows(row * positions_, positions_).colwise().mean();
    }
    return y_;
  }
  const Matrix& forward(const MatrixView& x, const NoiseSource&) override { return infer(x); }
  const Matrix& backward(const MatrixView& x, const Matrix& dy, bool) override {
    dx_.resize(x.rows(), x.cols());
    for (Eigen::Index row = 0; row < y_.rows(); ++row) {
      dx_.middleRows(row * positions_, positions_).rowwise() =
          dy.row(row) / static_cast<float>(positions_);
    }
    return dx_;
  }

 private:
  Eigen::Index positions_;
};

/// Every sample from (outer, inner) to (inner, outer): what has its channels first to channels
/// last, or back, as `Flatten` does.
class EigenTurn final : public EigenLayer {
 public:
  /// `columns`: of the output.
  EigenTurn(Eigen::Index outer, Eigen::Index inner, Eigen::Index columns)
      : outer_(outer), inner_(inner), columns_(columns) {}

  const Matrix& infer(const MatrixView& x) override {
    turn(x, outer_, inner_, y_, columns_);
    return y_;
  }
  const Matrix& forward(const MatrixView& x, const NoiseSource&) override { return infer(x); }
  const Matrix& backward(const MatrixView& x, const Matrix& dy, bool) override {
    turn(dy, inner_, outer_, dx_, x.cols());
    return dx_;
  }

 private:
  static void turn(const MatrixView& from, Eigen::Index outer, Eigen::Index inner, Matrix& to,
                   Eigen::Index columns) {
    to.resize(from.size() / columns, columns);
    for (Eigen::Index at = 0; at < from.size(); at += outer * inner) {
      Eigen::Map<Matrix>(to.data() + at, inner, outer) =
          Eigen::Map<const Matrix>(from.data() + at, outer, inner).transpose();
    }
  }

  Eigen::Index outer_;
  Eigen::Index inner_;
  Eigen::Index columns_;
};

}  // namespace lamina::naive
