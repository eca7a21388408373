#pragma once

#include <cstddef>
#include <limits>
#include <type_traits>
#include <utility>

#include <lamina/core/math.hpp>
#include <lamina/core/shape.hpp>
#include <lamina/core/tile.hpp>
#include <lamina/core/types.hpp>
#include <lamina/kernel/tile.hpp>

/// Losses over the rows of the last stage: value and gradient in one pass.
namespace lamina::kernel {

/// The outputs of one row, a sample or a position of it, in panels: what a loss sees at a time.
class OutputRow {
 public:
  using Value = Register;

  OutputRow(float* data, std::ptrdiff_t panel_stride, const Panels& panels)
      : data_(data), panel_stride_(panel_stride), panels_(&panels) {}

  [[nodiscard]] int size() const { return panels_->features; }
  [[nodiscard]] float& operator[](int feature) const {
    return data_[feature / panels_->width * panel_stride_ + feature % panels_->width];
  }

  /// Calls f(pointer, first feature, features, part of a sum) for every register of the row.
  template <class F>
  HWY_INLINE void for_each_register(const F& f) const {
    for (int panel = 0; panel < panels_->count; ++panel) {
      float* at = data_ + panel * panel_stride_;
      const int features = panels_->features_of(panel);
      for (int first = 0; first < features; first += simd::sum_lanes) {
        LAMINA_UNROLL
        for (int part = 0; part < simd::sum_parts; ++part) {
          const int i = first + part * lanes;
          if (i < features) {
            f(at + i, panel * panels_->width + i, features - i < lanes ? features - i : lanes,
              part);
          }
        }
      }
    }
  }

  /// The largest value. A NaN may be lost here: the sum of exponentials keeps it.
  [[nodiscard]] HWY_INLINE float max() const {
    float result = (*this)[0];
    for_each_register([&](float* at, int, int count, int) {
      const Register values = Register::load(at);
      const Register known = count == lanes ? values : pad(values, count, result);
      const float here = simd::largest(known);
      if (!(here <= result)) result = here;
    });
    return result;
  }

  /// The sum of f(value, other...) over all values and as many of each of `others`, rows of floats.
  template <class F, class... Others>
  [[nodiscard]] HWY_INLINE float sum(const F& f, const Others*... others) const {
    simd::LaneSums total;
    for_each_register([&](float* at, [[maybe_unused]] int feature, int count, int part) {
      total.part[part] += simd::first(
          f(Register::load(at), Register::load_first(others + feature, count)...), count);
    });
    return simd::sum(total);
  }

  /// Sets every value to f(value, other...) of the same value of `from` and of the others, and the
  /// padding to zero.
  template <class F, class... Others>
  HWY_INLINE void assign(const OutputRow& from, const F& f, const Others*... others) const {
    for_each_register([&](float* at, [[maybe_unused]] int feature, int count, int) {
      const Register source = Register::load(from.data_ + (at - data_));
      simd::first(f(source, Register::load_first(others + feature, count)...), count).store(at);
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

/// A loss that sees all outputs of a row at once, by `sample`; other losses compare one value at a
/// time, by `value` and `slope`.
template <class Loss>
concept RowLoss = requires { &Loss::template sample<OutputRow>; };

/// A loss of single values that takes a number of each output beside it.
template <class Loss>
concept HasOutputNumbers = requires { requires Loss::has_output_numbers; };

/// Calls `call(number(all numbers))` for such a loss, `call()` for others.
template <class Loss, class Number, class Call>
HWY_INLINE void with_output_number([[maybe_unused]] const Number& number, const Call& call) {
  if constexpr (HasOutputNumbers<Loss>) {
    call(number(Loss::output_numbers));
  } else {
    call();
  }
}

/// How many targets belong to a row of outputs.
template <class Loss>
constexpr std::ptrdiff_t targets_a_row(int outputs) {
  return std::is_same_v<typename Loss::Target, Label> ? 1 : outputs;
}

/// How many targets belong to a sample: to each of its positions those of a row.
template <class Loss>
constexpr std::size_t targets_a_sample(const Shape& outputs) {
  return static_cast<std::size_t>(targets_a_row<Loss>(outputs.channels)) *
         static_cast<std::size_t>(outputs.positions());
}

/// Puts targets of some samples, channel by channel as users have them, row by row: the channels of
/// a position behind each other.
inline void put_in_rows(const float* from, std::size_t samples, const Shape& shape, float* to) {
  const auto positions = static_cast<std::size_t>(shape.positions());
  const auto channels = static_cast<std::size_t>(shape.channels);
  for (std::size_t sample = 0; sample < samples; ++sample, from += positions * channels) {
    for (std::size_t p = 0; p < positions; ++p) {
      for (std::size_t c = 0; c < channels; ++c) *to++ = from[c * positions + p];
    }
  }
}

/// The label that costs nothing by a loss; -1, which is none, where it has no such label.
template <class Loss>
inline constexpr Label ignored_label = [] {
  if constexpr (requires { Loss::ignored; }) return Label{Loss::ignored};
  return Label{-1};
}();

/// What the sum of a loss over a batch is divided by: the rows, or the values, or what the loss
/// itself counts. Where that is nothing, infinity: the batch costs nothing and moves nothing.
template <class Loss>
double loss_count([[maybe_unused]] const typename Loss::Target* targets, std::size_t rows,
                  int outputs) {
  if constexpr (requires { Loss::count(targets, rows); }) {
    const double count = Loss::count(targets, rows);
    return count > 0 ? count : std::numeric_limits<double>::infinity();
  } else {
    return static_cast<double>(rows) * (RowLoss<Loss> ? 1.0 : static_cast<double>(outputs));
  }
}

/// A range of rows of the last stage, and where their gradient goes.
struct LossRows {
  float* outputs;  ///< of the first row
  float* gradient;
  std::ptrdiff_t panel_stride;
  const Panels* panels;
  int rows;
  double count;  ///< the `loss_count` of the batch
};

/// The sum over rows (and outputs) of the loss before the mean is taken; writes the gradient of the
/// mean. `targets` belongs to the first row.
template <class Loss>
double apply_loss(const LossRows& range, const typename Loss::Target* targets) {
  const auto weight = static_cast<float>(1 / range.count);
  double total = 0;
  for (int row = 0; row < range.rows; ++row) {
    const std::ptrdiff_t at = static_cast<std::ptrdiff_t>(row) * range.panels->width;
    const OutputRow outputs(range.outputs + at, range.panel_stride, *range.panels);
    const OutputRow gradient(range.gradient + at, range.panel_stride, *range.panels);
    const auto* target = targets + row * targets_a_row<Loss>(range.panels->features);
    if constexpr (RowLoss<Loss>) {
      total += static_cast<double>(Loss::sample(outputs, target, gradient, weight));
    } else {
      simd::LaneSums sum;
      outputs.for_each_register([&](float* values, int feature, int features, int part) {
        const Register x = Register::load(values);
        const Register t = Register::load_first(target + feature, features);
        float* const slopes = range.gradient + at + (values - (range.outputs + at));
        const auto numbers = [&](const auto& all) {
          return Register::load_first(all.data() + feature, features);
        };
        with_output_number<Loss>(numbers, [&](auto... number) {
          sum.part[part] += simd::first(Loss::value(x, t, number...), features);
          simd::first(Loss::slope(x, t, number...) * Register(weight), features).store(slopes);
        });
      });
      total += static_cast<double>(simd::sum(sum));
    }
  }
  return total;
}

}  // namespace lamina::kernel
