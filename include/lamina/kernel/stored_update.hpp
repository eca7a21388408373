#pragma once

#include <array>
#include <cstddef>
#include <type_traits>

#include <lamina/kernel/update.hpp>

/// Updates from gradients that lie in memory, and what is done to all weights into an output at
/// once. A panel is gone through register by register; it is in cache, so that what counts is how
/// often it is gone through.
namespace lamina::kernel {

/// Gradients in blocks laid out as the parameters, one behind the other: the gradient is `scale`
/// times their sum, added in order.
struct GradientBlocks {
  float* data;
  std::ptrdiff_t stride;
  int count;
  float scale;

  [[nodiscard]] HWY_INLINE Register at(std::ptrdiff_t i) const {
    Register sum = Register::load(data + i);
    for (int block = 1; block < count; ++block) sum += Register::load(data + block * stride + i);
    return Register(scale) * sum;
  }
  [[nodiscard]] GradientBlocks from(std::size_t offset) const {
    return {data + offset, stride, count, scale};
  }
};

/// Some rows of a packed panel: one row for each input, or one row for a vector.
struct PanelRows {
  std::ptrdiff_t width;
  int rows;
  int vectors;
  int last_lanes;  ///< of the last register of a row, that are no padding
};

template <int I>
using Chain = std::integral_constant<int, I>;

/// Calls f(offset, offset in its row) for all registers.
template <class F>
HWY_INLINE void for_each_register(const PanelRows& panel, const F& f) {
  for (int row = 0; row < panel.rows; ++row) {
    for (int v = 0; v < panel.vectors; ++v) f(row * panel.width + v * lanes, v * lanes);
  }
}

/// Adds the measures of all weights to the `sums` of their outputs.
template <class Stage>
void measure_rows(const PanelRows& panel, const float* weights, const Stage& stage, float* sums) {
  for_each_register(panel, [&](std::ptrdiff_t i, int column) {
    add_measures(stage.penalties, sums, column, Register::load(weights + i));
  });
}

/// A step of all weights.
template <int Slots, class Step>
void update_rows(const PanelRows& panel, const GradientBlocks& gradient,
                 const Parameters& parameters, const Step& step, float* sums) {
  const Step update = step;
  const int last = (panel.vectors - 1) * lanes;
  for_each_register(panel, [&](std::ptrdiff_t i, int column) {
    const Parameters at = parameters.from(i);
    const Register weight = Register::load(at.weights);
    add_measures(update.stage.penalties, sums, column, weight);
    if (column < last) {
      update_register<Slots>(at, weight, gradient.at(i), update);
    } else {
      update_last_register<Slots>(at, weight, gradient.at(i), update, panel.last_lanes);
    }
  });
}

/// Sums of squares of 16 outputs and the next 16 of a panel: what is added up over all panels, in
/// order, is the same for any width of a panel.
using ColumnSquares = std::array<double, (column_floats + simd::sum_lanes - 1) / simd::sum_lanes>;

/// Of sums of squares of single outputs.
inline ColumnSquares squares_of_columns(const float* totals, const PanelRows& panel) {
  ColumnSquares squares{};
  std::size_t i = 0;
  const int columns = (panel.vectors - 1) * lanes + panel.last_lanes;
  for_each_column_sum(totals, columns, [&](float sum) { squares[i++] = static_cast<double>(sum); });
  return squares;
}

/// The whole gradient, each number limited, stored in the first block: returns the squares.
template <class Stage>
ColumnSquares complete_rows(const PanelRows& panel, const GradientBlocks& gradient,
                            const float* weights, const Stage& stage, float limit, float* sums) {
  const Register most(limit);
  alignas(64) float squares[column_floats] = {};
  for_each_register(panel, [&](std::ptrdiff_t i, int column) {
    const Register weight = Register::load(weights + i);
    add_measures(stage.penalties, sums, column, weight);
    const Register whole = limited(stage.add_slopes(gradient.at(i), weight), most);
    whole.store(gradient.data + i);
    multiply_add(whole, whole, Register::load(squares + column)).store(squares + column);
  });
  return squares_of_columns(squares, panel);
}

/// Calls f(offset, chain) for one column of registers, even and odd rows in chains of their own.
template <class F>
HWY_INLINE void for_each_row(const PanelRows& panel, std::ptrdiff_t first, const F& f) {
  int row = 0;
  for (; row + 2 <= panel.rows; row += 2) {
    f(first + row * panel.width, Chain<0>{});
    f(first + (row + 1) * panel.width, Chain<1>{});
  }
  if (row < panel.rows) f(first + row * panel.width, Chain<0>{});
}

/// The same for the first `Vectors` registers of every row together: f(offset, chain, register).
template <int Vectors, class F>
HWY_INLINE void for_each_whole_row(const PanelRows& panel, const F& f) {
  for_each_row(panel, 0, [&](std::ptrdiff_t at, auto chain) {
    LAMINA_UNROLL
    for (int v = 0; v < Vectors; ++v) f(at + v * lanes, chain, v);
  });
}

/// Squared norm of the weights into each output of one register of a panel.
HWY_INLINE Register squared_norm(const PanelRows& panel, const float* weights) {
  Register sums[2] = {Register(0.0f), Register(0.0f)};
  for_each_row(panel, 0, [&](std::ptrdiff_t at, auto chain) {
    const Register weight = Register::load(weights + at);
    sums[chain] = multiply_add(weight, weight, sums[chain]);
  });
  return sums[0] + sums[1];
}

/// Scales the weights into each output as the stage's constraints say. A unit of nothing but zeros
/// stays, so do the registers whose units are all scaled by 1.
template <class Stage>
void project_panel(const PanelRows& panel, float* weights, const Stage& stage) {
  for (int v = 0; v < panel.vectors; ++v) {
    float* const column = weights + v * lanes;
    const Register squares = squared_norm(panel, column);
    const Register one(1.0f);
    const Register factor =
        select(squares > Register(0.0f), stage.constraints.factor(squares), one);
    if (simd::largest(abs(factor - one)) == 0) continue;
    for (int row = 0; row < panel.rows; ++row) {
      float* const at = column + row * panel.width;
      (factor * Register::load(at)).store(at);
    }
  }
}

}  // namespace lamina::kernel
