#pragma once

#include <algorithm>
#include <cstddef>
#include <span>

#include <lamina/runtime/space_loops.hpp>
#include <lamina/runtime/update_kernels.hpp>

namespace lamina::runtime {

/// All that a training step needs of a network: a step is written once over these tables, for each
/// loss and optimizer and not for each network.
struct StepTables {
  NetworkTables network;
  UpdateTables update;
  std::size_t arena_floats;  ///< a row
  std::size_t statistics_floats;
  std::size_t vector_floats;
  std::size_t multiplications;      ///< a row
  std::size_t transposed_floats;    ///< of the largest transposed panel
  std::size_t normed_panel_floats;  ///< of the largest panel stored until its weights are stepped
  std::size_t pulled_width;         ///< floats a row of the panels pulled into scratch memory

  [[nodiscard]] const Stage& at(int index) const {
    return network.stages[static_cast<std::size_t>(index)];
  }
  [[nodiscard]] int last() const { return static_cast<int>(network.stages.size()) - 1; }
};

namespace detail {

constexpr std::size_t transposed_floats(std::span<const Stage> stages) {
  std::size_t most = 0;
  for (const Stage& stage : stages) {
    for (const Source& source : stage.reads_from()) {
      if (stage.operation.operation != Operation::Product || source.stage < 0) continue;
      const int width = stages[static_cast<std::size_t>(source.stage)].panels.width;
      most = std::max(
          most, static_cast<std::size_t>(stage.panels.padded()) * static_cast<std::size_t>(width));
    }
  }
  return most;
}
constexpr std::size_t normed_panel_floats(std::span<const Stage> stages) {
  std::size_t most = 0;
  for (const Stage& stage : stages) {
    if (!stage.reparameterized) continue;
    most = std::max(most, static_cast<std::size_t>(stage.depth()) *
                              static_cast<std::size_t>(stage.panels.width));
  }
  return most;
}
constexpr std::size_t pulled_width(std::span<const Stage> stages) {
  int most = 0;
  for (const Stage& stage : stages) {
    if (stage.gradient_in_place) most = std::max(most, stage.panels.width);
  }
  return static_cast<std::size_t>(most);
}

}  // namespace detail

template <class Net, class Optimizer>
inline constexpr StepTables step_tables{
    tables<Net>,
    update_tables<Net, Optimizer>,
    Plan<Net>::arena_floats,
    Plan<Net>::statistics_floats,
    Plan<Net>::vector_floats,
    Plan<Net>::training_multiplications,
    detail::transposed_floats(Plan<Net>::stages),
    detail::normed_panel_floats(Plan<Net>::stages),
    detail::pulled_width(Plan<Net>::stages),
};

}  // namespace lamina::runtime
