#pragma once

#include <array>
#include <cmath>
#include <cstddef>
#include <limits>
#include <span>
#include <string>
#include <vector>

#include <lamina/metrics/images.hpp>

namespace lamina::metrics {

/// Structural similarity of images (SSIM), at most 1: the mean over windows, channels and samples
/// of
///
///     (2 mx mt + c1) (2 cov + c2) / ((mx^2 + mt^2 + c1) (vx + vt + c2))
///
/// with the means, variances and covariance of outputs x and targets t in windows of 11 x 11 values
/// that lie inside the image, weighted by a Gaussian of deviation 1.5; c1 = (0.01 range)^2, c2 =
/// (0.03 range)^2. `data_range` is the largest value less the smallest: 1 for images in [0, 1]. As
/// `skimage.metrics.structural_similarity` with `gaussian_weights=True, sigma=1.5,
/// use_sample_covariance=False`. NaN without samples.
///
/// Errors: a range that is not finite or not above 0, class labels in place of float targets, and
/// outputs that are no images of at least 11 x 11 positions throw `Error`.
/// Example: `metrics::StructuralSimilarity similarity; evaluate(model, test, similarity);`
/// Source: Wang, Bovik, Sheikh and Simoncelli 2004, "Image quality assessment: from error
/// visibility to structural similarity"
class StructuralSimilarity {
 public:
  static constexpr bool higher_is_better = true;

  explicit StructuralSimilarity(double data_range = 1)
      : c1_(std::pow(0.01 * detail::checked_range(data_range, "StructuralSimilarity"), 2)),
        c2_(std::pow(0.03 * data_range, 2)) {}

  [[nodiscard]] std::string name() const { return "structural_similarity"; }
  void reset() { sum_ = count_ = 0; }
  void add(const EvaluatedRow& row) {
    detail::expect_targets(row, "StructuralSimilarity");
    detail::expect_image(row, window, "StructuralSimilarity");
    const auto positions = static_cast<std::size_t>(row.shape.positions());
    double total = 0;
    for (std::size_t at = 0; at < row.outputs.size(); at += positions) {
      total += of_channel(row.outputs.subspan(at, positions), row.targets.subspan(at, positions),
                          row.shape);
    }
    sum_ += total / row.shape.channels;
    count_ += 1;
  }
  [[nodiscard]] double value() const {
    return count_ > 0 ? sum_ / count_ : std::numeric_limits<double>::quiet_NaN();
  }

 private:
  static constexpr int window = 11;

  [[nodiscard]] double of_channel(std::span<const float> x, std::span<const float> t,
                                  const Shape& shape) const {
    const auto mean_of = [&](const auto& value) {
      std::vector<double> values(x.size());
      for (std::size_t i = 0; i < x.size(); ++i) {
        values[i] = value(static_cast<double>(x[i]), static_cast<double>(t[i]));
      }
      return window_means(values, shape.height, shape.width);
    };
    const auto mx = mean_of([](double a, double) { return a; });
    const auto mt = mean_of([](double, double b) { return b; });
    const auto xx = mean_of([](double a, double) { return a * a; });
    const auto tt = mean_of([](double, double b) { return b * b; });
    const auto xt = mean_of([](double a, double b) { return a * b; });
    double total = 0;
    for (std::size_t i = 0; i < mx.size(); ++i) {
      const double both = mx[i] * mt[i];
      const double squares = mx[i] * mx[i] + mt[i] * mt[i];
      total += (2 * both + c1_) * (2 * (xt[i] - both) + c2_) /
               ((squares + c1_) * (xx[i] + tt[i] - squares + c2_));
    }
    return total / static_cast<double>(mx.size());
  }

  /// The weighted means of all windows that lie inside: along lines, then along columns.
  static std::vector<double> window_means(const std::vector<double>& values, int height,
                                          int width) {
    const std::array<double, window> weights = gaussian();
    const int columns = width - window + 1;
    // `from` has lines of `stride` values; the values of a window are `step` apart.
    const auto along = [&](const std::vector<double>& from, int stride, int lines, int step) {
      std::vector<double> to(static_cast<std::size_t>(lines * columns));
      for (int y = 0; y < lines; ++y) {
        for (int x = 0; x < columns; ++x) {
          double& sum = to[static_cast<std::size_t>(y * columns + x)];
          for (int k = 0; k < window; ++k) {
            sum += weights[static_cast<std::size_t>(k)] *
                   from[static_cast<std::size_t>(y * stride + x + k * step)];
          }
        }
      }
      return to;
    };
    return along(along(values, width, height, 1), columns, height - window + 1, columns);
  }

  static std::array<double, window> gaussian() {
    constexpr double sigma = 1.5;
    std::array<double, window> weights{};
    double total = 0;
    for (int k = 0; k < window; ++k) {
      const double distance = k - window / 2;
      weights[static_cast<std::size_t>(k)] = std::exp(-distance * distance / (2 * sigma * sigma));
      total += weights[static_cast<std::size_t>(k)];
    }
    for (double& weight : weights) weight /= total;
    return weights;
  }

  double c1_;
  double c2_;
  double sum_ = 0;
  double count_ = 0;
};

}  // namespace lamina::metrics
