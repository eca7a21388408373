#pragma once

#include <array>
#include <type_traits>
#include <utility>

#include <lamina/kernel/update.hpp>
#include <lamina/plan/plan.hpp>
#include <lamina/runtime/schedule.hpp>

namespace lamina::runtime {

/// The optimizer's update of a stage's weights, for one optimizer and penalty.
struct UpdateKernels {
  using Weights = void (*)(const kernel::WeightTask&, const void* rule, const void* penalty);
  std::array<Weights, tile_vectors + 1> weights{};
  const void* penalty = nullptr;
  int penalties = 0;
  double (*cost)(const void* penalty, const double* sums) = nullptr;
};

namespace detail {

template <int Vectors, class Optimizer, class Penalty, kernel::RowSet Set>
void update_weights(const kernel::WeightTask& task, const void* rule, const void* penalty) {
  kernel::update_weights<Vectors, Optimizer::slots, Set>(
      task, *static_cast<const typename Optimizer::Rule*>(rule),
      *static_cast<const Penalty*>(penalty));
}

/// Heights of the weight-gradient tiles of a network.
template <class Net>
inline constexpr kernel::RowSet weight_rows = [] {
  kernel::RowSet set = 0;
  for_each_cut(Plan<Net>::stages,
               [&](int, int first, int end) { set |= kernel::tile_row_set(end - first); });
  return set;
}();

template <class Net, class Optimizer, int S>
constexpr UpdateKernels update_kernels() {
  constexpr const auto& penalty = Plan<Net>::template PenaltyOf<S>::rule;
  using Penalty = std::remove_cvref_t<decltype(penalty)>;
  constexpr Panels panels = Plan<Net>::stages[S].panels;
  UpdateKernels kernels;
  kernels.penalty = &penalty;
  kernels.penalties = Penalty::size;
  kernels.cost = [](const void* rule, const double* sums) {
    return static_cast<const Penalty*>(rule)->cost(sums);
  };
  if constexpr (Plan<Net>::stages[S].contraction) {
    constexpr kernel::RowSet rows = weight_rows<Net>;
    kernels.weights[panels.vectors] = &update_weights<panels.vectors, Optimizer, Penalty, rows>;
    kernels.weights[panels.last_vectors] =
        &update_weights<panels.last_vectors, Optimizer, Penalty, rows>;
  }
  return kernels;
}

}  // namespace detail

/// The update of every stage.
template <class Net, class Optimizer>
inline constexpr auto updates = []<std::size_t... S>(std::index_sequence<S...>) {
  return std::array<UpdateKernels, sizeof...(S)>{
      detail::update_kernels<Net, Optimizer, static_cast<int>(S)>()...};
}(std::make_index_sequence<static_cast<std::size_t>(Plan<Net>::stage_count)>{});

}  // namespace lamina::runtime
