#pragma once

#include <array>
#include <utility>

#include <lamina/core/tile.hpp>
#include <lamina/kernel/tile.hpp>

/// Batch statistics and their gradient on a panel that is still in cache. All registers of a row
/// are taken together: column by column the stride of a panel would crowd a quarter of the L1
/// cache's sets (64 cycles a register at batch 512 against 15). Sums run over rows in a fixed
/// order, so they do not depend on threads.
namespace lamina::kernel {

/// x -> ((x - origin) - delta) * factor + offset, a register of features.
///
/// The mean is kept in two parts: origin is a value of the batch itself, delta the mean distance to
/// it. With a mean of 1e4 and a deviation of 1 their sum would lose 5e-4 to rounding; apart they
/// lose nothing. A stage without normalization is {0, 0, 1, 0}.
struct Affine {
  Register origin;
  Register delta;
  Register factor;
  Register offset;

  static HWY_INLINE Affine identity() {
    const Register zero(0.0f);
    return {zero, zero, Register(1.0f), zero};
  }
  HWY_INLINE Register operator()(Register x) const {
    return multiply_add((x - origin) - delta, factor, offset);
  }
};

/// The affines of a panel's features, arrays of its width.
struct PanelAffine {
  const float* origin;
  const float* delta;
  const float* factor;
  const float* offset;

