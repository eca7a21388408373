#pragma once

#include <Eigen/Core>
#include <array>
#include <string>
#include <utility>
#include <vector>

#include <lamina/core/dropout_mask.hpp>

#include "parameter.hpp"

namespace lamina::naive {

using Matrix = Eigen::Matrix<float, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
using RowVector = Eigen::RowVectorXf;
using MatrixView = Eigen::Ref<const Matrix>;

/// A trained matrix with its stored gradient and the optimizer's running means. The columns of a
/// convolution's weights are (taps, in), as the values lie that they are multiplied with.
struct EigenParameter {
  std::string name;
  Matrix value;
  Matrix gradient;
  std::array<Matrix, 2> state;
  float lambda = 0;
  bool weight = false;

  EigenParameter() = default;
  /// `taps`: of a convolution's weights; the columns of files are (in, taps).
  EigenParameter(const std::vector<Tensor>& tensors, std::string called, Eigen::Index rows,
                 Eigen::Index columns, Eigen::Index taps = 1)
      : name(std::move(called)), taps_(taps) {
    const auto read =
        read_parameter<float>(tensors, name, static_cast<std::size_t>(rows * columns));
    value = Eigen::Map<const Matrix>(read.value.data(), rows, columns);
    turn(value, columns / taps, taps);
    gradient = Matrix::Zero(rows, columns);
    for (Matrix& mean : state) mean = Matrix::Zero(rows, columns);
  }

  /// The values in the order of files.
  [[nodiscard]] std::vector<float> in_order_of_files() const {
    Matrix turned = value;
    turn(turned, taps_, value.cols() / taps_);
    return std::vector<float>(turned.data(), turned.data() + turned.size());
  }

 private:
  /// Every row from (outer, inner) to (inner, outer).
  static void turn(Matrix& matrix, Eigen::Index outer, Eigen::Index inner) {
    if (outer == 1 || inner == 1) return;
    for (Eigen::Index r = 0; r < matrix.rows(); ++r) {
      const Matrix row = Eigen::Map<const Matrix>(matrix.row(r).data(), outer, inner);
      Eigen::Map<Matrix>(matrix.row(r).data(), inner, outer) = row.transpose();
    }
  }

  Eigen::Index taps_ = 1;
};

/// One layer: its output and its gradient by the input stay in the layer's own buffers.
///
/// A row is a position of a sample, with its channels: of images (samples x positions, channels),
/// of dense features (samples, features). So what treats each channel alone is the same for both.
class EigenLayer {
 public:
  EigenLayer() = default;
  EigenLayer(const EigenLayer&) = delete;
  EigenLayer& operator=(const EigenLayer&) = delete;
  virtual ~EigenLayer() = default;

  virtual const Matrix& infer(const MatrixView& x) = 0;
  virtual const Matrix& forward(const MatrixView& x, const NoiseSource& noise) = 0;
  /// `x` and `dy` are the layer's last input and the gradient by its output; `first` layers need no
  /// gradient by their input.
  virtual const Matrix& backward(const MatrixView& x, const Matrix& dy, bool first) = 0;
  virtual std::vector<EigenParameter*> parameters() { return {}; }
  virtual std::vector<std::pair<std::string, const RowVector*>> statistics() const { return {}; }
  [[nodiscard]] const Matrix& output() const { return y_; }

 protected:
  Matrix y_;
  Matrix dx_;
};

}  // namespace lamina::naive
