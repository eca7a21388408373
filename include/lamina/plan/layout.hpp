#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <span>
#include <utility>

#include <lamina/plan/cut.hpp>
#include <lamina/plan/recomputed.hpp>
#include <lamina/plan/stage.hpp>

/// Where everything of the stages lies: parameters, activations, gradients, statistics.
namespace lamina::detail {

constexpr void add_item(Stage& stage, const Node& node, const ItemFacts& item) {
  if (node.role == Role::Contraction) {
    stage.path = node.path;
    stage.stream = node.stream;
    stage.contraction = true;
    stage.operation.operation = Operation::Product;
    stage.bias = item.bias;
  } else if (node.role == Role::Normalization) {
    stage.norm_path = node.path;
    stage.normalized = true;
    stage.norm = item.norm;
    // The mean of a feature over the batch would take the bias away again.
    if (reduces(item.norm.axes, Axes::Batch) && item.norm.centered) {
      stage.absorbs_bias = stage.bias;
      stage.bias = false;
    }
  } else if (item.random) {
    stage.random_streams[static_cast<std::size_t>(stage.random++)] = node.stream;
  }
}

/// Gives a stage its sources, its shape and what follows from them; those before it have theirs.
/// `moving` is its item that reads positions, if one does.
template <std::size_t N>
constexpr void connect(Stage* stages, int index, const Cut<N>& cut, const Graph& graph,
                       const ItemFacts& moving) {
  const StageLinks& links = cut.stages[static_cast<std::size_t>(index)];
  Stage& stage = stages[index];
  stage.skip = links.skip;
  stage.trains = stage.contraction || stage.trained_scales() > 0;
  const auto read = [&](int from) {
    if (from < 0) return;
    Stage& source = stages[from];
    source.last_consumer = index;
    stage.trains = stage.trains || source.trains;
  };
  graph.for_each_array(links.values, [&](int array) {
    const int from = graph.role(array) == Role::Input
                         ? Source::network_input
                         : cut.stage_of[static_cast<std::size_t>(array)];
    const int count = graph.at(array).output.channels;
    stage.in = graph.at(array).output;
    stage.sources[static_cast<std::size_t>(stage.source_count++)] = {from, stage.inputs, count};
    stage.inputs += count;
    read(from);
  });
  read(links.skip);
  stage.out = links.output;
  stage.panels = Panels::of(stage.out.channels);
  stage.in.channels = stage.inputs;
  if (moving.moves) stage.operation = moving.spatial(stage.in);
  for (const Source& source : stage.reads_from()) {
    if (source.stage < 0) continue;
    Stage& from = stages[source.stage];
    from.feeds_positions = from.feeds_positions || stage.moves_positions();
    from.feeds_product = from.feeds_product || stage.operation.operation == Operation::Product;
  }
}

/// Vectors first, so that their gradients are one short block; then weights.
template <std::size_t N>
constexpr std::array<Stage, N> lay_out_parameters(std::array<Stage, N> stages) {
  std::size_t parameter = 0;
  std::size_t running = 0;
  std::size_t statistics = 0;
  int norm_count = 0;
  for (Stage& stage : stages) {
    const auto padded = static_cast<std::size_t>(stage.panels.padded());
    const auto take = [&](bool wanted, std::size_t floats) {
      const std::size_t at = parameter;
      if (wanted) parameter += floats;
      return at;
    };
    stage.bias_vector = take(stage.contraction, padded);
    stage.scale_vector = stage.trained_scale = take(stage.normalized, padded);
    stage.shift_vector = stage.trained_shift = take(stage.normalized, padded);
    stage.magnitude = take(stage.reparameterized, padded);
    if (stage.per_element()) {
      stage.trained_scale = take(true, stage.sample_floats());
      stage.trained_shift = take(true, stage.sample_floats());
    }
    stage.running = running;
    running += stage.running_floats();
    if (stage.has_averages()) stage.norm_index = norm_count++;
    stage.statistics = statistics;
    statistics += stage.statistics_floats();
  }
  std::size_t convolutions = 0;
  for (Stage& stage : stages) {
    stage.convolution_weights = convolutions;
    if (stage.convolves()) convolutions += stage.weight_floats();
    stage.weights = parameter;
    stage.direction = parameter + stage.weight_floats();
    parameter += stage.all_weight_floats();
  }
  return stages;
}

constexpr void lay_out_arena(std::span<Stage> stages) {
  std::size_t arena = 0;
  for (Stage& stage : stages) {
    const auto take = [&] {
      const std::size_t at = arena;
      arena += stage.sample_floats();
      return at;
    };
    const bool last = &stage == &stages.back();
    // A stage that changes nothing of what it reads finds its values where another left them.
    const bool aliases =
        stage.operation.operation == Operation::None && !stage.normalized && stage.reads_panels();
    stage.before =
        aliases ? stages[static_cast<std::size_t>(stage.sources[0].stage)].after : take();
    // A chain that goes back from its output needs no copy of its input.
    const bool reads_input = stage.normalized || stage.reads == expr::Reads::Input;
    const bool apart = stage.normalizes_again() || (!stage.trivial() && (aliases || reads_input));
    stage.after = apart && !stage.recomputed ? take() : stage.before;
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
    const std::size_t floats = stage.sample_floats();
    end = std::max({end, stage.before + floats, stage.after + floats, stage.gradient + floats,
                    stage.output_gradient + floats, stage.row_rsqrt + stage.row_statistics()});
  }
  return end;
}

/// Finds the stages whose numbers freeze into the layers behind them: an affine and nothing else,
/// read by contractions alone.
constexpr void find_folds(std::span<Stage> stages) {
  for (Stage& stage : stages) {
    const bool last = &stage == &stages.back();
    // Zeros around an image are not what the affine makes of them: positions keep it.
    stage.folds_forward = !last && stage.operation.operation == Operation::None &&
                          stage.loop() != Loop::Samples && stage.source_count == 1 &&
                          stage.expressionless && !stage.adds_skip() &&
                          (!stage.normalized || stage.affine_in_inference());
    const auto read_as_it_is = [&](int source) {
      if (source >= 0) stages[static_cast<std::size_t>(source)].folds_forward = false;
    };
    read_as_it_is(stage.skip);
    if (stage.operation.operation == Operation::Product) continue;
    for (const Source& source : stage.reads_from()) read_as_it_is(source.stage);
  }
}

/// Gives every stage a place for its outputs in inference; places are used again once nobody reads
/// them. A stage that freezes into the next keeps what it reads alive for as long as itself.
template <std::size_t N>
constexpr void assign_slots(std::array<Stage, N>& stages) {
  constexpr std::size_t most_slots = 256;  // more than nested lists of branches can keep alive
  std::array<int, most_slots> busy_until{};
  busy_until.fill(-1);
  std::array<int, N> last_use{};
  for (std::size_t s = 0; s < N; ++s) {
    const Stage& stage = stages[s];
    last_use[s] = std::max(stage.last_consumer, static_cast<int>(s));
    const int source = stage.sources[0].stage;
    if (!stage.folds_forward || source < 0) continue;
    int& of_source = last_use[static_cast<std::size_t>(source)];
    of_source = std::max(of_source, stage.last_consumer);
  }
  last_use[N - 1] = static_cast<int>(N);
  for (std::size_t s = 0; s < N; ++s) {
    std::size_t slot = 0;
    while (busy_until[slot] >= static_cast<int>(s)) ++slot;
    stages[s].inference_slot = static_cast<int>(slot);
    busy_until[slot] = last_use[s];
  }
}

/// Where everything of connected stages lies, but for their parameters.
template <std::size_t N>
constexpr std::array<Stage, N> lay_out_values(std::array<Stage, N> stages) {
  find_recomputed(stages);
  lay_out_arena(stages);
  find_folds(stages);
  assign_slots(stages);
  return stages;
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
      sum += stage.multiplications() / static_cast<std::size_t>(stage.inputs) *
             static_cast<std::size_t>(source.features);
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
