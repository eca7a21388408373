#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <utility>

#include <lamina/kernel/dot.hpp>
#include <lamina/kernel/lane_images.hpp>

/// Gradients by the weights and biases of a convolution, with samples in the lanes: sums over
/// positions in each lane, added across the lanes at the end.
namespace lamina::kernel {

/// Rows and columns of a tile of weights: 4 x 6 sums leave 8 of 32 registers for operands.
inline constexpr int product_rows = 4;
inline constexpr int product_columns = simd::registers == 32 ? 6 : 2;

/// Some lines of a tile of products: value i times gradient j, summed over positions.
struct LaneProducts {
  std::array<const float*, product_rows> left;
  const float* right;  ///< the others a plane further each
  std::ptrdiff_t right_plane;
  std::ptrdiff_t left_line;
  std::ptrdiff_t right_line;
  int lines;
  int columns;
  bool first;   ///< of the group: sums begin here
  float* sums;  ///< a register for each product
  std::ptrdiff_t sums_row;
};

template <int RowCount, int Columns>
HWY_NOINLINE void add_lane_products(const LaneProducts& of) {
  Register sums[RowCount][Columns];
  LAMINA_UNROLL
  for (int i = 0; i < RowCount; ++i) {
    LAMINA_UNROLL
    for (int j = 0; j < Columns; ++j) {
      sums[i][j] =
          of.first ? Register(0.0f) : Register::load(of.sums + i * of.sums_row + j * lanes);
    }
  }
  const float* left[RowCount];
  for (int i = 0; i < RowCount; ++i) left[i] = of.left[static_cast<std::size_t>(i)];
  const float* right = of.right;
  const std::ptrdiff_t plane = of.right_plane;
  for (int line = 0; line < of.lines; ++line) {
    const std::ptrdiff_t end = static_cast<std::ptrdiff_t>(of.columns) * lanes;
    for (std::ptrdiff_t x = 0; x < end; x += lanes) {
      Register gradient[Columns];
      LAMINA_UNROLL
      for (int j = 0; j < Columns; ++j) {
        gradient[j] = Register::load(right + j * plane + x);
        simd::hold(gradient[j]);
      }
      LAMINA_UNROLL
      for (int i = 0; i < RowCount; ++i) {
        Register value = Register::load(left[i] + x);
        simd::hold(value);
        LAMINA_UNROLL
        for (int j = 0; j < Columns; ++j) sums[i][j] = multiply_add(value, gradient[j], sums[i][j]);
      }
    }
    LAMINA_UNROLL
    for (int i = 0; i < RowCount; ++i) left[i] += of.left_line;
    right += of.right_line;
  }
  LAMINA_UNROLL
  for (int i = 0; i < RowCount; ++i) {
    LAMINA_UNROLL
    for (int j = 0; j < Columns; ++j) sums[i][j].store(of.sums + i * of.sums_row + j * lanes);
  }
}

using AddLaneProducts = void (*)(const LaneProducts&);
/// By rows and columns.
using LaneProductTiles = std::array<std::array<AddLaneProducts, product_columns + 1>,
                                    static_cast<std::size_t>(product_rows) + 1>;

template <RowSet Rows, RowSet Columns>
constexpr LaneProductTiles lane_product_tiles() {
  LaneProductTiles tiles{};
  const auto set = [&]<std::size_t R, std::size_t C>(std::index_sequence<R, C>) {
    if constexpr (((Rows >> R) & 1u) != 0 && ((Columns >> C) & 1u) != 0) {
      tiles[R][C] = &add_lane_products<static_cast<int>(R), static_cast<int>(C)>;
    }
  };
  [&]<std::size_t... I>(std::index_sequence<I...>) {
    (set(std::index_sequence<I / product_columns + 1, I % product_columns + 1>{}), ...);
  }(std::make_index_sequence<static_cast<std::size_t>(product_rows * product_columns)>{});
  return tiles;
}

/// Registers of the sums of a convolution's weights.
constexpr std::size_t product_registers(const Convolution& of) {
  return static_cast<std::size_t>(of.depth()) * static_cast<std::size_t>(of.panels.features);
}

/// The products of one group as `sums`, [depth][output] registers; `in` has its edges around
/// it. A few lines at a time, so that the gradient of a tile stays in the L1 cache: the first
/// convolution of LeNet-5 has 221 KB of it.
inline void add_lane_gradient(const Convolution& of, const LaneProductTiles& tiles,
                              const LaneImage<const float>& in,
                              const LaneImage<const float>& gradient, float* sums) {
  constexpr int cached = 6144;  // floats
  const int together = std::max(1, cached / (product_columns * of.out.width * lanes));
  LaneProducts tile{};
  tile.right_plane = gradient.plane;
  tile.left_line = in.line;
  tile.right_line = gradient.line;
  tile.columns = of.out.width;
  tile.sums_row = static_cast<std::ptrdiff_t>(of.panels.features) * lanes;
  for (int y = 0; y < of.out.height; y += together) {
    tile.lines = std::min(together, of.out.height - y);
    tile.first = y == 0;
    for_each_tile(
        of.panels.features,
        [&](int column, int columns) {
          tile.right = gradient.at(column, y, 0);
          for_each_tile(
              of.depth(),
              [&](int row, int rows) {
                for (int i = 0; i < rows; ++i) {
                  const int tap = (row + i) / of.panel_inputs;
                  tile.left[static_cast<std::size_t>(i)] =
                      in.at((row + i) % of.panel_inputs,
                            y + tap / of.window.x.kernel - of.window.y.before,
                            tap % of.window.x.kernel - of.window.x.before);
                }
                tile.sums =
                    sums + row * tile.sums_row + static_cast<std::ptrdiff_t>(column) * lanes;
                tiles[static_cast<std::size_t>(rows)][static_cast<std::size_t>(columns)](tile);
              },
              product_rows);
        },
        product_columns);
  }
}

/// Adds the sums over the lanes to a packed gradient. `part_stride`: from the sums of one part of
/// `simd::LaneSums` to those of the next.
inline void add_lane_sums_of(const Convolution& of, const float* sums, std::ptrdiff_t part_stride,
                             float* to) {
  const Panels& panels = of.panels;
  for (int panel = 0; panel < panels.count; ++panel) {
    const int first = panel * panels.width;
    for (int row = 0; row < of.depth(); ++row) {
      const float* from =
          sums + (static_cast<std::ptrdiff_t>(row) * panels.features + first) * lanes;
      float* target =
          to + panel * of.panel_floats() + static_cast<std::ptrdiff_t>(row) * panels.width;
      const int features = panels.features_of(panel);
      for (int column = 0; column < features; column += 4) {
        const int count = std::min(4, features - column);
        Register four[4][simd::sum_parts];
        for (int i = 0; i < 4; ++i) {
          for (int part = 0; part < simd::sum_parts; ++part) {
            four[i][part] = i < count
                                ? Register::load(from + part * part_stride +
                                                 static_cast<std::ptrdiff_t>(column + i) * lanes)
                                : Register(0.0f);
          }
        }
        detail::add_lane_sums(four, count, target + column);
      }
    }
  }
}

/// Sums of a channel's gradient: every fourth position of a line has a chain of its own, or each
/// addition would wait for the one before.
static_assert(bias_chains == 4);

/// Adds a line of a channel to its chains, a register each.
inline void add_lane_bias(const float* line, int width, float* chains) {
  Register sums[bias_chains];
  for (int i = 0; i < bias_chains; ++i) sums[i] = Register::load(chains + i * lanes);
  int x = 0;
  for (; x + bias_chains <= width; x += bias_chains) {
    LAMINA_UNROLL
    for (int i = 0; i < bias_chains; ++i) sums[i] += Register::load(line + (x + i) * lanes);
  }
  for (; x < width; ++x) sums[0] += Register::load(line + x * lanes);
  for (int i = 0; i < bias_chains; ++i) sums[i].store(chains + i * lanes);
}

/// The sum of the chains.
inline Register lane_bias(const float* chains) {
  const auto chain = [&](int i) { return Register::load(chains + i * lanes); };
  return (chain(0) + chain(1)) + (chain(2) + chain(3));
}

}  // namespace lamina::kernel
