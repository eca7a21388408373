#pragma once

#include <cstddef>
#include <utility>

#include <lamina/core/math.hpp>
#include <lamina/core/tile.hpp>
#include <lamina/core/types.hpp>
#include <lamina/kernel/tile.hpp>

/// Losses over the rows of the last stage: value and gradient in one pass.
namespace lamina::kernel {

/// The outputs of one sample, in panels: what a loss sees of a row.
class OutputRow {
 public:
  using Value = Register;

  OutputRow(float* data, std::ptrdiff_t panel_stride, const Panels& panels)
      : data_(data), panel_stride_(panel_stride), panels_(&panels) {}

  [[nodiscard]] int size() const { return panels_->features; }
  [[nodiscard]] float& operator[](int feature) const {
    return data_[feature / panels_->width * panel_stride_ + feature % panels_->width];
  }

  /// Calls f(pointer, first feature, features) for every register of the row.
  template <class F>
  HWY_INLINE void for_each_register(const F& f) const {
    for (int panel = 0; panel < panels_->count; ++panel) {
      float* at = data_ + panel * panel_stride_;
      const int features = panels_->features_of(panel);
      for (int i = 0; i < features; i += lanes) {
        f(at + i, panel * panels_->width + i, features - i < lanes ? features - i : lanes);
      }
    }
  }

  /// The largest value. A NaN may be lost here: the sum of exponentials keeps it.
  [[nodiscard]] HWY_INLINE float max() const {
    float result = (*this)[0];
    for_each_register([&](float* at, int, int count) {
      const Register values = Register::load(at);
      const Register known = count == lanes ? values : pad(values, count, result);
      const float here = simd::largest(known);
      if (!(here <= result)) result = here;
    });
    return result;
  }

  /// The sum of f over all values.
  template <class F>
  [[nodiscard]] HWY_INLINE float sum(const F& f) const {
    Register total(0.0f);
    for_each_register(
        [&](float* at, int, int count) { total += simd::first(f(Register::load(at)), count); });
    return simd::sum(total);
  }

  /// Sets every value to f of the same value of `from`, and the padding to zero.
  template <class F>
  HWY_INLINE void assign(const OutputRow& from, const F& f) const {
    for_each_register([&](float* at, int, int count) {
      const Register source = Register::load(from.data_ + (at - data_));
      simd::first(f(source), count).store(at);
    });
  }

 private:
  static HWY_INLINE Register pad(Register values, int count, float with) {
    namespace hn = simd::hn;
    return hn::IfThenElse(hn::FirstN(simd::Tag{}, static_cast<std::size_t>(count)), values.v,
                          Register(with).v);
  }

  float* data_;
  std::ptrdiff_t panel_stride_;
  const Panels* panels_;
};

/// A range of rows of the last stage, and where their gradient goes.
struct LossRows {
  float* outputs;  ///< of the first row
  float* gradient;
  std::ptrdiff_t panel_stride;
  const Panels* panels;
  int rows;
  int batch;
};

/// The sum over rows (and outputs) of the loss before the mean is taken; writes the gradient of the
/// mean. `targets` belongs to the first row.
template <class Loss>
double apply_loss(const LossRows& range, const typename Loss::Target* targets) {
  double total = 0;
  for (int row = 0; row < range.rows; ++row) {
    const std::ptrdiff_t at = static_cast<std::ptrdiff_t>(row) * range.panels->width;
    const OutputRow outputs(range.outputs + at, range.panel_stride, *range.panels);
    const OutputRow gradient(range.gradient + at, range.panel_stride, *range.panels);
    if constexpr (requires { &Loss::template sample<OutputRow>; }) {
      total += static_cast<double>(
          Loss::sample(outputs, targets[row], gradient, 1.0f / static_cast<float>(range.batch)));
    } else {
      const int count = range.panels->features;
      const float* target = targets + static_cast<std::ptrdiff_t>(row) * count;
      const float weight = 1.0f / (static_cast<float>(range.batch) * static_cast<float>(count));
      Register sum(0.0f);
      outputs.for_each_register([&](float* values, int feature, int features) {
        const Register x = Register::load(values);
        const Register t = Register::load_first(target + feature, features);
        sum += simd::first(Loss::value(x, t), features);
        simd::first(Loss::slope(x, t) * Register(weight), features)
            .store(range.gradient + at + (values - (range.outputs + at)));
      });
      total += static_cast<double>(simd::sum(sum));
    }
  }
  return total;
}

/// What the sum of `apply_loss` is divided by.
template <class Loss>
double loss_count(int batch, int outputs) {
  return requires {
    &Loss::template sample<OutputRow>;
  } ? static_cast<double>(batch) : static_cast<double>(batch) * static_cast<double>(outputs);
}

}  // namespace lamina::kernel
