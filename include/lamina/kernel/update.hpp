#pragma once

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

/// The measures of a tile's weights for every penalty, in a chain for each register of a row: one
/// chain would wait 4 cycles for each of 24 multiply-adds.
template <int Vectors, class Penalty>
struct Measures {
  Register sums[Vectors][Penalty::size + 1];

  HWY_INLINE Measures() {
    LAMINA_UNROLL
    for (int v = 0; v < Vectors; ++v) {
      for (int p = 0; p < Penalty::size; ++p) sums[v][p] = Register(0.0f);
    }
  }
  HWY_INLINE void add(const Penalty& penalty, int v, Register weight) {
    penalty.add_measures(sums[v], weight);
  }
  HWY_INLINE void add_to(float* totals) const {
    for (int p = 0; p < Penalty::size; ++p) {
      Register total = Register::load(totals + p * lanes);
      LAMINA_UNROLL
      for (int v = 0; v < Vectors; ++v) total += sums[v][p];
      total.store(totals + p * lanes);
    }
  }
};

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
  float* penalty_sums;  ///< a register of partial sums for each penalty, in memory
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
    Measures<Vectors, decltype(update.stage.penalties)> measures;
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
    measures.add_to(penalty_sums);
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

/// Sums over the batch of a panel's gradient, a register at a time, even and odd rows in chains of
/// their own: the gradient of its biases.
inline void sum_rows(const float* gradient, std::ptrdiff_t stride, int rows, int vectors,
                     float* sums) {
  for (int lane = 0; lane < vectors * lanes; lane += lanes) {
    Register even(0.0f);
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
