#pragma once

#include <algorithm>
#include <cstddef>
#include <type_traits>
#include <utility>

#include <lamina/core/simd.hpp>
#include <lamina/core/tile.hpp>

/// The one inner loop of the library: a block of rows times a panel, in registers. Forward, the
/// gradient by the inputs and the gradient by the weights are this loop with other operands and
/// another finish.
namespace lamina::kernel {

using simd::lanes;
using simd::Register;

#if defined(__clang__)
#define LAMINA_UNROLL _Pragma("clang loop unroll(full)")
#else
#define LAMINA_UNROLL _Pragma("GCC unroll 16")
#endif

/// Left operand whose depth is contiguous, in blocks: element (i, l) is
/// data[(l / block_depth) * block_stride + i * row_stride + l % block_depth].
/// Samples and activations are read this way.
struct Rows {
  const float* data;
  std::ptrdiff_t row_stride;
  int block_depth;
  std::ptrdiff_t block_stride;

  /// The same operand from row `row` on.
  [[nodiscard]] HWY_INLINE Rows from(int row) const {
    return {data + row * row_stride, row_stride, block_depth, block_stride};
  }
};

/// Left operand whose rows are contiguous: element (i, l) is data[i + l * depth_stride].
/// Activations are read this way for the gradient by the weights, whose depth is the batch.
struct Columns {
  const float* data;
  std::ptrdiff_t depth_stride;

  [[nodiscard]] HWY_INLINE Columns from(int row) const { return {data + row, depth_stride}; }
};

/// The same in lines of so many steps: element (i, l) is
/// data[i + l / line_depth * line_stride + l % line_depth * depth_stride]. Images are read this way
/// for the gradient by the weights of a convolution, whose depth is positions.
struct ColumnLines {
  const float* data;
  std::ptrdiff_t depth_stride;
  int line_depth;
  std::ptrdiff_t line_stride;

  [[nodiscard]] HWY_INLINE ColumnLines from(int row) const {
    return {data + row, depth_stride, line_depth, line_stride};
  }
};

/// The sums of a tile.
template <int RowCount, int Vectors>
struct Accumulators {
  Register at[RowCount][Vectors];

  HWY_INLINE void clear() {
    LAMINA_UNROLL
    for (int i = 0; i < RowCount; ++i) {
      LAMINA_UNROLL
      for (int v = 0; v < Vectors; ++v) at[i][v] = Register(0.0f);
    }
  }
};

namespace detail {

template <int RowCount, int Vectors, class Left>
HWY_INLINE void accumulate(Accumulators<RowCount, Vectors>& sums, const Left& left,
                           const float* right) {
  Register panel[Vectors];
  LAMINA_UNROLL
  for (int v = 0; v < Vectors; ++v) panel[v] = Register::load(right + v * lanes);
  LAMINA_UNROLL
  for (int i = 0; i < RowCount; ++i) {
    const Register factor = left(i);
    LAMINA_UNROLL
    for (int v = 0; v < Vectors; ++v) {
      sums.at[i][v] = multiply_add(factor, panel[v], sums.at[i][v]);
    }
  }
}

/// The rows of a tile. Of more than 12 there are more places than registers for them: with one for
/// three rows each, which addresses reach by one or two strides, a step of the signal network took
/// 12.8 ms and not 13.5, since nothing is fetched from the stack in the innermost loop.
template <int RowCount>
struct RowPlaces {
  static constexpr int together = RowCount > 12 ? 3 : RowCount;
  static constexpr int groups = (RowCount + together - 1) / together;
  const float* group[groups];
  std::ptrdiff_t stride;

