#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <span>

#include <lamina/plan/cut.hpp>
#include <lamina/plan/stage.hpp>

/// Where everything of the stages lies: parameters, activations, gradients, statistics.
namespace lamina::detail {

constexpr void add_item(Stage& stage, const ItemFacts& item) {
  if (item.role == Role::Contraction) {
    stage.path = item.path;
    stage.stream = item.stream;
    stage.contraction = true;
    stage.bias = item.bias;
  } else if (item.role == Role::Normalization) {
    stage.norm_path = item.path;
    stage.normalized = true;
    stage.norm = item.norm;
    // The mean of a feature over the batch would take the bias away again.
    if (item.norm.axes == Axes::Batch && item.norm.centered) {
      stage.absorbs_bias = stage.bias;
      stage.bias = false;
    }
  } else if (item.random) {
    stage.random_streams[static_cast<std::size_t>(stage.random++)] = item.stream;
  }
}

/// Gives a stage its sources, its shape and what follows from them; those before it have theirs.
template <std::size_t N>
constexpr void connect(std::array<Stage, N>& stages, int index, const StageLinks& links,
                       int features) {
  Stage& stage = stages[static_cast<std::size_t>(index)];
  stage.source_count = links.sources.count;
  stage.skip = links.skip;
  stage.trains = stage.contraction || stage.trained_vectors() > 0;
  const auto read = [&](int from) {
    if (from < 0) return;
    Stage& source = stages[static_cast<std::size_t>(from)];
    source.last_consumer = index;
    stage.trains = stage.trains || source.trains;
  };
  for (int i = 0; i < links.sources.count; ++i) {
    const int from = links.sources.stages[static_cast<std::size_t>(i)];
    const int count = from < 0 ? features : stages[static_cast<std::size_t>(from)].outputs();
    stage.sources[static_cast<std::size_t>(i)] = {from, stage.inputs, count};
    stage.inputs += count;
    read(from);
  }
  read(links.skip);
  const Shape input{stage.inputs};
  stage.panels = Panels::of((stage.contraction ? links.output(input) : input).features());
}

/// Vectors first, so that their gradients are one short block; then weights.
constexpr void lay_out_parameters(std::span<Stage> stages) {
  std::size_t parameter = 0;
  std::size_t running = 0;
  std::size_t statistics = 0;
  int norm_count = 0;
  for (Stage& stage : stages) {
    const auto padded = static_cast<std::size_t>(stage.panels.padded());
    const auto take = [&](bool wanted) {
      const std::size_t at = parameter;
      if (wanted) parameter += padded;
      return at;
    };
    stage.bias_vector = take(stage.contraction);
    stage.scale_vector = take(stage.normalized);
    stage.shift_vector = take(stage.normalized);
    stage.magnitude = take(stage.reparameterized);
    stage.running = running;
    running += stage.running_floats();
    if (stage.has_averages()) stage.norm_index = norm_count++;
    stage.statistics = statistics;
    if (stage.loop() == Loop::Panels) statistics += 3 * padded;
  }
  for (Stage& stage : stages) {
    stage.weights = parameter;
    stage.direction = parameter + stage.weight_floats();
    parameter += stage.all_weight_floats();
  }
}

constexpr void lay_out_arena(std::span<Stage> stages) {
  std::size_t arena = 0;
  for (Stage& stage : stages) {
    const auto padded = static_cast<std::size_t>(stage.panels.padded());
    const auto take = [&] {
      const std::size_t at = arena;
      arena += padded;
      return at;
    };
    const bool last = &stage == &stages.back();
    // A stage that changes nothing of what it reads finds its values where another left them.
    const bool aliases = !stage.contraction && !stage.normalized && stage.reads_panels();
    stage.before =
        aliases ? stages[static_cast<std::size_t>(stage.sources[0].stage)].after : take();
    // A chain that goes back from its output needs no copy of its input.
    const bool reads_input = stage.normalized || stage.reads == expr::Reads::Input;
    stage.after = aliases || (!stage.trivial() && reads_input) ? take() : stage.before;
    stage.row_rsqrt = arena;
    arena += stage.row_statistics();
    if (!stage.trains) continue;
    // The loss writes its gradient while the values of the last stage are still needed, and the
    // stages behind need outputs that are the normalized values themselves.
    stage.gradient_in_place = stage.loop() == Loop::Panels && !last && stage.after != stage.before;
    stage.gradient = stage.gradient_in_place ? stage.before : take();
    stage.output_gradient = stage.keeps_output_gradient() ? take() : stage.gradient;
  }
}

constexpr std::size_t arena_floats(std::span<const Stage> stages) {
  std::size_t end = 0;
  for (const Stage& stage : stages) {
    const auto padded = static_cast<std::size_t>(stage.panels.padded());
    end = std::max({end, stage.before + padded, stage.after + padded, stage.gradient + padded,
                    stage.output_gradient + padded, stage.row_rsqrt + stage.row_statistics()});
  }
  return end;
}

/// Finds the stages whose numbers freeze into the layers behind them: an affine and nothing else,
/// read by contractions alone.
constexpr void find_folds(std::span<Stage> stages) {
  for (std::size_t s = 0; s + 1 < stages.size(); ++s) {
    Stage& stage = stages[s];
    bool folds = !stage.contraction && stage.source_count == 1 && stage.expressionless &&
                 !stage.adds_skip() && (!stage.normalized || stage.affine_in_inference());
    for (std::size_t t = s + 1; t < stages.size(); ++t) {
      if (stages[t].skip == static_cast<int>(s)) folds = false;
      for (const Source& source : stages[t].reads_from()) {
        if (source.stage == static_cast<int>(s) && !stages[t].contraction) folds = false;
      }
    }
    stage.folds_forward = folds;
  }
}

/// Gives every stage a place for its outputs in inference; places are used again once nobody reads
/// them. A stage that freezes into the next keeps what it reads alive for as long as itself.
constexpr void assign_slots(std::span<Stage> stages) {
  constexpr std::size_t most_slots = 256;  // more than nested lists of branches can keep alive
  std::array<int, most_slots> busy_until{};
  busy_until.fill(-1);
  const auto last_use = [&](std::size_t s) {
    int last = std::max(stages[s].last_consumer, static_cast<int>(s));
    if (s + 1 == stages.size()) last = static_cast<int>(stages.size());
    for (std::size_t t = s + 1; t < stages.size(); ++t) {
      const bool reads =
          stages[t].folds_forward && stages[t].sources[0].stage == static_cast<int>(s);
      if (reads) last = std::max(last, stages[t].last_consumer);
    }
    return last;
  };
  for (std::size_t s = 0; s < stages.size(); ++s) {
    std::size_t slot = 0;
    while (busy_until[slot] >= static_cast<int>(s)) ++slot;
    stages[s].inference_slot = static_cast<int>(slot);
    busy_until[slot] = last_use(s);
  }
}

constexpr void lay_out(std::span<Stage> stages) {
  lay_out_parameters(stages);
  lay_out_arena(stages);
  find_folds(stages);
  assign_slots(stages);
}

/// Floats of biases, shifts and scales: what stands before the weights.
constexpr std::size_t vector_floats(std::span<const Stage> stages) {
  return stages.front().weights;
}

/// Multiply-adds of the gradients by the inputs of all contractions that need them.
constexpr std::size_t pulled_multiplications(std::span<const Stage> stages) {
  std::size_t sum = 0;
  for (const Stage& stage : stages) {
    if (!stage.contraction) continue;
    for (const Source& source : stage.reads_from()) {
      if (source.stage < 0 || !stages[static_cast<std::size_t>(source.stage)].trains) continue;
      sum += static_cast<std::size_t>(source.features) * static_cast<std::size_t>(stage.outputs());
    }
  }
  return sum;
}

constexpr bool is_sequential(std::span<const Stage> stages) {
  int previous = Source::network_input;
  for (const Stage& stage : stages) {
    if (stage.source_count != 1 || stage.sources[0].stage != previous || stage.adds_skip()) {
      return false;
    }
    ++previous;
  }
  return true;
}

constexpr int inference_slots(std::span<const Stage> stages) {
  int slots = 0;
  for (const Stage& stage : stages) slots = std::max(slots, stage.inference_slot + 1);
  return slots;
}

}  // namespace lamina::detail
