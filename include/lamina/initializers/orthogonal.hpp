#pragma once

#include <algorithm>
#include <cstddef>
#include <vector>

#include <lamina/core/item.hpp>
#include <lamina/initializers/weight_draw.hpp>

namespace lamina {

namespace detail {

/// The sum of a[i] b[i], in eight sums side by side: one would wait for each multiply-add, and an
/// order that the compiler chose would not be the same on every machine.
inline double dot(const double* a, const double* b, std::size_t size) {
  constexpr std::size_t width = 8;
  double sums[width] = {};
  std::size_t i = 0;
  for (; i + width <= size; i += width) {
    for (std::size_t k = 0; k < width; ++k) sums[k] = std::fma(a[i + k], b[i + k], sums[k]);
  }
  for (std::size_t k = 0; i < size; ++i, ++k) sums[k] = std::fma(a[i], b[i], sums[k]);
  return ((sums[0] + sums[1]) + (sums[2] + sums[3])) + ((sums[4] + sums[5]) + (sums[6] + sums[7]));
}

/// Makes `count` rows of `size` >= count numbers orthonormal, by Gram and Schmidt's method with
/// each row freed of the others one after the other. Rows of random numbers are never nearly
/// dependent: what is left of their products is far below what float can hold.
inline void orthonormalize(double* rows, std::size_t count, std::size_t size) {
  for (std::size_t row = 0; row < count; ++row) {
    double* const x = rows + row * size;
    for (std::size_t other = 0; other < row; ++other) {
      const double* const y = rows + other * size;
      const double share = dot(x, y, size);
      for (std::size_t i = 0; i < size; ++i) x[i] = std::fma(-share, y[i], x[i]);
    }
    const double length = std::sqrt(dot(x, x, size));
    for (std::size_t i = 0; i < size; ++i) x[i] /= length;
  }
}

}  // namespace detail

/// A random orthogonal matrix times Gain: its rows, or where there are fewer its columns, are
/// orthogonal and of length Gain, so it changes the length of no vector that it keeps. Evenly
/// distributed over all such matrices. As `torch.nn.init.orthogonal_`.
///
/// Takes in * out * min(in, out) multiply-adds: 0.7 s for 1024 x 1024, 5 s for the baseline
/// instruction set, which has none.
/// Source: Saxe et al. 2014, https://arxiv.org/abs/1312.6120
/// Example: `Linear<64, Init<Orthogonal<>>>`
template <double Gain = 1.0>
struct Orthogonal {
  static constexpr TextBuffer name() { return item_name("Orthogonal", Gain); }

  void fill(const WeightDraw& first, std::span<double> weights) const {
    const auto in = static_cast<std::size_t>(first.fan_in);
    const std::size_t out = weights.size() / in;  // of a convolution fan_out counts taps, too
    const std::size_t count = std::min(in, out);
    const std::size_t size = std::max(in, out);
    std::vector<double> rows(weights.size());
    for (std::size_t i = 0; i < rows.size(); ++i) rows[i] = first.at(i).normal();
    detail::orthonormalize(rows.data(), count, size);
    for (std::size_t row = 0; row < count; ++row) {
      for (std::size_t i = 0; i < size; ++i) {
        weights[out <= in ? row * in + i : i * in + row] = Gain * rows[row * size + i];
      }
    }
  }
};

}  // namespace lamina
