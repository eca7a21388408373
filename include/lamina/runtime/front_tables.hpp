#pragma once

#include <array>
#include <cstddef>
#include <span>

#include <lamina/kernel/lane_gradients.hpp>
#include <lamina/plan/narrow_front.hpp>

/// What a network needs whose front trains with samples in the lanes.
namespace lamina::runtime {

class BackwardPass;

/// Sizes count floats.
struct FrontTables {
  std::span<const FrontStage> stages;
  FrontStage input;
  int first;  ///< stages [first, end) and the `Flatten` at `end`
  int end;
  std::size_t value_floats;     ///< of a group of samples, one a lane
  std::size_t gradient_floats;  ///< of a group
  std::size_t sum_floats;       ///< of a group: gradients by weights and biases
  kernel::LaneTiles tiles;
  kernel::LaneProductTiles products;
  void (*forward)(const BackwardPass&, bool parallel);
  void (*backward)(const BackwardPass&, bool parallel);
  void (*to_panels)(const BackwardPass&, bool parallel);

  /// Floats of a thread: gradients of one group, sums of all that make a block.
  [[nodiscard]] constexpr std::size_t thread_floats() const {
    return gradient_floats + simd::sum_parts * sum_floats;
  }
  /// Floats of the values of a batch.
  [[nodiscard]] constexpr std::size_t batch_floats(int batch) const {
    return groups_of(batch) * value_floats;
  }
  [[nodiscard]] static constexpr std::size_t groups_of(int batch) {
    constexpr int samples = lamina::detail::front_samples;
    return static_cast<std::size_t>((batch + samples - 1) / samples) * simd::sum_parts;
  }
};

using lamina::detail::front;

namespace detail {

using lamina::detail::front_samples;

/// Heights of the tiles of a front's convolutions.
struct FrontRows {
  kernel::RowSet tiles = 0;
  kernel::RowSet product_rows = 0;
  kernel::RowSet product_columns = 0;
};

template <class Net>
inline constexpr FrontRows front_rows = [] {
  FrontRows rows;
  for (int s = front<Net>.first(); s < front<Net>.end(); ++s) {
    const Stage& stage = Plan<Net>::stages[static_cast<std::size_t>(s)];
    if (!stage.convolves()) continue;
    for (int panel = 0; panel < stage.panels.count; ++panel) {
      rows.tiles |= kernel::tile_row_set(stage.panels.features_of(panel));
    }
    if (s > front<Net>.first()) rows.tiles |= kernel::tile_row_set(stage.inputs);
    rows.product_rows |= kernel::tile_row_set(stage.depth(), kernel::product_rows);
    rows.product_columns |= kernel::tile_row_set(stage.outputs(), kernel::product_columns);
  }
  return rows;
}();

}  // namespace detail

}  // namespace lamina::runtime
