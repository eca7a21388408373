#pragma once

#include <array>
#include <span>
#include <utility>

#include <lamina/kernel/elementwise.hpp>
#include <lamina/kernel/normalize_batch.hpp>
#include <lamina/kernel/normalize_rows.hpp>
#include <lamina/kernel/panel.hpp>
#include <lamina/plan/averages.hpp>
#include <lamina/plan/plan.hpp>
#include <lamina/runtime/schedule.hpp>
#include <lamina/runtime/space_tables.hpp>

/// What the schedulers need of a network at run time: its stages as numbers and the kernels that
/// they share. Schedulers are written once over these tables, not once per network.
namespace lamina::runtime {

struct NetworkTables {
  std::span<const Stage> stages;
  int features;                        ///< of one input sample
  const kernel::ChainKernels* chains;  ///< of the kinds of stages
  kernel::MultiplyPanels multiply;
  kernel::NormalizePanels normalize;
  const SpaceTables* space;  ///< null where nothing has positions
  int sample_step;           ///< of which blocks of samples are multiples
  int sample_tasks;          ///< blocks of samples at most
  int slots;                 ///< arrays that inference needs at a time

  /// The blocks that loops over samples cut a batch into.
  [[nodiscard]] RowBlocks samples_of(int batch) const {
    return sample_blocks(batch, sample_step, sample_tasks);
  }
  [[nodiscard]] const kernel::ChainKernels& chain_of(const Stage& stage) const {
    return chains[stage.kind];
  }
};

namespace detail {

/// A set of panel widths (in registers), as bits.
constexpr void add_vectors(unsigned& used, const Panels& panels) {
  used |= 1u << panels.vectors;
  used |= 1u << panels.last_vectors;
}

/// Those of the products of a network, forward and back.
template <class Net>
inline constexpr unsigned product_vectors = [] {
  unsigned used = 0;
  for (const Stage& stage : Plan<Net>::stages) {
    if (stage.operation.operation != Operation::Product) continue;
    add_vectors(used, stage.panels);
    for (const Source& source : stage.reads_from()) {
      if (source.stage < 0) continue;
      add_vectors(used, Plan<Net>::stages[static_cast<std::size_t>(source.stage)].panels);
    }
  }
  return used;
}();

/// Those of stages normalized panel by panel.
template <class Net>
inline constexpr unsigned normalized_vectors = [] {
  unsigned used = 0;
  for (const Stage& stage : Plan<Net>::stages) {
    if (stage.normalized && !stage.means_of_samples()) add_vectors(used, stage.panels);
  }
  return used;
}();

template <class Net>
inline constexpr auto chains =
    Plan<Net>::for_kinds([]<int Kind>(std::integral_constant<int, Kind>) {
      return kernel::training_chain<typename Plan<Net>::template ChainOf<Kind>>;
    });

}  // namespace detail

}  // namespace lamina::runtime
