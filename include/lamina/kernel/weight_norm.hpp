#pragma once

#include <type_traits>

#include <lamina/kernel/stored_update.hpp>

/// Weights that are made of a magnitude and a direction.
namespace lamina::kernel {

/// A panel of weights W = g v / ||v||: magnitudes g, [width], and directions v, laid out as W.
struct NormedPanel {
  PanelRows rows;
  const float* magnitude;
  const float* direction;
};

/// 1 / sqrt(x), 0 at 0.
HWY_INLINE Register inverse_root(Register x) {
  return select(x > Register(0.0f), Register(1.0f) / sqrt(x), Register(0.0f));
}

/// 1 / ||v|| for one register of outputs, 0 where v is.
HWY_INLINE Register inverse_norm(const NormedPanel& panel, int v) {
  return inverse_root(squared_norm(panel.rows, panel.direction + v * lanes));
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
/// returns the squares.
///
/// With u = v / ||v||: dg = dW . u, dv = g / ||v|| (dW - dg u), sums over the inputs of an output.
inline ColumnSquares pull_to_magnitude_and_direction(const NormedPanel& panel, const float* weights,
                                                     float limit, float* magnitude,
                                                     float* direction) {
  const Register most(limit);
  alignas(64) float squares[column_floats] = {};
  for (int v = 0; v < panel.rows.vectors; ++v) {
    const std::ptrdiff_t first = v * lanes;
    const auto at = [&](int row) { return first + row * panel.rows.width; };
    const Register inverse = inverse_norm(panel, v);
    Register sums[2] = {Register(0.0f), Register(0.0f)};
    for_each_row(panel.rows, first, [&](std::ptrdiff_t i, auto chain) {
      sums[chain] = multiply_add(Register::load(weights + i), Register::load(panel.direction + i),
                                 sums[chain]);
    });
    const Register along = inverse * (sums[0] + sums[1]);
    const Register factor = Register::load(panel.magnitude + first) * inverse;
    const Register unit = along * inverse;
    const Register of_magnitude = limited(along, most);
    of_magnitude.store(magnitude + first);
    Register sum = of_magnitude * of_magnitude;
    for (int row = 0; row < panel.rows.rows; ++row) {
      const Register slope =
          factor * subtract_product(unit, Register::load(panel.direction + at(row)),
                                    Register::load(weights + at(row)));
      const Register whole = limited(slope, most);
      whole.store(direction + at(row));
      sum = multiply_add(whole, whole, sum);
    }
    sum.store(squares + first);
  }
  return squares_of_columns(squares, panel.rows);
}

/// A step of magnitudes and directions by gradients of the weights, and the weights they make, in
/// three passes over a panel that stays in the L2 cache: what the norms need, the step, the
/// weights. Whole rows: register by register the stride of a panel would crowd a quarter of the L1
/// cache's sets. The norm is summed in the order of `squared_norm`, so that weights made anew after
/// a load are the same bits.
template <int Vectors, int Slots, class Step, class Stage>
void step_normed_panel(const NormedPanel& panel, const GradientBlocks& gradient, float* weights,
                       const Parameters& magnitudes, const Parameters& directions,
                       const Step& step_of_magnitudes, const Step& step_of_directions,
                       const Stage& stage, float* sums) {
  using Penalties = std::remove_cvref_t<decltype(stage.penalties)>;
  const Step step = step_of_directions;
  const auto weight_at = [&](std::ptrdiff_t at) {
    return Penalties::size > 0 ? Register::load(weights + at) : Register(0.0f);
  };
  const auto slope_at = [&](std::ptrdiff_t at) {
    return stage.add_slopes(gradient.at(at), weight_at(at));
  };
  Measures<Vectors, Penalties> measures(sums);
  Register squares[2][Vectors];
  Register along[2][Vectors];
  LAMINA_UNROLL
  for (int v = 0; v < Vectors; ++v) {
    squares[0][v] = squares[1][v] = along[0][v] = along[1][v] = Register(0.0f);
  }
  for_each_whole_row<Vectors>(panel.rows, [&](std::ptrdiff_t at, auto chain, int v) {
    const Register direction = Register::load(directions.weights + at);
    measures.add(stage.penalties, v, weight_at(at));
    along[chain][v] = multiply_add(slope_at(at), direction, along[chain][v]);
    squares[chain][v] = multiply_add(direction, direction, squares[chain][v]);
  });
  measures.store(sums);

  Register of_magnitude[Vectors];
  Register factor[Vectors];
  Register unit[Vectors];
  LAMINA_UNROLL
  for (int v = 0; v < Vectors; ++v) {
    const Register inverse = inverse_root(squares[0][v] + squares[1][v]);
    of_magnitude[v] = inverse * (along[0][v] + along[1][v]);
    factor[v] = Register::load(magnitudes.weights + v * lanes) * inverse;
    unit[v] = of_magnitude[v] * inverse;
    squares[0][v] = squares[1][v] = Register(0.0f);
  }
  for_each_whole_row<Vectors>(panel.rows, [&](std::ptrdiff_t at, auto chain, int v) {
    const Register direction = Register::load(directions.weights + at);
    const Register slope = factor[v] * subtract_product(unit[v], direction, slope_at(at));
    const Register now = update_register<Slots>(directions.from(at), direction, slope, step);
    squares[chain][v] = multiply_add(now, now, squares[chain][v]);
  });

  Register made[Vectors];
  LAMINA_UNROLL
  for (int v = 0; v < Vectors; ++v) {
    made[v] = update_register<Slots>(magnitudes.from(v * lanes),
                                     Register::load(magnitudes.weights + v * lanes),
                                     of_magnitude[v], step_of_magnitudes) *
              inverse_root(squares[0][v] + squares[1][v]);
  }
  for_each_whole_row<Vectors>(panel.rows, [&](std::ptrdiff_t at, auto, int v) {
    (made[v] * Register::load(directions.weights + at)).store(weights + at);
  });
}

}  // namespace lamina::kernel
