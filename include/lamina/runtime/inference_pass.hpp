#pragma once

#include <algorithm>
#include <utility>

#include <lamina/core/aligned.hpp>
#include <lamina/runtime/network_tables.hpp>
#include <lamina/runtime/parallel.hpp>
#include <lamina/runtime/schedule.hpp>

namespace lamina::runtime {

/// Inference: all layers on a block of rows while it is in cache. Rows do not see each other, so
/// the cut into blocks does not show in the results. Allocates nothing, locks nothing, throws
/// nothing.
struct InferencePass {
  NetworkTables network;
  const float* parameters;
  const float* running;  ///< null where the normalizations are folded into the weights

  /// Row-major inputs to row-major outputs; `scratch` holds two blocks of `rows` widest rows.
  void run(const float* inputs, float* outputs, int rows, float* scratch,
           std::size_t scratch_stride) const {
    const int stages = static_cast<int>(network.stages.size());
    float* now = scratch;
    float* next = scratch + scratch_stride;
    for (int s = 0; s < stages; ++s) {
      const Stage& stage = network.stages[static_cast<std::size_t>(s)];
      const kernel::Rows left =
          s == 0 ? kernel::Rows{inputs, stage.inputs, stage.inputs, 0}
                 : rows_of(network.stages[static_cast<std::size_t>(s - 1)], now, rows);
      float* to = stage.contraction ? next : now;
      for (int panel = 0; panel < stage.panels.count; ++panel) {
        infer_panel(s, panel, left, to + panel * rows * stage.panels.width, rows);
      }
      if (stage.contraction) std::swap(now, next);
    }
    unpack(network.stages.back().panels, now, outputs, rows);
  }

 private:
  static kernel::Rows rows_of(const Stage& stage, const float* data, int rows) {
    const std::ptrdiff_t width = stage.panels.width;
    return {data, width, stage.panels.width, rows * width};
  }

  void infer_panel(int s, int panel, const kernel::Rows& left, float* out, int rows) const {
    const Stage& stage = network.stages[static_cast<std::size_t>(s)];
    const std::ptrdiff_t width = stage.panels.width;
    const int feature = panel * stage.panels.width;
    const bool folded = running == nullptr && stage.contraction;
    if (stage.contraction) {
      const bool bias = folded ? stage.shifted() : stage.bias;
      network.multiply[static_cast<std::size_t>(stage.panels.vectors_of(panel))](
          {left, parameters + stage.weights + static_cast<std::ptrdiff_t>(feature) * stage.inputs,
           width, stage.inputs, out, width,
           bias ? parameters + stage.bias_vector + feature : nullptr},
          rows);
    }
    const bool normalize = stage.normalized() && !folded;
    if (stage.expressionless && !normalize) return;
    for (int v = 0; v < stage.panels.vectors_of(panel); ++v) {
      const int lane = v * simd::lanes;
      network.chains[s].infer(
          normalize ? affine(stage, feature + lane) : kernel::Affine::identity(), out + lane, width,
          rows);
    }
  }

  /// y = scale (x - mean) / sqrt(variance + epsilon) + shift with the running statistics.
  [[nodiscard]] kernel::Affine affine(const Stage& stage, int feature) const {
    using simd::Register;
    const auto scale = Register::load(parameters + stage.scale_vector + feature);
    const auto shift = Register::load(parameters + stage.bias_vector + feature);
    if (running == nullptr) return {Register(0.0f), Register(0.0f), scale, shift};
    const float* mean = running + stage.running + static_cast<std::size_t>(feature);
    const auto variance = Register::load(mean + stage.panels.padded());
    return {Register::load(mean), Register(0.0f), scale / sqrt(variance + Register(stage.epsilon)),
            shift};
  }

  static void unpack(const Panels& panels, const float* from, float* to, int rows) {
    for (int row = 0; row < rows; ++row) {
      for (int panel = 0; panel < panels.count; ++panel) {
        const float* at = from + (panel * rows + row) * panels.width;
        for (int i = 0; i < panels.features_of(panel); i += simd::lanes) {
          simd::Register::load(at + i).store_first(
              to + static_cast<std::ptrdiff_t>(row) * panels.features + panel * panels.width + i,
              std::min(simd::lanes, panels.features_of(panel) - i));
        }
      }
    }
  }
};

/// Rows that one task takes through all layers: two blocks of activations of at most 192 KiB on the
/// stack (one row of each, where a single row is more), in steps of a tile.
template <class Net>
inline constexpr int inference_rows = [] {
  const int rows = 24576 / Plan<Net>::widest;
  return rows >= tile_rows ? std::min(rows / tile_rows * tile_rows, 48) : std::max(rows, 1);
}();

/// Runs any number of rows, in parallel where that pays.
template <class Net>
void infer(const InferencePass& pass, const float* inputs, float* outputs, std::size_t rows) {
  using P = Plan<Net>;
  constexpr std::size_t most = inference_rows<Net>;
  const bool parallel = P::multiplications * rows >= serial_multiplications;
  const std::size_t threads = parallel ? static_cast<std::size_t>(max_threads()) : 1;
  const std::size_t rounds = (rows + most * threads - 1) / (most * threads);
  const std::size_t blocks = std::min(rounds * threads, rows);
  for_each_task(static_cast<int>(blocks), parallel, [&](int block) {
    constexpr std::size_t stride = most * static_cast<std::size_t>(P::widest);
    alignas(AlignedFloats::alignment) float scratch[2 * stride];
    const std::size_t first = rows * static_cast<std::size_t>(block) / blocks;
    const std::size_t end = rows * (static_cast<std::size_t>(block) + 1) / blocks;
    pass.run(inputs + first * static_cast<std::size_t>(P::features),
             outputs + first * static_cast<std::size_t>(P::outputs), static_cast<int>(end - first),
             scratch, stride);
  });
}

}  // namespace lamina::runtime
