#pragma once

#include <algorithm>
#include <array>
#include <memory>
#include <utility>

#include <lamina/core/aligned.hpp>
#include <lamina/core/float_mode.hpp>
#include <lamina/core/math.hpp>
#include <lamina/kernel/tile.hpp>
#include <lamina/plan/inference_memory.hpp>
#include <lamina/plan/plan.hpp>

namespace lamina::runtime {

/// Networks of at most this many parameters predict one sample by code made for them alone, all
/// sizes constants: calls and loops of run-time length cost more than their arithmetic. Padding,
/// which differs with the width of a register, does not count.
inline constexpr std::size_t single_sample_parameters = 16384;
/// And of at most this many stages: each has code of its own.
inline constexpr std::size_t single_sample_stages = 32;

/// The first stage that a frozen network still has: `Standardize` is folded into the one behind it.
template <class Net>
inline constexpr std::size_t first_frozen_stage = Plan<Net>::stages.front().folds_forward ? 1 : 0;

/// True where one sample takes the path below: nothing but contractions one after the other, few
/// weights, and values that fit on a stack.
template <class Net>
inline constexpr bool has_single_sample_path = [] {
  if (Plan<Net>::spatial || !Plan<Net>::sequential ||
      Plan<Net>::stages.size() > single_sample_stages)
    return false;
  if (InferenceMemory<Net>::stack_rows == 0) return false;
  for (std::size_t s = first_frozen_stage<Net>; s < Plan<Net>::stages.size(); ++s) {
    const Stage& stage = Plan<Net>::stages[s];
    if (!stage.contraction || stage.loop() == Loop::Rows) return false;
  }
  return Plan<Net>::parameters <= single_sample_parameters;
}();

/// One sample through frozen weights (normalizations folded), in registers but for the values
/// between two layers.
///
/// Layers of a few outputs are packed anew, as rows along the inputs: in panels a single output of
/// 64 inputs would take 4 KiB, and 64-64-64-1, which just fits the L1 cache, would not (320 ns a
/// call against 210).
template <class Net>
class SingleSample {
 public:
  using P = Plan<Net>;

  /// Packs the parameters of a frozen network.
  explicit SingleSample(const float* parameters) {
    AlignedFloats packed(layout.back());
    for_each_stage([&](auto index) { pack<index>(parameters, packed.data()); });
    packed_ = shared_floats(std::move(packed));
  }

  HWY_NOINLINE void run(const float* input, float* output) const noexcept {
    in_float_mode([this, input, output] { run_in_mode(input, output); });
  }

 private:
  using Register = simd::Register;
  static constexpr std::size_t stage_count = P::stages.size();
  static constexpr std::size_t first = first_frozen_stage<Net>;
  static constexpr int thin_outputs = 4;

  static constexpr bool is_thin(const Stage& stage) {
    return stage.outputs() <= std::min(thin_outputs, simd::lanes) &&
           stage.inputs >= simd::sum_lanes / 2;
  }
  /// Floats that one row of a thin layer takes.
  static constexpr int row_floats(const Stage& stage) {
    return (stage.inputs + simd::sum_lanes - 1) / simd::sum_lanes * simd::sum_lanes;
  }

  /// Where each stage's floats begin: its bias, then its weights; behind the last, the end.
  static constexpr std::array<std::size_t, stage_count + 1> layout = [] {
    std::array<std::size_t, stage_count + 1> begin{};
    for (std::size_t s = first; s < stage_count; ++s) {
      const Stage& stage = P::stages[s];
      const int weights = is_thin(stage) ? stage.outputs() * row_floats(stage)
                                         : stage.inputs * stage.panels.padded();
      begin[s + 1] = begin[s] + static_cast<std::size_t>(stage.panels.padded() + weights);
    }
    return begin;
  }();

  template <class F>
  static HWY_INLINE void for_each_stage(const F& f) {
    [&]<std::size_t... S>(std::index_sequence<S...>) {
      (f(std::integral_constant<std::size_t, first + S>{}), ...);
    }(std::make_index_sequence<stage_count - first>{});
  }

  HWY_INLINE void run_in_mode(const float* input, float* output) const noexcept {
    alignas(AlignedFloats::alignment) float values[2][static_cast<std::size_t>(P::widest)];
    for_each_stage([&](auto index) {
      constexpr std::size_t s = index;
      run_stage<s>(s == first ? input : values[(s + 1) % 2], values[s % 2]);
    });
    std::copy_n(values[(stage_count - 1) % 2], P::outputs, output);
  }