  HWY_INLINE RowPlaces(const float* first, std::ptrdiff_t row_stride) : stride(row_stride) {
    LAMINA_UNROLL
    for (int g = 0; g < groups; ++g) group[g] = first + g * together * row_stride;
  }
  HWY_INLINE Register load(int row, int l) const {
    return Register(group[row / together][row % together * stride + l]);
  }
};

template <int RowCount, int Vectors, class Finish>
HWY_INLINE void accumulate_all(Accumulators<RowCount, Vectors>& sums, const Rows& left,
                               const float* right, std::ptrdiff_t right_stride, int depth,
                               const Finish&) {
  for (const float* block = left.data; depth > 0; block += left.block_stride) {
    const int count = depth < left.block_depth ? depth : left.block_depth;
    const RowPlaces<RowCount> rows(block, left.row_stride);
    for (int l = 0; l < count; ++l, right += right_stride) {
      accumulate(sums, [&](int i) LAMINA_INLINE { return rows.load(i, l); }, right);
    }
    depth -= count;
  }
}

template <int RowCount, int Vectors, class Finish>
HWY_INLINE void accumulate_all(Accumulators<RowCount, Vectors>& sums, const Columns& left,
                               const float* right, std::ptrdiff_t right_stride, int depth,
                               const Finish& finish) {
  const float* column = left.data;
  const int fetched = std::min(depth, RowCount * Vectors);
  for (int l = 0; l < fetched; ++l, right += right_stride, column += left.depth_stride) {
    finish.template fetch<RowCount>(l);
    accumulate(sums, [&](int i) LAMINA_INLINE { return Register(column[i]); }, right);
  }
  for (int l = fetched; l < depth; ++l, right += right_stride, column += left.depth_stride) {
    accumulate(sums, [&](int i) LAMINA_INLINE { return Register(column[i]); }, right);
  }
}

template <int RowCount, int Vectors, class Finish>
HWY_INLINE void accumulate_all(Accumulators<RowCount, Vectors>& sums, const ColumnLines& left,
                               const float* right, std::ptrdiff_t right_stride, int depth,
                               const Finish&) {
  for (const float* line = left.data; depth > 0; line += left.line_stride) {
    const int count = depth < left.line_depth ? depth : left.line_depth;
    const float* column = line;
    for (int l = 0; l < count; ++l, right += right_stride, column += left.depth_stride) {
      accumulate(sums, [&](int i) LAMINA_INLINE { return Register(column[i]); }, right);
    }
    depth -= count;
  }
}

}  // namespace detail

/// One tile: sums(i, :) = sum over l of left(i, l) * right[l * right_stride + :], then `finish`.
///
/// `finish.begin(sums)` sets the start values, `finish.end(sums)` takes the sums out of registers.
/// Never inlined: in the middle of a larger function compilers spill accumulators (forward falls
/// from 0.97 to 0.80 of peak with g++ 12). Operands come by reference and are copied here: by
/// value, g++ copies them to the stack as one wide register from words that were just written, and
/// that load waits until all stores of the tile before have reached memory. A step of a ResNet took
/// 117 ms, so it takes 100, of a VGG 118.7, so 115.2.
template <int RowCount, int Vectors, class Left, class Finish>
HWY_NOINLINE void multiply_tile(const Left& from, const float* right, std::ptrdiff_t right_stride,
                                int depth, const Finish& to) {
  const Left left = from;
  const Finish finish = to;
  Accumulators<RowCount, Vectors> sums;
  finish.begin(sums);
  detail::accumulate_all(sums, left, right, right_stride, depth, finish);
  finish.end(sums);
}

/// Calls f(first_row, row_count) for tiles of at most `most` rows and of even size: with 6 at most
/// 32 rows are two tiles of 6 and four of 5, not five of 6 and one of 2.
template <class F>
HWY_INLINE constexpr void for_each_tile(int rows, const F& f, int most = tile_rows) {
  const int tiles = (rows + most - 1) / most;
  if (tiles == 0) return;
  const int least = rows / tiles;
  const int larger = rows % tiles;
  int row = 0;
  for (int tile = 0; tile < tiles; ++tile) {
    const int count = least + (tile < larger ? 1 : 0);
    f(row, count);
    row += count;
  }
}

/// Numbers of rows of tiles as a set of bits: bit r is set where tiles of r rows occur.
using RowSet = unsigned;
inline constexpr RowSet all_rows = (1u << (tile_rows + 1)) - 2;

/// The tiles that `for_each_tile` makes of so many rows.
constexpr RowSet tile_row_set(int rows, int most = tile_rows) {
  RowSet set = 0;
  for_each_tile(rows, [&](int, int count) { set |= 1u << count; }, most);
  return set;
}

/// `multiply_tile` for a number of rows known at run time, one of `Set`: only those are compiled.
template <int Vectors, RowSet Set = all_rows, class Left, class Finish>
HWY_INLINE void multiply_rows(int rows, Left left, const float* right, std::ptrdiff_t right_stride,
                              int depth, const Finish& finish) {
  const auto call = [&]<int R>(std::integral_constant<int, R>) {
    if constexpr ((Set >> R) & 1u) {
      multiply_tile<R, Vectors>(left, right, right_stride, depth, finish);
    }
  };
  static_assert(tile_rows == 6);
  switch (rows) {
    case 6:
      return call(std::integral_constant<int, 6>{});
    case 5:
      return call(std::integral_constant<int, 5>{});
    case 4:
      return call(std::integral_constant<int, 4>{});
    case 3:
      return call(std::integral_constant<int, 3>{});
    case 2:
      return call(std::integral_constant<int, 2>{});
    default:
      return call(std::integral_constant<int, 1>{});
  }
}

/// The same for the tiles of lines, of up to 14 rows.
template <int Vectors, RowSet Set, class Left, class Finish>
HWY_INLINE void multiply_line_rows(int rows, const Left& left, const float* right,
                                   std::ptrdiff_t right_stride, int depth, const Finish& finish) {
  const auto call = [&]<int R>(std::integral_constant<int, R>) {
    if constexpr ((Set >> R) & 1u) {
      if (rows != R) return false;
      multiply_tile<R, Vectors>(left, right, right_stride, depth, finish);
      return true;
    } else {
      return false;
    }
  };
  [&]<int... R>(std::integer_sequence<int, R...>) {
    static_cast<void>((call(std::integral_constant<int, R + 1>{}) || ...));
  }(std::make_integer_sequence<int, line_tile_rows(Vectors)>{});
}

}  // namespace lamina::kernel
