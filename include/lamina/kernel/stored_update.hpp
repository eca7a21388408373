#pragma once

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

/// Calls f(offset, chain) for all registers; those that end a row are summed in a chain of their
/// own.
template <class F>
HWY_INLINE void for_each_register(const PanelRows& panel, const F& f) {
  for (int row = 0; row < panel.rows; ++row) {
    const std::ptrdiff_t at = row * panel.width;
    for (int v = 0; v < panel.vectors - 1; ++v) f(at + v * lanes, Chain<0>{});
    f(at + (panel.vectors - 1) * lanes, Chain<1>{});
  }
}

/// Adds the measures of all weights to `sums`.
template <class Stage>
void measure_rows(const PanelRows& panel, const float* weights, const Stage& stage, float* sums) {
  Measures<2, decltype(stage.penalties)> measures;
  for_each_register(panel, [&](std::ptrdiff_t i, auto chain) {
    measures.add(stage.penalties, chain, Register::load(weights + i));
  });
  measures.add_to(sums);
}

/// A step of all weights.
template <int Slots, class Step>
void update_rows(const PanelRows& panel, const GradientBlocks& gradient,
                 const Parameters& parameters, const Step& step, float* sums) {
  Measures<2, decltype(step.stage.penalties)> measures;
  const Step update = step;
  for_each_register(panel, [&](std::ptrdiff_t i, auto chain) {
    const Parameters at = parameters.from(i);
    const Register weight = Register::load(at.weights);
    measures.add(update.stage.penalties, chain, weight);
    if constexpr (chain == 0) {
      update_register<Slots>(at, weight, gradient.at(i), update);
    } else {
      update_last_register<Slots>(at, weight, gradient.at(i), update, panel.last_lanes);
    }
  });
  measures.add_to(sums);
}

/// The whole gradient, each number limited, stored in the first block: returns the sum of squares.
template <class Stage>
double complete_rows(const PanelRows& panel, const GradientBlocks& gradient, const float* weights,
                     const Stage& stage, float limit, float* sums) {
  Measures<2, decltype(stage.penalties)> measures;
  const Register most(limit);
  Register squares[2] = {Register(0.0f), Register(0.0f)};
  for_each_register(panel, [&](std::ptrdiff_t i, auto chain) {
    const Register weight = Register::load(weights + i);
    measures.add(stage.penalties, chain, weight);
    const Register whole = limited(stage.add_slopes(gradient.at(i), weight), most);
    whole.store(gradient.data + i);
    squares[chain] = multiply_add(whole, whole, squares[chain]);
  });
  measures.add_to(sums);
  return static_cast<double>(simd::sum(squares[0] + squares[1]));
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
