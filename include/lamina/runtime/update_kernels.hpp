#pragma once

#include <array>
#include <span>
#include <type_traits>
#include <utility>

#include <lamina/core/optimizer.hpp>
#include <lamina/kernel/weight_norm.hpp>
#include <lamina/plan/plan.hpp>
#include <lamina/runtime/schedule.hpp>
#include <lamina/runtime/step_numbers.hpp>

namespace lamina::runtime {

/// Where the gradients are that an update starts from.
enum class Gradients {
  InRegisters,  ///< of the tiles that sum them: nothing asks for them but the update
  Stored,       ///< by these tiles, since the optimizer wants all before it moves
  Given,        ///< in memory, made by others
};

/// What a stage's weights go through, for one optimizer, penalty, decay and constraint. What the
/// stage does not need is null.
struct UpdateKernels {
  using Normed = void (*)(const kernel::NormedPanel&, const kernel::GradientBlocks&, float* weights,
                          const std::array<kernel::Parameters, 2>& made_of,
                          const void* magnitude_numbers, const void* direction_numbers,
                          const void* rule, float* sums);
  using Fused = void (*)(const kernel::GradientTask&, const kernel::Parameters&,
                         const void* numbers, const void* rule, float* sums, int last_lanes);
  using Store = void (*)(const kernel::GradientTask&, float* to, float scale, bool add);
  using FromMemory = void (*)(const kernel::PanelRows&, const kernel::GradientBlocks&,
                              const kernel::Parameters&, const void* numbers, const void* rule,
                              float* sums);

  std::array<Fused, tile_vectors + 1> fused{};
  std::array<Store, tile_vectors + 1> store{};
  FromMemory update = nullptr;
  FromMemory update_completed = nullptr;  ///< by gradients that contain the penalties
  std::array<Normed, tile_vectors + 1> normed{};
  kernel::ColumnSquares (*complete)(const kernel::PanelRows&, const kernel::GradientBlocks&,
                                    const float* weights, const void* rule, float limit,
                                    float* sums) = nullptr;
  void (*measure)(const kernel::PanelRows&, const float* weights, const void* rule,
                  float* sums) = nullptr;
  void (*project)(const kernel::PanelRows&, float* weights, const void* rule) = nullptr;
  double (*cost)(const void* rule, const double* sums) = nullptr;
  const void* rule = nullptr;
  int penalties = 0;
};

namespace detail {

/// Heights of the weight-gradient tiles of a network.
template <class Net>
inline constexpr kernel::RowSet weight_rows = [] {
  kernel::RowSet set = 0;
  for (const Stage& stage : Plan<Net>::stages) {
    if (stage.operation.operation != Operation::Product) continue;
    for (const Source& source : stage.reads_from()) {
      for_each_cut(source, [&](int first, int end) {
        for_each_run(Plan<Net>::stages, source, first, end,
                     [&](int from, int to) { set |= kernel::tile_row_set(to - from); });
      });
    }
  }
  return set;
}();

/// The kernels of one optimizer and weight rule, their types taken away: stages share them.
template <class Optimizer, class Rule>
struct ErasedUpdate {
  using Numbers = kernel::StepNumbers<typename Optimizer::Rule>;
  using Completed = decltype(std::declval<Rule>().without_penalties());

  static const Rule& rule_at(const void* rule) { return *static_cast<const Rule*>(rule); }
  template <class Stage>
  static kernel::WeightStep<typename Optimizer::Rule, Stage> step(const void* numbers,
                                                                  const Stage& stage) {
    return {*static_cast<const Numbers*>(numbers), stage};
  }

