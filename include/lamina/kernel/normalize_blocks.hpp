#pragma once

#include <array>
#include <utility>

#include <lamina/kernel/normalize_batch.hpp>

/// Normalization over a batch that is cut into blocks of samples: moments of each, merged in their
/// order, then each block normalized.
namespace lamina::kernel {

/// Moments of a panel's features, arrays of its width: the mean is origin + delta.
struct PanelMoments {
  float* origin;
  float* delta;
  float* variance;
};

namespace detail {

template <int Vectors>
HWY_INLINE Moments<Vectors> load_moments(const PanelMoments& from) {
  Moments<Vectors> moments;
  LAMINA_UNROLL
  for (int v = 0; v < Vectors; ++v) {
    moments.origin[v] = Register::load(from.origin + v * lanes);
    moments.delta[v] = Register::load(from.delta + v * lanes);
    moments.variance[v] = Register::load(from.variance + v * lanes);
  }
  return moments;
}

template <int Vectors>
HWY_INLINE void store_moments(const Moments<Vectors>& moments, const PanelMoments& to) {
  LAMINA_UNROLL
  for (int v = 0; v < Vectors; ++v) {
    moments.origin[v].store(to.origin + v * lanes);
    moments.delta[v].store(to.delta + v * lanes);
    moments.variance[v].store(to.variance + v * lanes);
  }
}

}  // namespace detail

/// Of one block.
template <int Vectors>
void find_block_moments(const BatchPanel& block, bool centered, const PanelMoments& to) {
  detail::store_moments(
      find_moments(OverBatch<Vectors>{block.stride, block.rows}, block.values, centered), to);
}

/// Adds the moments of `more_rows` rows to those of `rows` rows.
/// Source: Chan, Golub and LeVeque 1979, Updating formulae and a pairwise algorithm.
template <int Vectors>
void merge_block_moments(const PanelMoments& all, int rows, const PanelMoments& more,
                         int more_rows) {
  Moments<Vectors> sum = detail::load_moments<Vectors>(all);
  const Moments<Vectors> other = detail::load_moments<Vectors>(more);
  const float total = static_cast<float>(rows + more_rows);
  const Register share(static_cast<float>(more_rows) / total);
  const Register rest(static_cast<float>(rows) / total);
  LAMINA_UNROLL
  for (int v = 0; v < Vectors; ++v) {
    const Register apart = (other.origin[v] - sum.origin[v]) + (other.delta[v] - sum.delta[v]);
    sum.delta[v] = multiply_add(share, apart, sum.delta[v]);
    const Register mean = multiply_add(share, other.variance[v], rest * sum.variance[v]);
    sum.variance[v] = multiply_add(share * rest * apart, apart, mean);
  }
  detail::store_moments(sum, all);
}

/// From the moments of the whole batch to what normalizes it: moves the averages, keeps the
/// statistics, and puts running sums in the place of the moments where the norm takes those.
template <int Vectors>
void take_batch_moments(const PanelMoments& all, int rows, const Normalization& norm,
                        const PanelAverages& averages, const PanelStatistics& statistics) {
  Moments<Vectors> moments = detail::load_moments<Vectors>(all);
  Register rsqrt[Vectors];
  take_moments(moments, rows, norm, averages, statistics, rsqrt);
  detail::store_moments(moments, all);
}

/// Normalizes a block; `to` may be the block itself.
template <int Vectors>
void normalize_block(const BatchPanel& block, const PanelMoments& all,
                     const PanelStatistics& statistics, float* to) {
  const Moments<Vectors> moments = detail::load_moments<Vectors>(all);
  Register rsqrt[Vectors];
  LAMINA_UNROLL
  for (int v = 0; v < Vectors; ++v) rsqrt[v] = Register::load(statistics.rsqrt + v * lanes);
  normalize(OverBatch<Vectors>{block.stride, block.rows}, block.values, moments, rsqrt, to);
}

/// The functions above for panels of a number of registers known at run time.
struct NormalizeBlock {
  void (*find)(const BatchPanel&, bool centered, const PanelMoments&);
  void (*merge)(const PanelMoments&, int rows, const PanelMoments& more, int more_rows);
  void (*take)(const PanelMoments&, int rows, const Normalization&, const PanelAverages&,
               const PanelStatistics&);
  void (*apply)(const BatchPanel&, const PanelMoments&, const PanelStatistics&, float* to);
};
using NormalizeBlocks = std::array<NormalizeBlock, tile_vectors + 1>;

/// Those for the numbers of registers in the set `Used`.
template <unsigned Used>
inline constexpr NormalizeBlocks normalize_blocks =
    []<std::size_t... I>(std::index_sequence<I...>) {
      return NormalizeBlocks{[] {
        constexpr int vectors = static_cast<int>(I);
        if constexpr (I > 0 && ((Used >> I) & 1u)) {
          return NormalizeBlock{&find_block_moments<vectors>, &merge_block_moments<vectors>,
                                &take_batch_moments<vectors>, &normalize_block<vectors>};
        } else {
          return NormalizeBlock{};
        }
      }()...};
    }(std::make_index_sequence<tile_vectors + 1>{});

}  // namespace lamina::kernel
