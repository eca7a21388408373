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
  int slots;                 ///< arrays that inference needs at a time

  [[nodiscard]] const kernel::ChainKernels& chain_of(const Stage& stage) const {
    return chains[stage.kind];
  }
};

namespace detail {

/// The set of panel widths (in registers) of the network's stages, or of those normalized panel by
/// panel, as bits.
template <class Net, bool Normalized>
inline constexpr unsigned used_vectors = [] {
  unsigned used = 0;
  for (const Stage& stage : Plan<Net>::stages) {
    if (Normalized && (!stage.normalized || stage.means_of_samples())) continue;
    used |= 1u << stage.panels.vectors;
    used |= 1u << stage.panels.last_vectors;
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
