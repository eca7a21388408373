#pragma once

#include <algorithm>
#include <span>

#include <lamina/core/float_mode.hpp>
#include <lamina/kernel/weight_norm.hpp>
#include <lamina/runtime/schedule.hpp>

/// Weights that are made of trained magnitudes and directions, outside of training.
namespace lamina::detail {

/// Calls f(panel as magnitudes and directions, offset of its weights, offset of its magnitudes).
template <class F>
void for_each_normed_panel(std::span<const Stage> stages, const float* trained, const F& f) {
  for (const Stage& stage : stages) {
    if (!stage.reparameterized) continue;
    for (int panel = 0; panel < stage.panels.count; ++panel) {
      const auto first = static_cast<std::size_t>(panel * stage.panels.width);
      const std::size_t rows = first * static_cast<std::size_t>(stage.depth());
      f(kernel::NormedPanel{runtime::panel_rows(stage, panel, stage.depth()),
                            trained + stage.magnitude + first, trained + stage.direction + rows},
        stage.weights + rows, stage.magnitude + first);
    }
  }
}

/// Makes the weights of a parameter block from their magnitudes and directions.
inline void compose_weights(std::span<const Stage> stages, float* trained) {
  in_float_mode([&] {
    for_each_normed_panel(stages, trained,
                          [&](const kernel::NormedPanel& panel, std::size_t weights, std::size_t) {
                            kernel::compose_weights(panel, trained + weights);
                          });
  });
}

/// Directions as the weights are, magnitudes as their norms.
inline void decompose_weights(std::span<const Stage> stages, float* trained) {
  for (const Stage& stage : stages) {
    if (!stage.reparameterized) continue;
    std::copy_n(trained + stage.weights, stage.weight_floats(), trained + stage.direction);
  }
  for_each_normed_panel(
      stages, trained, [&](const kernel::NormedPanel& panel, std::size_t, std::size_t magnitude) {
        for (int v = 0; v < panel.rows.vectors; ++v) {
          sqrt(kernel::squared_norm(panel.rows, panel.direction + v * simd::lanes))
              .store(trained + magnitude + v * simd::lanes);
        }
      });
  // The same rounding as after a step or a load.
  compose_weights(stages, trained);
}

}  // namespace lamina::detail