  [[nodiscard]] HWY_INLINE Affine at(int lane) const {
    return {Register::load(origin + lane), Register::load(delta + lane),
            Register::load(factor + lane), Register::load(offset + lane)};
  }
};

/// The batch statistics of a panel's features, arrays of its width.
struct PanelStatistics {
  float* origin;    ///< the first value of the batch
  float* delta;     ///< mean - origin
  float* rsqrt;     ///< 1 / sqrt(variance + epsilon)
  float* variance;  ///< biased
};

/// A panel of values over the whole batch.
struct BatchPanel {
  const float* values;
  std::ptrdiff_t stride;
  int rows;
};

namespace detail {

/// sums[v] += f(row, v) for all rows, even and odd rows in chains of their own.
template <int Vectors, class F>
HWY_INLINE void add_rows(int rows, Register (&sums)[Vectors], const F& f) {
  Register odd[Vectors];
  LAMINA_UNROLL
  for (int v = 0; v < Vectors; ++v) odd[v] = Register(0.0f);
  int row = 0;
  for (; row + 2 <= rows; row += 2) {
    LAMINA_UNROLL
    for (int v = 0; v < Vectors; ++v) {
      sums[v] += f(row, v);
      odd[v] += f(row + 1, v);
    }
  }
  LAMINA_UNROLL
  for (int v = 0; v < Vectors; ++v) {
    if (row < rows) sums[v] += f(row, v);
    sums[v] += odd[v];
  }
}

}  // namespace detail

/// Mean and variance of a panel in two passes.
template <int Vectors>
void find_statistics(const BatchPanel& panel, float epsilon, const PanelStatistics& statistics) {
  Register origin[Vectors];
  Register delta[Vectors];
  Register squares[Vectors];
  LAMINA_UNROLL
  for (int v = 0; v < Vectors; ++v) {
    origin[v] = Register::load(panel.values + v * lanes);
    delta[v] = squares[v] = Register(0.0f);
  }
  const auto distance = [&](int row, int v) {
    return Register::load(panel.values + row * panel.stride + v * lanes) - origin[v];
  };
  const Register count(static_cast<float>(panel.rows));
  detail::add_rows(panel.rows, delta, distance);
  LAMINA_UNROLL
  for (int v = 0; v < Vectors; ++v) delta[v] = delta[v] / count;
  detail::add_rows(panel.rows, squares, [&](int row, int v) {
    const Register centered = distance(row, v) - delta[v];
    return centered * centered;
  });
  LAMINA_UNROLL
  for (int v = 0; v < Vectors; ++v) {
    const Register variance = squares[v] / count;
    origin[v].store(statistics.origin + v * lanes);
    delta[v].store(statistics.delta + v * lanes);
    variance.store(statistics.variance + v * lanes);
    (Register(1.0f) / sqrt(variance + Register(epsilon))).store(statistics.rsqrt + v * lanes);
  }
}

/// Sums over rows that the gradient of a normalization needs, arrays of a panel's width:
/// of dy x^ (the gradient by the scale) and of dy (by the shift).
struct GradientSums {
  float* scale;
  float* shift;
};

/// Adds the rows of a block to the sums. x^ = (x - mean) rsqrt is taken from the statistics.
template <int Vectors>
void add_gradient_sums(const BatchPanel& block, const float* gradient,
                       const PanelStatistics& statistics, const GradientSums& sums) {
  Register scale[Vectors];
  Register shift[Vectors];
  LAMINA_UNROLL
  for (int v = 0; v < Vectors; ++v) scale[v] = shift[v] = Register(0.0f);
  for (int row = 0; row < block.rows; ++row) {
    LAMINA_UNROLL
    for (int v = 0; v < Vectors; ++v) {
      const std::ptrdiff_t at = row * block.stride + v * lanes;
      const Register x = Register::load(block.values + at) -
                         Register::load(statistics.origin + v * lanes) -
                         Register::load(statistics.delta + v * lanes);
      const Register dy = Register::load(gradient + at);
      scale[v] = multiply_add(dy, x, scale[v]);
      shift[v] += dy;
    }
  }
  LAMINA_UNROLL
  for (int v = 0; v < Vectors; ++v) {
    const Register rsqrt = Register::load(statistics.rsqrt + v * lanes);
    multiply_add(scale[v], rsqrt, Register::load(sums.scale + v * lanes))
        .store(sums.scale + v * lanes);
    (Register::load(sums.shift + v * lanes) + shift[v]).store(sums.shift + v * lanes);
  }
}

/// From the gradient by the normalized output y = scale x^ + shift to that by the input:
/// dx = scale rsqrt (dy - mean(dy) - x^ mean(dy x^)). `out` may be the panel or the gradient
/// itself.
template <int Vectors>
void finish_gradient(const BatchPanel& panel, const float* gradient,
                     const PanelStatistics& statistics, const GradientSums& sums,
                     const float* scale, float* out) {
  const Register count(static_cast<float>(panel.rows));
  Register factor[Vectors];
  Affine correction[Vectors];  // scale rsqrt (mean(dy) + x^ mean(dy x^)) of x
  LAMINA_UNROLL
  for (int v = 0; v < Vectors; ++v) {
    const Register rsqrt = Register::load(statistics.rsqrt + v * lanes);
    factor[v] = Register::load(scale + v * lanes) * rsqrt;
    correction[v] = {Register::load(statistics.origin + v * lanes),
                     Register::load(statistics.delta + v * lanes),
                     factor[v] * rsqrt * (Register::load(sums.scale + v * lanes) / count),
                     factor[v] * (Register::load(sums.shift + v * lanes) / count)};
  }
  for (int row = 0; row < panel.rows; ++row) {
    LAMINA_UNROLL
    for (int v = 0; v < Vectors; ++v) {
      const std::ptrdiff_t at = row * panel.stride + v * lanes;
      const Register away = correction[v](Register::load(panel.values + at));
      (factor[v] * Register::load(gradient + at) - away).store(out + at);
    }
  }
}

/// The functions above for panels of a number of registers known at run time.
struct NormalizePanel {
  void (*statistics)(const BatchPanel&, float epsilon, const PanelStatistics&);
  void (*add_sums)(const BatchPanel&, const float* gradient, const PanelStatistics&,
                   const GradientSums&);
  void (*finish)(const BatchPanel&, const float* gradient, const PanelStatistics&,
                 const GradientSums&, const float* scale, float* out);
};
using NormalizePanels = std::array<NormalizePanel, tile_vectors + 1>;

/// Those for the numbers of registers in the set `Used`.
template <unsigned Used>
inline constexpr NormalizePanels normalize_panels =
    []<std::size_t... I>(std::index_sequence<I...>) {
      return NormalizePanels{[] {
        constexpr int vectors = static_cast<int>(I);
        if constexpr ((Used >> I) & 1u) {
          return NormalizePanel{&find_statistics<vectors>, &add_gradient_sums<vectors>,
                                &finish_gradient<vectors>};
        } else {
          return NormalizePanel{};
        }
      }()...};
    }(std::make_index_sequence<tile_vectors + 1>{});

}  // namespace lamina::kernel
