#pragma once

#include <lamina/core/normalization.hpp>
#include <lamina/kernel/normalize.hpp>

/// Normalization over the batch: a panel of features and all rows.
namespace lamina::kernel {

/// A panel of values over the whole batch.
struct BatchPanel {
  float* values;
  std::ptrdiff_t stride;
  int rows;
};

/// What a normalization over the batch keeps of a panel for the way back, arrays of its width.
struct PanelStatistics {
  float* rsqrt;
  float* mean_weight;
  float* square_weight;
};

/// The averages of a panel's features and how the newest batch enters them.
struct PanelAverages {
  Averages kind = Averages::None;
  float* first = nullptr;    ///< means, or sums
  float* second = nullptr;   ///< variances, or sums of squares
  float momentum = 0;        ///< weight of the newest batch
  float count = 1;           ///< the average number of rows, for sums
  float least_variance = 0;  ///< for sums
};

/// Sums over rows that the gradient of a normalization needs, arrays of a panel's width:
/// of dy x^ (the gradient by the scale) and of dy (by the shift).
struct PanelSums {
  float* scale;
  float* shift;
};

namespace detail {

constexpr float rows_over_one_less(int rows) {
  return static_cast<float>(rows) / static_cast<float>(rows - 1);
}

/// running <- (1 - momentum) running + momentum newest.
HWY_INLINE Register moved(float* running, Register newest, float momentum) {
  const Register old = Register::load(running);
  const Register next = multiply_add(Register(momentum), newest, Register(1 - momentum) * old);
  next.store(running);
  return next;
}

/// Puts moving averages of sums in place of the moments of the batch.
HWY_INLINE void take_running_sums(const PanelAverages& averages, int lane, Register rows,
                                  Register& origin, Register& delta, Register& variance,
                                  Register& square_weight) {
  const Register mean = origin + delta;
  const Register count(averages.count);
  const Register sums = moved(averages.first + lane, rows * mean, averages.momentum);
  const Register squares =
      moved(averages.second + lane, rows * multiply_add(mean, mean, variance), averages.momentum);
  origin = sums / count;
  delta = Register(0.0f);
  const Register found = subtract_product(origin, origin, squares / count);
  const Register least(averages.least_variance);
  variance = max(found, least);
  square_weight = select(found < least, Register(0.0f), square_weight);
}

}  // namespace detail

/// Moves the averages by the moments of `row_count` rows, and keeps what the way back needs; where
/// averages take the place of the moments they are changed.
template <int Vectors>
HWY_INLINE void take_moments(Moments<Vectors>& moments, int row_count, const Normalization& norm,
                             const PanelAverages& averages, const PanelStatistics& statistics,
                             Register (&rsqrt)[Vectors]) {
  const Register rows(static_cast<float>(row_count));
  // Only a variance around the batch's own mean is too small.
  const float unbiased = norm.centered ? detail::rows_over_one_less(row_count) : 1.0f;
  LAMINA_UNROLL
  for (int v = 0; v < Vectors; ++v) {
    const int lane = v * lanes;
    Register weight(averages.kind == Averages::Running ? averages.momentum / averages.count
                                                       : 1 / static_cast<float>(row_count));
    const Register mean_weight = norm.centered ? weight : Register(0.0f);
    if (averages.kind == Averages::Moving) {
      detail::moved(averages.first + lane, moments.origin[v] + moments.delta[v], averages.momentum);
      detail::moved(averages.second + lane, moments.variance[v] * Register(unbiased),
                    averages.momentum);
    } else if (averages.kind == Averages::Running) {
      detail::take_running_sums(averages, lane, rows, moments.origin[v], moments.delta[v],
                                moments.variance[v], weight);
    }
    rsqrt[v] =
        Register(1.0f) / sqrt(moments.variance[v] + Register(static_cast<float>(norm.epsilon)));
    rsqrt[v].store(statistics.rsqrt + lane);
    mean_weight.store(statistics.mean_weight + lane);
    weight.store(statistics.square_weight + lane);
  }
}

/// Finds the statistics of a panel, moves the averages, and normalizes in place.
template <int Vectors>
void normalize_panel(const BatchPanel& panel, const Normalization& norm,
                     const PanelAverages& averages, const PanelStatistics& statistics) {
  const OverBatch<Vectors> walk{panel.stride, panel.rows};
  Moments<Vectors> moments = find_moments(walk, panel.values, norm.centered);
  Register rsqrt[Vectors];
  take_moments(moments, panel.rows, norm, averages, statistics, rsqrt);
  normalize(walk, panel.values, moments, rsqrt, panel.values);
}

/// Normalizes in place by a given mean and deviation of every feature.
template <int Vectors>
void standardize_panel(const BatchPanel& panel, const PanelAverages& given) {
  Moments<Vectors> moments;
  Register factor[Vectors];
  LAMINA_UNROLL
  for (int v = 0; v < Vectors; ++v) {
    moments.origin[v] = Register::load(given.first + v * lanes);
    moments.delta[v] = Register(0.0f);
    factor[v] = Register(1.0f) / Register::load(given.second + v * lanes);
  }
  normalize(OverBatch<Vectors>{panel.stride, panel.rows}, panel.values, moments, factor,
            panel.values);
}

/// Adds the rows of a block to the sums.
template <int Vectors>
void add_panel_sums(const BatchPanel& block, const float* gradient, const PanelSums& sums) {
  Register scale[Vectors];
  Register shift[Vectors];
  LAMINA_UNROLL
  for (int v = 0; v < Vectors; ++v) {
    scale[v] = Register::load(sums.scale + v * lanes);
    shift[v] = Register::load(sums.shift + v * lanes);
  }
  const OverBatch<Vectors> walk{block.stride, block.rows};
  walk.for_each_step([&](int v, int, std::ptrdiff_t at, int, const auto&) {
    const Register dy = Register::load(gradient + at);
    scale[v] = multiply_add(dy, Register::load(block.values + at), scale[v]);
    shift[v] += dy;
  });
  LAMINA_UNROLL
  for (int v = 0; v < Vectors; ++v) {
    scale[v].store(sums.scale + v * lanes);
    shift[v].store(sums.shift + v * lanes);
  }
}

/// From the gradient by the outputs of a panel to that by its values. `out` may be the panel or the
/// gradient itself.
template <int Vectors>
void finish_panel(const BatchPanel& panel, const float* gradient, const PanelStatistics& statistics,
                  const PanelSums& sums, const float* scale, float* out) {
  Register rsqrt[Vectors];
  GradientSums<Vectors> weighted;
  LAMINA_UNROLL
  for (int v = 0; v < Vectors; ++v) {
    const int lane = v * lanes;
    const Register factor = Register::load(scale + lane);
    rsqrt[v] = Register::load(statistics.rsqrt + lane);
    weighted.plain[v] =
        factor * Register::load(sums.shift + lane) * Register::load(statistics.mean_weight + lane);
    weighted.normalized[v] = factor * Register::load(sums.scale + lane) *
                             Register::load(statistics.square_weight + lane);
  }
  finish_gradient(OverBatch<Vectors>{panel.stride, panel.rows}, panel.values, gradient, scale,
                  rsqrt, weighted, out);
}

/// The functions above for panels of a number of registers known at run time.
struct NormalizePanel {
  void (*forward)(const BatchPanel&, const Normalization&, const PanelAverages&,
                  const PanelStatistics&);
  void (*given)(const BatchPanel&, const PanelAverages&);
  void (*add_sums)(const BatchPanel&, const float* gradient, const PanelSums&);
  void (*finish)(const BatchPanel&, const float* gradient, const PanelStatistics&, const PanelSums&,
                 const float* scale, float* out);
};
using NormalizePanels = std::array<NormalizePanel, tile_vectors + 1>;

/// Those for the numbers of registers in the set `Used`.
template <unsigned Used>
inline constexpr NormalizePanels normalize_panels =
    []<std::size_t... I>(std::index_sequence<I...>) {
      return NormalizePanels{[] {
        constexpr int vectors = static_cast<int>(I);
        if constexpr ((Used >> I) & 1u) {
          return NormalizePanel{&normalize_panel<vectors>, &standardize_panel<vectors>,
                                &add_panel_sums<vectors>, &finish_panel<vectors>};
        } else {
          return NormalizePanel{};
        }
      }()...};
    }(std::make_index_sequence<tile_vectors + 1>{});

}  // namespace lamina::kernel
