#pragma once

#include <cmath>
#include <cstddef>
#include <limits>
#include <string>

#include <lamina/metrics/images.hpp>

namespace lamina::metrics {

/// Peak signal-to-noise ratio in decibels, of each sample by itself, the mean over samples:
/// 10 log10(range^2 / mean squared error), the error over all channels and positions.
///
/// `data_range` is the largest value less the smallest: 1 for images in [0, 1], 255 for bytes. A
/// sample without an error has an infinite ratio, and so has then the mean. As
/// `skimage.metrics.peak_signal_noise_ratio` of each. NaN without samples.
///
/// Errors: a range that is not finite or not above 0, and class labels in place of float targets,
/// throw `Error`.
/// Example: `metrics::PeakSignalToNoise ratio; evaluate(model, test, ratio);`
class PeakSignalToNoise {
 public:
  static constexpr bool higher_is_better = true;

  explicit PeakSignalToNoise(double data_range = 1)
      : data_range_(detail::checked_range(data_range, "PeakSignalToNoise")) {}

  [[nodiscard]] std::string name() const { return "peak_signal_to_noise"; }
  void reset() { sum_ = count_ = 0; }
  void add(const EvaluatedRow& row) {
    detail::expect_targets(row, "PeakSignalToNoise");
    double squares = 0;
    for (std::size_t i = 0; i < row.targets.size(); ++i) {
      const double error =
          static_cast<double>(row.outputs[i]) - static_cast<double>(row.targets[i]);
      squares += error * error;
    }
    const double mean = squares / static_cast<double>(row.targets.size());
    sum_ += mean > 0    ? 20 * std::log10(data_range_) - 10 * std::log10(mean)
            : mean == 0 ? std::numeric_limits<double>::infinity()
                        : mean;  // NaN
    count_ += 1;
  }
  [[nodiscard]] double value() const {
    return count_ > 0 ? sum_ / count_ : std::numeric_limits<double>::quiet_NaN();
  }

 private:
  double data_range_;
  double sum_ = 0;
  double count_ = 0;
};

}  // namespace lamina::metrics
