#pragma once

#include <cstddef>
#include <span>

#include <lamina/plan/stage.hpp>

/// Which outputs a step does not keep.
namespace lamina::detail {

/// Finds the stages whose outputs are made again by who reads them: operations that take a whole
/// sample each, which stays in cache; 256 KiB of one, and as much again where edges of zeros are
/// put around it, fit the L2 cache. Random bits belong to eight rows.
constexpr void find_recomputed(std::span<Stage> stages) {
  constexpr std::size_t most_floats = 65536;
  for (Stage& stage : stages) {
    const bool last = &stage == &stages.back();
    stage.recomputed = !last && stage.normalizes_again() && !stage.adds_skip() &&
                       stage.sample_floats() <= most_floats &&
                       (stage.random == 0 || stage.positions() % 8 == 0);
    const auto read_as_it_is = [&](int source) {
      if (source >= 0) stages[static_cast<std::size_t>(source)].recomputed = false;
    };
    read_as_it_is(stage.skip);
    if (stage.moves_positions()) continue;
    for (const Source& source : stage.reads_from()) read_as_it_is(source.stage);
  }
}

}  // namespace lamina::detail
