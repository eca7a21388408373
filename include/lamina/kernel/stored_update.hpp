#pragma once

#include <limits>

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

  /// Lanes of the v-th register of a row that are no padding.
  [[nodiscard]] HWY_INLINE int lanes_of(int v) const {
    return v == vectors - 1 ? last_lanes : lanes;
  }
};

/// Calls f(offset, is the last register of its row) for all registers.
template <class F>
HWY_INLINE void for_each_register(const PanelRows& panel, const F& f) {
  for (int row = 0; row < panel.rows; ++row) {
    const std::ptrdiff_t at = row * panel.width;
    for (int v = 0; v < panel.vectors; ++v) f(at + v * lanes, v == panel.vectors - 1);
  }
}

/// Adds the measures of all weights to `sums`.
template <class Stage>
void measure_rows(const PanelRows& panel, const float* weights, const Stage& stage, float* sums) {
  Measures<2, decltype(stage.penalties)> measures;
  for_each_register(panel, [&](std::ptrdiff_t i, bool last) {
    measures.add(stage.penalties, last ? 1 : 0, Register::load(weights + i));
  });
  measures.add_to(sums, panel.last_lanes);
}

/// A step of all weights.
template <int Slots, class Step>
void update_rows(const PanelRows& panel, const GradientBlocks& gradient,
                 const Parameters& parameters, const Step& step, float* sums) {
  Measures<2, decltype(step.stage.penalties)> measures;
  const Step update = step;
  for_each_register(panel, [&](std::ptrdiff_t i, bool last) {
    const Parameters at = parameters.from(i);
    const Register weight = Register::load(at.weights);
    measures.add(update.stage.penalties, last ? 1 : 0, weight);
    update_register<Slots>(at, weight, gradient.at(i), update);
  });
  measures.add_to(sums, panel.last_lanes);
}

/// The whole gradient, each number limited, stored in the first block: returns the sum of squares.
template <class Stage>
double complete_rows(const PanelRows& panel, const GradientBlocks& gradient, const float* weights,
                     const Stage& stage, float limit, float* sums) {
  Measures<2, decltype(stage.penalties)> measures;
  const Register high(limit);
  const Register low(-limit);
  Register squares[2] = {Register(0.0f), Register(0.0f)};
  for_each_register(panel, [&](std::ptrdiff_t i, bool last) {
    const Register weight = Register::load(weights + i);
    measures.add(stage.penalties, last ? 1 : 0, weight);
    const Register whole = min(max(stage.add_slopes(gradient.at(i), weight), low), high);
    whole.store(gradient.data + i);
    squares[last ? 1 : 0] = multiply_add(whole, whole, squares[last ? 1 : 0]);
  });
  measures.add_to(sums, panel.last_lanes);
  return static_cast<double>(simd::sum(squares[0] + simd::first(squares[1], panel.last_lanes)));
}

/// Sums of f(row) over the rows in four chains, so that an addition need not wait for the last one
/// and errors grow with a quarter of the rows.
template <class F>
HWY_INLINE Register sum_of_rows(int rows, const F& f) {
  Register sums[4] = {Register(0.0f), Register(0.0f), Register(0.0f), Register(0.0f)};
  int row = 0;
  for (; row + 4 <= rows; row += 4) {
    LAMINA_UNROLL
    for (int i = 0; i < 4; ++i) sums[i] += f(row + i);
  }
  for (; row < rows; ++row) sums[0] += f(row);
  return (sums[0] + sums[1]) + (sums[2] + sums[3]);
}

/// Squared norm of the weights into each output of one register of a panel.
HWY_INLINE Register squared_norm(const PanelRows& panel, const float* weights) {
  return sum_of_rows(panel.rows, [&](int row) {
    const Register weight = Register::load(weights + row * panel.width);
    return weight * weight;
  });
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

/// A panel of weights W = g v / ||v||: magnitudes g, [width], and directions v, laid out as W.
struct NormedPanel {
  PanelRows rows;
  const float* magnitude;
  const float* direction;
};

/// 1 / ||v|| for one register of outputs, 0 where v is.
HWY_INLINE Register inverse_norm(const NormedPanel& panel, int v) {
  const Register squares = squared_norm(panel.rows, panel.direction + v * lanes);
  return select(squares > Register(0.0f), Register(1.0f) / sqrt(squares), Register(0.0f));
}

/// The weights from magnitudes and directions.
inline void compose_weights(const NormedPanel& panel, float* weights) {
  for (int v = 0; v < panel.rows.vectors; ++v) {
    const std::ptrdiff_t first = v * lanes;
    const Register factor = Register::load(panel.magnitude + first) * inverse_norm(panel, v);
    for (int row = 0; row < panel.rows.rows; ++row) {
      const std::ptrdiff_t at = first + row * panel.rows.width;
      (factor * Register::load(panel.direction + at)).store(weights + at);
    }
  }
}

/// The gradients by magnitudes and directions from those by the weights, each number limited;
/// returns the sum of squares.
///
/// With u = v / ||v||: dg = dW . u, dv = g / ||v|| (dW - dg u), summed over the inputs of an
/// output.
inline double pull_to_magnitude_and_direction(const NormedPanel& panel, const float* weights,
                                              float limit, float* magnitude, float* direction) {
  const Register high(limit);
  const Register low(-limit);
  double squares = 0;
  for (int v = 0; v < panel.rows.vectors; ++v) {
    const std::ptrdiff_t first = v * lanes;
    const auto at = [&](int row) { return first + row * panel.rows.width; };
    const Register inverse = inverse_norm(panel, v);
    const Register along =
        inverse * sum_of_rows(panel.rows.rows, [&](int row) {
          return Register::load(weights + at(row)) * Register::load(panel.direction + at(row));
        });
    const Register factor = Register::load(panel.magnitude + first) * inverse;
    const Register unit = along * inverse;
    const Register of_magnitude = min(max(along, low), high);
    of_magnitude.store(magnitude + first);
    Register sum = of_magnitude * of_magnitude;
    for (int row = 0; row < panel.rows.rows; ++row) {
      const Register slope =
          factor * subtract_product(unit, Register::load(panel.direction + at(row)),
                                    Register::load(weights + at(row)));
      const Register whole = min(max(slope, low), high);
      whole.store(direction + at(row));
      sum = multiply_add(whole, whole, sum);
    }
    squares += static_cast<double>(simd::sum(simd::first(sum, panel.rows.lanes_of(v))));
  }
  return squares;
}

}  // namespace lamina::kernel
