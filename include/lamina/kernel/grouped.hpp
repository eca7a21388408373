#pragma once

#include <algorithm>
#include <cstddef>

#include <lamina/kernel/tile.hpp>

/// Convolutions in groups: the lanes of an output's register belong to different groups, so that
/// each has a value of its own in place of one that all share. What they read is laid out that way,
/// a panel's width of floats for every product, and the loops stay those of other convolutions.
namespace lamina::kernel {

/// One value for all lanes.
struct PlainRows {
  Rows rows;
  [[nodiscard]] HWY_INLINE Rows from(int row) const { return rows.from(row); }
};
struct PlainColumns {
  ColumnLines columns;
  template <int>
  [[nodiscard]] HWY_INLINE ColumnLines from(int row) const {
    return columns.from(row);
  }
};

/// As `Rows`, with a panel of values in place of each. `block_depth` counts panels.
struct GroupedRows {
  Rows rows;
  [[nodiscard]] HWY_INLINE GroupedRows from(int row) const { return {rows.from(row)}; }
};
/// As `ColumnLines`, likewise.
struct GroupedColumns {
  ColumnLines columns;
  template <int Vectors>
  [[nodiscard]] HWY_INLINE GroupedColumns from(int row) const {
    return {columns.from(row * Vectors * lanes)};
  }
};

namespace detail {

template <int RowCount, int Vectors>
HWY_INLINE void accumulate_lanes(Accumulators<RowCount, Vectors>& sums, const float* left,
                                 std::ptrdiff_t row_stride, const float* right) {
  Register panel[Vectors];
  LAMINA_UNROLL
  for (int v = 0; v < Vectors; ++v) panel[v] = Register::load(right + v * lanes);
  LAMINA_UNROLL
  for (int i = 0; i < RowCount; ++i) {
    LAMINA_UNROLL
    for (int v = 0; v < Vectors; ++v) {
      const Register own = Register::load(left + i * row_stride + v * lanes);
      sums.at[i][v] = multiply_add(own, panel[v], sums.at[i][v]);
    }
  }
}

}  // namespace detail

/// sums(i, :) = sum over l of left(i, l, :) * right(l, :), then `finish`.
template <int RowCount, int Vectors, class Finish>
HWY_NOINLINE void multiply_tile(const GroupedRows& from, const float* right,
                                std::ptrdiff_t right_stride, int depth, const Finish& to) {
  const GroupedRows left = from;
  const Finish finish = to;
  Accumulators<RowCount, Vectors> sums;
  finish.begin(sums);
  const Rows& rows = left.rows;
  for (const float* block = rows.data; depth > 0; block += rows.block_stride) {
    const int count = std::min(depth, rows.block_depth);
    const float* at = block;
    for (int l = 0; l < count; ++l, at += Vectors * lanes, right += right_stride) {
      detail::accumulate_lanes(sums, at, rows.row_stride, right);
    }
    depth -= count;
  }
  finish.end(sums);
}

template <int RowCount, int Vectors, class Finish>
HWY_NOINLINE void multiply_tile(const GroupedColumns& from, const float* right,
                                std::ptrdiff_t right_stride, int depth, const Finish& to) {
  const GroupedColumns left = from;
  const Finish finish = to;
  Accumulators<RowCount, Vectors> sums;
  finish.begin(sums);
  const ColumnLines& columns = left.columns;
  for (const float* line = columns.data; depth > 0; line += columns.line_stride) {
    const int count = std::min(depth, columns.line_depth);
    const float* at = line;
    for (int l = 0; l < count; ++l, at += columns.depth_stride, right += right_stride) {
      detail::accumulate_lanes(sums, at, Vectors * lanes, right);
    }
    depth -= count;
  }
  finish.end(sums);
}

}  // namespace lamina::kernel
