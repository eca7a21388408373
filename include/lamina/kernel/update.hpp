#pragma once

#include <algorithm>

#include <lamina/kernel/tile.hpp>

/// The gradient by the weights with the optimizer as its finish: a tile of the gradient is summed
/// over the batch in registers, meets penalty and optimizer there, and is never stored.
///
/// Lanes of padding hold zeros, in gradients, parameters and state, and no sum tells them from
/// others: gradients are cleared there behind what may be infinitely steep, penalties and
/// optimizers leave a zero without a gradient alone, and what a projection makes of one is not
/// stored.
namespace lamina::kernel {

/// Where some parameters and their optimizer state lie: slot s of the state of weight[i] is
/// state[s * slot_stride + i].
struct Parameters {
  float* weights;
  float* state;
  std::ptrdiff_t slot_stride;

  [[nodiscard]] HWY_INLINE Parameters from(std::ptrdiff_t offset) const {
    return {weights + offset, state + offset, slot_stride};
  }
};

/// One register of parameters: gradient in, new weight and state out. Returns the new weight.
template <int Slots, class Rule>
HWY_INLINE Register update_register(const Parameters& at, Register weight, Register gradient,
                                    const Rule& rule) {
  Register state[Slots > 0 ? Slots : 1];
  for (int s = 0; s < Slots; ++s) state[s] = Register::load(at.state + s * at.slot_stride);
  const Register moved = rule(weight, gradient, state);
  moved.store(at.weights);
  for (int s = 0; s < Slots; ++s) state[s].store(at.state + s * at.slot_stride);
  return moved;
}

/// The same for the last register of a row, of which `used` lanes are no padding.
template <int Slots, class Step>
HWY_INLINE void update_last_register(const Parameters& at, Register weight, Register gradient,
                                     const Step& step, [[maybe_unused]] int used) {
  const Register moved = update_register<Slots>(at, weight, gradient, step);
  if constexpr (Step::projects) simd::first(moved, used).store(at.weights);
}

/// Floats of the widest row of a panel: where each output has a sum of its own.
inline constexpr int column_floats = tile_vectors * lanes;

/// Adds the measures of the register of weights at `column` to those of its outputs: `totals` has a
/// row of `column_floats` for each penalty. The sum of an output runs over its inputs in their
/// order, so that neither tiles nor panels show in it.
template <class Penalty>
HWY_INLINE void add_measures(const Penalty& penalty, [[maybe_unused]] float* totals,
                             [[maybe_unused]] int column, Register weight) {
  if constexpr (Penalty::size > 0) {
    Register sums[Penalty::size];
    totals += column;
    for (int p = 0; p < Penalty::size; ++p) sums[p] = Register::load(totals + p * column_floats);
    penalty.add_measures(sums, weight);
    for (int p = 0; p < Penalty::size; ++p) sums[p].store(totals + p * column_floats);
  }
}

/// The same for a tile of weights, in registers between its first and its last row.
template <int Vectors, class Penalty>
struct Measures {
  Register sums[Vectors][Penalty::size + 1];

  HWY_INLINE explicit Measures(const float* totals) {
    LAMINA_UNROLL
    for (int v = 0; v < Vectors; ++v) {
      for (int p = 0; p < Penalty::size; ++p) {
        sums[v][p] = Register::load(totals + p * column_floats + v * lanes);
      }
    }
  }
  HWY_INLINE void add(const Penalty& penalty, int v, Register weight) {
    penalty.add_measures(sums[v], weight);
  }
  HWY_INLINE void store(float* totals) const {
    LAMINA_UNROLL
    for (int v = 0; v < Vectors; ++v) {
      for (int p = 0; p < Penalty::size; ++p) {
        sums[v][p].store(totals + p * column_floats + v * lanes);
      }
    }
  }
};

/// Adds up the sums of outputs, 16 and the next 16: calls add(sum of 16). Those behind the first
/// `columns` are padding: a user's penalty of a zero need not be zero.
template <class Add>
HWY_INLINE void for_each_column_sum(const float* totals, int columns, const Add& add) {
  for (int first = 0; first < columns; first += simd::sum_lanes) {
    simd::LaneSums sums;
    for (int part = 0; part < simd::sum_parts; ++part) {
      const int at = first + part * lanes;
      if (at < columns) {
        sums.part[part] = Register::load_first(totals + at, std::min(lanes, columns - at));
      }
    }
    add(simd::sum(sums));
  }
}

/// The numbers of one step for the weights of a stage; `keep` is what decay leaves of them.
template <class Rule>
struct StepNumbers {
  Rule rule;
  float keep;
};

/// A step of a register of weights as one expression: penalties, decay, optimizer, projection.
template <class Rule, class Stage>
struct WeightStep {
  StepNumbers<Rule> numbers;
  Stage stage;

  static constexpr bool projects = Stage::projects;

