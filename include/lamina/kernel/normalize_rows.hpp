#pragma once

#include <lamina/core/normalization.hpp>
#include <lamina/kernel/normalize.hpp>

/// Normalization over the features of each sample, or groups of them: rows with all their panels.
namespace lamina::kernel {

/// Samples in panels, [panel][row][width].
struct SampleRows {
  float* values;  ///< of the first row
  std::ptrdiff_t panel_stride;
  int panel_width;
  int features;
  int rows;
};

namespace detail {

/// Samples that are done together: their sums wait for each other less.
inline constexpr int rows_together = 4;

/// Calls f(walk, first row, index of the group) for every group of features of all rows.
template <class F>
HWY_INLINE void for_each_walk(const SampleRows& samples, int groups, const F& f) {
  const int size = samples.features / groups;
  const auto over = [&]<int Rows>(int row, std::integral_constant<int, Rows>) {
    for (int group = 0; group < groups; ++group) {
      f(OverFeatures<Rows>{samples.panel_stride, samples.panel_width, group * size,
                           (group + 1) * size},
        row, group);
    }
  };
  int row = 0;
  for (; row + rows_together <= samples.rows; row += rows_together) {
    over(row, std::integral_constant<int, rows_together>{});
  }
  for (; row < samples.rows; ++row) over(row, std::integral_constant<int, 1>{});
}

}  // namespace detail

/// Normalizes in place; `rsqrt[row * groups + group]` is kept for the way back where not null.
inline void normalize_rows(const SampleRows& samples, const Normalization& norm, float* rsqrt) {
  detail::for_each_walk(samples, norm.groups, [&](const auto& walk, int row, int group) {
    constexpr int width = std::remove_cvref_t<decltype(walk)>::width;
    float* values = samples.values + static_cast<std::ptrdiff_t>(row) * samples.panel_width;
    const auto moments = find_moments(walk, values, norm.centered);
    Register factors[width];
    for (int v = 0; v < width; ++v) {
      factors[v] =
          Register(1.0f) / sqrt(moments.variance[v] + Register(static_cast<float>(norm.epsilon)));
      if (rsqrt != nullptr) factors[v].store_first(rsqrt + (row + v) * norm.groups + group, 1);
    }
    normalize(walk, values, moments, factors, values);
  });
}

/// Adds the sums over these rows of dy x^ and of dy, for every feature: gradients by scale and
/// shift. Registers that only fill up a panel are left out: nobody has written the values there.
inline void sum_row_gradients(const SampleRows& samples, const float* gradient, float* scale,
                              float* shift) {
  const int panels = (samples.features + samples.panel_width - 1) / samples.panel_width;
  for (int panel = 0; panel < panels; ++panel) {
    for (int lane = 0; lane < samples.panel_width; lane += lanes) {
      float* const totals[2] = {scale + panel * samples.panel_width + lane,
                                shift + panel * samples.panel_width + lane};
      Register sums[2] = {Register::load(totals[0]), Register::load(totals[1])};
      const std::ptrdiff_t first = panel * samples.panel_stride + lane;
      const bool filled = panel * samples.panel_width + lane < samples.features;
      for (int row = 0; filled && row < samples.rows; ++row) {
        const std::ptrdiff_t at = first + static_cast<std::ptrdiff_t>(row) * samples.panel_width;
        const Register dy = Register::load(gradient + at);
        sums[0] = multiply_add(dy, Register::load(samples.values + at), sums[0]);
        sums[1] += dy;
      }
      sums[0].store(totals[0]);
      sums[1].store(totals[1]);
    }
  }
}

/// From the gradient by the outputs to that by the values, in place on `gradient`.
inline void finish_rows(const SampleRows& samples, const Normalization& norm, const float* rsqrt,
                        const float* scale, float* gradient) {
  detail::for_each_walk(samples, norm.groups, [&](const auto& walk, int row, int group) {
    constexpr int width = std::remove_cvref_t<decltype(walk)>::width;
    const std::ptrdiff_t first = static_cast<std::ptrdiff_t>(row) * samples.panel_width;
    const float* values = samples.values + first;
    using Sum = typename std::remove_cvref_t<decltype(walk)>::Sum;
    Sum plain[width];
    Sum normalized[width];
    GradientSums<width> sums;
    Register factors[width];
    for (int v = 0; v < width; ++v) {
      factors[v] = Register(rsqrt[(row + v) * norm.groups + group]);
    }
    walk.for_each_step([&](int v, int part, std::ptrdiff_t at, int feature, const auto& kept) {
      const Register g =
          kept(Register::load(gradient + first + at) * Register::load(scale + feature));
      plain[v].part[part] += g;
      normalized[v].part[part] =
          multiply_add(g, Register::load(values + at), normalized[v].part[part]);
    });
    const Register weight(1 / walk.count());
    for (int v = 0; v < width; ++v) {
      sums.plain[v] = norm.centered ? plain[v].fold() * weight : Register(0.0f);
      sums.normalized[v] = normalized[v].fold() * weight;
    }
    finish_gradient(walk, values, gradient + first, scale, factors, sums, gradient + first);
  });
}

}  // namespace lamina::kernel
