#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <type_traits>

#include <lamina/plan/inference_memory.hpp>
#include <lamina/plan/narrow_front.hpp>
#include <lamina/plan/plan.hpp>
#include <lamina/plan/stage_text.hpp>

namespace lamina {

/// The plan of a network as constants.
///
/// Example: `static_assert(plan_of<Classifier>.parameters == 536'586);`
struct PlanSummary {
  int stages;                    ///< fused loops of the forward pass
  int features;                  ///< of one input sample
  int outputs;                   ///< of one sample
  std::size_t parameters;        ///< trained numbers
  std::size_t flops_per_sample;  ///< of a training step, multiply and add counted apart
  std::size_t inference_flops_per_sample;
  std::size_t activation_bytes_per_sample;  ///< activations and gradients kept during a step
  std::size_t stack_bytes;  ///< that a prediction needs, of one sample or a batch: 16 KiB at most
};

template <class Net>
inline constexpr PlanSummary plan_of{Plan<Net>::stage_count,
                                     Plan<Net>::features,
                                     Plan<Net>::outputs,
                                     Plan<Net>::parameters,
                                     2 * Plan<Net>::training_multiplications,
                                     2 * Plan<Net>::multiplications,
                                     Plan<Net>::arena_floats * sizeof(float),
                                     InferenceMemory<Net>::stack_bytes};

namespace detail {

/// What stands in for the plan of a wrong network.
template <class Net>
struct NoPlan : Diagnose<Check<Net>> {
  AnyNumber stages, features, outputs, parameters, flops_per_sample, inference_flops_per_sample,
      activation_bytes_per_sample, stack_bytes;
};

// A function, so that g++ names the line that asked.
template <class Net>
constexpr auto no_plan() {
  return NoPlan<Net>{};
}

}  // namespace detail

template <class Net>
  requires(!GoodNetwork<Net>)
inline constexpr auto plan_of<Net> = detail::no_plan<Net>();

namespace detail {

template <class... Items>
std::string names_of(boost::mp11::mp_list<Items...>*, const char* between = " + ") {
  std::string names;
  ((names += std::string(names.empty() ? "" : between) + std::string(name_of<Items>().view())),
   ...);
  return names;
}

/// The items that the stages of a kind fuse, names joined by `between`.
template <class Net, int Kind>
std::string names_of_kind(const char* between) {
  using P = Plan<Net>;
  using Fused = boost::mp11::mp_append<typename P::template ItemsOf<Role::Spatial, Kind>,
                                       typename P::template ItemsOf<Role::Contraction, Kind>,
                                       typename P::template ItemsOf<Role::Normalization, Kind>,
                                       typename P::template ItemsOf<Role::Elementwise, Kind>>;
  return names_of(static_cast<Fused*>(nullptr), between);
}

/// The same of a stage.
template <class Net>
std::string names_of_stage(const Stage& stage, const char* between) {
  using Names = std::string (*)(const char*);
  static constexpr auto of_kind =
      Plan<Net>::for_kinds([]<int Kind>(std::integral_constant<int, Kind>) -> Names {
        return &names_of_kind<Net, Kind>;
      });
  return of_kind[static_cast<std::size_t>(stage.kind)](between);
}

/// A stage by the position of its first item, and its items: `2 Linear<512>, BatchNorm<>, ReLU`.
/// One without items joins what others gave.
template <class Net>
std::string layer_name(std::size_t index) {
  using P = Plan<Net>;
  const Stage& stage = P::stages[index];
  const StageLinks& links = P::cut.stages[index];
  if (links.end_item == 0) return stage.adds_skip() ? "sum" : "gather";
  std::string name(text_of(P::nodes[links.first_item].path).view());
  name += " ";
  name += names_of_stage<Net>(stage, ", ");
  return name;
}

/// The same as the plan shows it: `Linear<512> + BatchNorm + ReLU`.
template <class Net>
std::string fused_items(const Stage& stage) {
  std::string fused = names_of_stage<Net>(stage, " + ");
  if (fused.empty()) fused = "gather";
  return stage.adds_skip() ? fused + " + residual" : fused;
}

/// True for stages that are described by the same words, but for the places of what they read.
inline bool alike(const Stage& a, const Stage& b, int distance) {
  const auto same_place = [&](int of_a, int of_b) {
    return of_a < 0 || of_b < 0 ? of_a == of_b : of_b - of_a == distance;
  };
  if (a.kind != b.kind || !(a.in == b.in) || a.source_count != b.source_count) return false;
  for (std::size_t i = 0; i < a.reads_from().size(); ++i) {
    if (!same_place(a.sources[i].stage, b.sources[i].stage)) return false;
  }
  return same_place(a.skip, b.skip);
}

/// Stages that follow each other again and again.
struct Repetition {
  int period = 1;
  int times = 1;
};

/// The repetition that begins with a stage: a thousand layers are not described one by one. A few
/// are.
inline Repetition repetition_from(std::span<const Stage> stages, int first) {
  constexpr int longest = 16;
  constexpr int least_times = 4;
  const int last = static_cast<int>(stages.size()) - 1;  // described with the loss
  for (int period = 1; period <= longest; ++period) {
    int end = first + period;
    while (end < last && alike(stages[static_cast<std::size_t>(end - period)],
                               stages[static_cast<std::size_t>(end)], period)) {
      ++end;
    }
    const int times = (end - first) / period;
    if (times >= least_times) return {period, times};
  }
  return {};
}

template <class Net>
std::string describe_stage(int index) {
  using P = Plan<Net>;
  const Stage& stage = P::stages[static_cast<std::size_t>(index)];
  std::string fused = fused_items<Net>(stage);
  if (index + 1 == P::stage_count) {
    using Loss = typename P::template NetworkItems<Role::Loss>;
    const std::string loss = names_of(static_cast<Loss*>(nullptr));
    if (!loss.empty()) fused += " + " + loss;
  }
  return std::string("stage ") + std::to_string(index) + ": " + fused + "\n  " +
         std::string(extents_of(stage.in).view()) + " -> " +
         std::string(extents_of(stage.out).view()) + ", " + std::to_string(stage.parameters()) +
         " parameters" + (stage.contraction && !stage.bias ? " (no bias)" : "") + ", " +
         std::to_string(stage.panels.count) + " panels of " + std::to_string(stage.panels.width) +
         left_out_text(stage) + reads_text(stage, index) +
         "\n  loop: " + (index < front<Net>.count ? std::string(front_text) : axes_text(stage)) +
         "\n  kept for backward: " + kept_text(stage) + "\n";
}

}  // namespace detail

/// The plan of a network as text: stages, what is fused, axes, bytes, FLOPs.
///
/// Example: `std::cout << describe<Classifier>();`
template <class Net>
std::string describe() {
  using P = Plan<Net>;
  constexpr PlanSummary plan = plan_of<Net>;
  constexpr Shape out = P::stages.back().out;
  std::string text = std::string(words_of(P::input_shape).view()) + " -> " +
                     (out.dimensions > 0 ? std::string(words_of(out).view())
                                         : std::to_string(plan.outputs) + " outputs") +
                     " in " + std::to_string(plan.stages) + " fused stages\n";
  for (int s = 0; s < P::stage_count;) {
    const auto [period, times] = detail::repetition_from(P::stages, s);
    const int end = s + period;
    while (s < end) text += detail::describe_stage<Net>(s++);
    if (times == 1) continue;
    s += period * (times - 1);
    text += "stages " + std::to_string(end) + " to " + std::to_string(s - 1) +
            ": the same again, " + std::to_string(times - 1) + " times\n";
  }
  using Penalties = boost::mp11::mp_append<typename P::template NetworkItems<Role::Penalty>,
                                           typename P::template NetworkItems<Role::WeightDecay>,
                                           typename P::template NetworkItems<Role::Constraint>>;
  const std::string penalties = detail::names_of(static_cast<Penalties*>(nullptr));
  text += "update: weight gradient" + (penalties.empty() ? "" : " + " + penalties) +
          " + optimizer in one loop\n";
  text += std::to_string(plan.parameters) + " parameters, " +
          std::to_string(plan.flops_per_sample) + " FLOPs a sample in training, " +
          std::to_string(plan.inference_flops_per_sample) + " in inference, " +
          std::to_string(plan.activation_bytes_per_sample) + " bytes of activations a sample\n";
  return text;
}

/// What stands in for the description of a wrong network.
template <class Net>
  requires(!GoodNetwork<Net>)
std::string describe() {
  static_cast<void>(Diagnose<Check<Net>>{});
  return {};
}

}  // namespace lamina