  template <std::size_t S>
  static void pack(const float* parameters, float* packed) {
    constexpr const Stage& stage = P::stages[S];
    float* bias = packed + layout[S];
    float* weights = bias + stage.panels.padded();
    std::copy_n(parameters + stage.bias_vector, stage.panels.padded(), bias);
    const float* from = parameters + stage.weights;
    if (!is_thin(stage)) {
      std::copy_n(from, stage.weight_floats(), weights);
      return;
    }
    for (int out = 0; out < stage.outputs(); ++out) {
      for (int in = 0; in < stage.inputs; ++in) {
        weights[out * row_floats(stage) + in] = from[in * stage.panels.width + out];
      }
    }
  }

  template <std::size_t S>
  HWY_INLINE void run_stage(const float* in, float* out) const {
    if constexpr (is_thin(P::stages[S])) {
      run_thin<S>(in, out);
    } else {
      run_panels<S>(in, out, std::make_integer_sequence<int, P::stages[S].panels.count>{});
    }
  }

  template <std::size_t S, int... Panel>
  HWY_INLINE void run_panels(const float* in, float* out,
                             std::integer_sequence<int, Panel...>) const {
    (run_panel<S, P::stages[S].panels.vectors_of(Panel)>(Panel, in, out), ...);
  }

  /// Sums run in several chains: one multiply-add after the other would wait 4 cycles each.
  template <std::size_t S, int Vectors>
  HWY_INLINE void run_panel(int panel, const float* in, float* out) const {
    constexpr const Stage& stage = P::stages[S];
    constexpr int width = stage.panels.width;
    constexpr int chains = std::min(stage.inputs, 4);
    constexpr int whole = stage.inputs / chains * chains;
    const float* bias = packed_.get() + layout[S];
    const float* weights = bias + stage.panels.padded() + panel * stage.inputs * width;
    Register sums[chains][Vectors];
    LAMINA_UNROLL
    for (int v = 0; v < Vectors; ++v) {
      sums[0][v] = Register::load(bias + panel * width + v * simd::lanes);
      LAMINA_UNROLL
      for (int chain = 1; chain < chains; ++chain) sums[chain][v] = Register(0.0f);
    }
    const auto step = [&](int k, int chain) {
      const Register x(in[k]);
      LAMINA_UNROLL
      for (int v = 0; v < Vectors; ++v) {
        const Register weight = Register::load(weights + k * width + v * simd::lanes);
        sums[chain][v] = multiply_add(x, weight, sums[chain][v]);
      }
    };
    for (int k = 0; k < whole; k += chains) {
      LAMINA_UNROLL
      for (int chain = 0; chain < chains; ++chain) step(k + chain, chain);
    }
    LAMINA_UNROLL
    for (int chain = 0; chain < stage.inputs - whole; ++chain) step(whole + chain, chain);
    LAMINA_UNROLL
    for (int v = 0; v < Vectors; ++v) {
      Register total = sums[0][v];
      LAMINA_UNROLL
      for (int chain = 1; chain < chains; ++chain) total += sums[chain][v];
      infer<S>(total).store(out + panel * width + v * simd::lanes);
    }
  }

  /// Every output is a sum along the registers of its row.
  template <std::size_t S>
  HWY_INLINE void run_thin(const float* in, float* out) const {
    constexpr const Stage& stage = P::stages[S];
    constexpr int floats = row_floats(stage);
    constexpr int last = floats - simd::sum_lanes;
    const float* bias = packed_.get() + layout[S];
    const float* weights = bias + stage.panels.padded();
    alignas(AlignedFloats::alignment) float results[simd::lanes] = {};
    for (int i = 0; i < stage.outputs(); ++i) {
      const float* row = weights + i * floats;
      simd::LaneSums sums;
      LAMINA_UNROLL
      for (int part = 0; part < simd::sum_parts; ++part) {
        const int tail = last + part * simd::lanes;
        if (tail < stage.inputs) {
          sums.part[part] =
              Register::load_first(in + tail, std::min(simd::lanes, stage.inputs - tail)) *
              Register::load(row + tail);
        }
        for (int k = part * simd::lanes; k < last; k += simd::sum_lanes) {
          sums.part[part] = multiply_add(Register::load_unaligned(in + k), Register::load(row + k),
                                         sums.part[part]);
        }
      }
      results[i] = bias[i] + simd::sum(sums);
    }
    infer<S>(Register::load(results)).store(out);
  }

  template <std::size_t S>
  static HWY_INLINE Register infer(Register x) {
    return P::template ChainOf<P::stages[S].kind>::infer(x);
  }

  std::shared_ptr<const float> packed_;
};

}  // namespace lamina::runtime
