#pragma once

#include <array>
#include <utility>

#include <lamina/kernel/tile.hpp>

/// A panel of outputs for a range of rows: the contraction of a stage, forward or backward.
namespace lamina::kernel {

/// Zeros in the lanes of a panel's last register that no feature has, in some rows. Whole registers
/// are stored: a fill of the few floats is a call a row, which took a tenth of LeNet's step.
inline void clear_padding(const Panels& panels, int panel, int rows, float* values) {
  const int last = (panels.vectors_of(panel) - 1) * lanes;
  const int used = panels.features_of(panel) - last;
  if (used == lanes) return;
  float* at = values + last;
  for (int row = 0; row < rows; ++row, at += panels.width) {
    simd::first(Register::load(at), used).store(at);
  }
}

/// Stores a tile, started from a row that all share (a bias), from rows of its own (a sum that is
/// added to), or from zero.
template <int Vectors>
struct Store {
  float* out;
  std::ptrdiff_t stride;
  const float* start;  // null: from zero
  std::ptrdiff_t start_stride;

  template <int RowCount>
  HWY_INLINE void begin(Accumulators<RowCount, Vectors>& sums) const {
    LAMINA_UNROLL
    for (int v = 0; v < Vectors; ++v) {
      LAMINA_UNROLL
      for (int i = 0; i < RowCount; ++i) {
        sums.at[i][v] =
            start ? Register::load(start + i * start_stride + v * lanes) : Register(0.0f);
      }
    }
  }

  template <int RowCount>
  HWY_INLINE void end(const Accumulators<RowCount, Vectors>& sums) const {
    LAMINA_UNROLL
    for (int i = 0; i < RowCount; ++i) {
      LAMINA_UNROLL
      for (int v = 0; v < Vectors; ++v) sums.at[i][v].store(out + i * stride + v * lanes);
    }
  }
};

/// out(i, :) = start(i, :) + left(i, :) right, for `rows` rows of one panel.
struct PanelProduct {
  Rows left;
  const float* right;
  std::ptrdiff_t right_stride;
  int depth;
  float* out;
  std::ptrdiff_t out_stride;
  const float* start;           ///< null: from zero
  std::ptrdiff_t start_stride;  ///< 0 for one row that all share
};

template <int Vectors>
void multiply_panel(const PanelProduct& product, int rows) {
  for_each_tile(rows, [&](int row, int count) {
    multiply_rows<Vectors>(
        count, product.left.from(row), product.right, product.right_stride, product.depth,
        Store<Vectors>{
            product.out + row * product.out_stride, product.out_stride,
            product.start == nullptr ? nullptr : product.start + row * product.start_stride,
            product.start_stride});
  });
}

using MultiplyPanel = void (*)(const PanelProduct&, int rows);
using MultiplyPanels = std::array<MultiplyPanel, tile_vectors + 1>;

/// `multiply_panel` by the number of registers of the panel, for those in the set `Used`: a network
/// instantiates only the widths it has, and all its layers share them.
template <unsigned Used>
inline constexpr MultiplyPanels multiply_panels = [] {
  MultiplyPanels table{};
  [&]<std::size_t... I>(std::index_sequence<I...>) {
    ((table[I + 1] =
          [] {
            if constexpr ((Used >> (I + 1)) & 1u) {
              return &multiply_panel<static_cast<int>(I + 1)>;
            } else {
              return static_cast<MultiplyPanel>(nullptr);
            }
          }()),
     ...);
  }(std::make_index_sequence<tile_vectors>{});
  return table;
}();

}  // namespace lamina::kernel