  template <class State>
  HWY_INLINE Register operator()(Register weight, Register gradient, State& state) const {
    return stage.project(
        numbers.rule(stage.decay(weight, numbers.keep), stage.add_slopes(gradient, weight), state));
  }
};

/// Finish of a weight-gradient tile that updates the weights.
template <int Vectors, int Slots, class Step>
struct Update {
  Parameters parameters;  ///< of the tile
  std::ptrdiff_t stride;
  Step step;
  float* penalty_sums;  ///< of the tile's outputs, see `add_measures`
  int last_lanes;       ///< of the last register, that are no padding

  template <int RowCount>
  HWY_INLINE void begin(Accumulators<RowCount, Vectors>& sums) const {
    sums.clear();
  }

  /// The next tile of weights and state is fetched while this one is summed, a register for every
  /// row of the depth: all at once they would keep the loads of the sum waiting.
  template <int RowCount>
  HWY_INLINE void fetch(int depth) const {
    const Parameters next = parameters.from(RowCount * stride + depth * lanes);
    __builtin_prefetch(next.weights, 1);
    LAMINA_UNROLL
    for (int s = 0; s < Slots; ++s) {
      __builtin_prefetch(next.state + s * next.slot_stride, 1);
    }
  }

  // Copies of the members: behind a pointer every store of a weight could change them, and they
  // would be loaded again for every register.
  template <int RowCount>
  HWY_INLINE void end(const Accumulators<RowCount, Vectors>& sums) const {
    const Parameters tile = parameters;
    const std::ptrdiff_t row_stride = stride;
    const Step update = step;
    [[maybe_unused]] const int used = last_lanes;
    Measures<Vectors, decltype(update.stage.penalties)> measures(penalty_sums);
    LAMINA_UNROLL
    for (int i = 0; i < RowCount; ++i) {
      LAMINA_UNROLL
      for (int v = 0; v < Vectors; ++v) {
        const Parameters at = tile.from(i * row_stride + v * lanes);
        const Register weight = Register::load(at.weights);
        measures.add(update.stage.penalties, v, weight);
        if (v < Vectors - 1) {
          update_register<Slots>(at, weight, sums.at[i][v], update);
        } else {
          update_last_register<Slots>(at, weight, sums.at[i][v], update, used);
        }
      }
    }
    measures.store(penalty_sums);
  }
};

/// Finish of a weight-gradient tile that keeps the gradient: scaled, and added where `add` says so.
template <int Vectors>
struct StoreGradient {
  float* gradient;  ///< of the tile
  std::ptrdiff_t stride;
  float scale;
  bool add;

  template <int RowCount>
  HWY_INLINE void begin(Accumulators<RowCount, Vectors>& sums) const {
    sums.clear();
  }
  template <int RowCount>
  HWY_INLINE void fetch(int) const {}
  template <int RowCount>
  HWY_INLINE void end(const Accumulators<RowCount, Vectors>& sums) const {
    const Register factor(scale);
    LAMINA_UNROLL
    for (int i = 0; i < RowCount; ++i) {
      LAMINA_UNROLL
      for (int v = 0; v < Vectors; ++v) {
        float* at = gradient + i * stride + v * lanes;
        const Register before = add ? Register::load(at) : Register(0.0f);
        multiply_add(factor, sums.at[i][v], before).store(at);
      }
    }
  }
};

/// Gradient by `count` inputs' weights of one panel over the batch.
struct GradientTask {
  Columns inputs;         ///< of the first of these inputs
  const float* gradient;  ///< of the panel: [batch][width]
  std::ptrdiff_t width;
  int batch;
  int count;
};

/// The gradient and the update of these weights in one loop.
template <int Vectors, int Slots, RowSet Set, class Step>
void update_weights(const GradientTask& task, const Parameters& parameters, const Step& step,
                    float* penalty_sums, int last_lanes) {
  for_each_tile(task.count, [&](int first, int count) {
    multiply_rows<Vectors, Set>(
        count, task.inputs.from(first), task.gradient, task.width, task.batch,
        Update<Vectors, Slots, Step>{parameters.from(first * task.width), task.width, step,
                                     penalty_sums, last_lanes});
  });
}

/// The gradient alone, into memory laid out as the weights.
template <int Vectors, RowSet Set>
void store_gradient(const GradientTask& task, float* to, float scale, bool add) {
  for_each_tile(task.count, [&](int first, int count) {
    multiply_rows<Vectors, Set>(
        count, task.inputs.from(first), task.gradient, task.width, task.batch,
        StoreGradient<Vectors>{to + first * task.width, task.width, scale, add});
  });
}

/// Sums over rows of a panel's gradient, a register at a time, even and odd rows in chains of their
/// own: the gradient of its biases, set or added.
inline void sum_rows(const float* gradient, std::ptrdiff_t stride, int rows, int vectors,
                     float* sums, bool add = false) {
  for (int lane = 0; lane < vectors * lanes; lane += lanes) {
    Register even = add ? Register::load(sums + lane) : Register(0.0f);
    Register odd(0.0f);
    int row = 0;
    for (; row + 2 <= rows; row += 2) {
      even += Register::load(gradient + row * stride + lane);
      odd += Register::load(gradient + (row + 1) * stride + lane);
    }
    if (row < rows) even += Register::load(gradient + row * stride + lane);
    (even + odd).store(sums + lane);
  }
}

}  // namespace lamina::kernel