  template <int Vectors, kernel::RowSet Set>
  static void fused(const kernel::GradientTask& task, const kernel::Parameters& parameters,
                    const void* numbers, const void* rule, float* sums, int last_lanes) {
    kernel::update_weights<Vectors, Optimizer::slots, Set>(
        task, parameters, step(numbers, rule_at(rule)), sums, last_lanes);
  }
  static void update(const kernel::PanelRows& rows, const kernel::GradientBlocks& gradient,
                     const kernel::Parameters& parameters, const void* numbers, const void* rule,
                     float* sums) {
    kernel::update_rows<Optimizer::slots>(rows, gradient, parameters, step(numbers, rule_at(rule)),
                                          sums);
  }
  static void update_completed(const kernel::PanelRows& rows,
                               const kernel::GradientBlocks& gradient,
                               const kernel::Parameters& parameters, const void* numbers,
                               const void* rule, float* sums) {
    kernel::update_rows<Optimizer::slots>(
        rows, gradient, parameters, step<Completed>(numbers, rule_at(rule).without_penalties()),
        sums);
  }
  template <int Vectors>
  static void normed(const kernel::NormedPanel& panel, const kernel::GradientBlocks& gradient,
                     float* weights, const std::array<kernel::Parameters, 2>& made_of,
                     const void* magnitude_numbers, const void* direction_numbers, const void* rule,
                     float* sums) {
    const Completed completed = rule_at(rule).without_penalties();
    kernel::step_normed_panel<Vectors, Optimizer::slots>(
        panel, gradient, weights, made_of[0], made_of[1],
        step<Completed>(magnitude_numbers, completed),
        step<Completed>(direction_numbers, completed), rule_at(rule), sums);
  }
};

/// What does not depend on the optimizer.
template <class Rule>
struct ErasedRule {
  static kernel::ColumnSquares complete(const kernel::PanelRows& rows,
                                        const kernel::GradientBlocks& gradient,
                                        const float* weights, const void* rule, float limit,
                                        float* sums) {
    return kernel::complete_rows(rows, gradient, weights, *static_cast<const Rule*>(rule), limit,
                                 sums);
  }
  static void measure(const kernel::PanelRows& rows, const float* weights, const void* rule,
                      float* sums) {
    kernel::measure_rows(rows, weights, *static_cast<const Rule*>(rule), sums);
  }
  static void project(const kernel::PanelRows& rows, float* weights, const void* rule) {
    kernel::project_panel(rows, weights, *static_cast<const Rule*>(rule));
  }
  static double cost(const void* rule, const double* sums) {
    return static_cast<const Rule*>(rule)->penalties.cost(sums);
  }
};

template <class Net, class Optimizer, Gradients Source, int Kind>
constexpr UpdateKernels update_kernels() {
  constexpr const auto& rule = Plan<Net>::template UpdateOf<Kind>::rule;
  using Rule = std::remove_cvref_t<decltype(rule)>;
  using Update = ErasedUpdate<Optimizer, Rule>;
  using Other = ErasedRule<Rule>;
  constexpr const Stage& stage = Plan<Net>::first_of(Kind);
  constexpr Panels panels = stage.panels;
  constexpr kernel::RowSet rows = weight_rows<Net>;
  UpdateKernels kernels;
  kernels.rule = &rule;
  kernels.penalties = Rule::penalty_count;
  kernels.cost = &Other::cost;
  if constexpr (stage.contraction) {
    if constexpr (stage.convolves()) {
      // The gradients of its blocks of samples lie in memory.
    } else if constexpr (Source == Gradients::InRegisters && !stage.reparameterized) {
      kernels.fused[panels.vectors] = &Update::template fused<panels.vectors, rows>;
      kernels.fused[panels.last_vectors] = &Update::template fused<panels.last_vectors, rows>;
    } else if constexpr (Source != Gradients::Given) {
      kernels.store[panels.vectors] = &kernel::store_gradient<panels.vectors, rows>;
      kernels.store[panels.last_vectors] = &kernel::store_gradient<panels.last_vectors, rows>;
    }
    if constexpr (LimitsNorm<Optimizer>) {
      kernels.complete = &Other::complete;
      kernels.update_completed = &Update::update_completed;
    } else if constexpr (stage.reparameterized) {
      kernels.normed[panels.vectors] = &Update::template normed<panels.vectors>;
      kernels.normed[panels.last_vectors] = &Update::template normed<panels.last_vectors>;
    } else if constexpr (Source != Gradients::InRegisters || stage.convolves()) {
      kernels.update = &Update::update;
    }
    if constexpr (Accumulates<Optimizer>) kernels.measure = &Other::measure;
    if constexpr (Rule::scales_units) kernels.project = &Other::project;
  }
  return kernels;
}

}  // namespace detail

/// The update of every kind of stage.
template <class Net, class Optimizer, Gradients Source>
inline constexpr auto updates =
    Plan<Net>::for_kinds([]<int Kind>(std::integral_constant<int, Kind>) {
      return detail::update_kernels<Net, Optimizer, Source, Kind>();
    });

/// All that an update needs of a network: what updates is written once over these tables, not once
/// per network.
struct UpdateTables {
  Gradients source;
  std::span<const Stage> stages;
  std::size_t parameter_floats;
  std::span<const UpdateKernels> kernels;  ///< of the kinds of stages
  std::span<const KindRates> rates;
};

template <class Net, class Optimizer,
          Gradients Source =
              stores_gradient<Optimizer> ? Gradients::Stored : Gradients::InRegisters>
inline constexpr UpdateTables update_tables{Source, Plan<Net>::stages, Plan<Net>::parameter_floats,
                                            updates<Net, Optimizer, Source>, kind_rates<Net>};

}  // namespace lamina::runtime
