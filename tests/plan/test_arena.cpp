#include <lamina/lamina.hpp>

// Everything that a step keeps has a place of its own: as constants, for networks of every shape.

namespace test_arena {

using namespace lamina;

namespace {

/// Floats [begin, begin + count) of a block.
struct Place {
  std::size_t begin = 0;
  std::size_t count = 0;

  [[nodiscard]] constexpr std::size_t end() const { return begin + count; }
};

/// Places of one block, all alive at the same time.
template <std::size_t Most>
struct Places {
  std::array<Place, Most> of{};
  std::size_t count = 0;

  constexpr void add(std::size_t begin, int floats) {
    if (floats > 0) of[count++] = {begin, static_cast<std::size_t>(floats)};
  }
  /// No two overlap, and all end within the block.
  [[nodiscard]] constexpr bool apart(std::size_t block) const {
    for (std::size_t i = 0; i < count; ++i) {
      if (of[i].end() > block) return false;
      for (std::size_t j = 0; j < i; ++j) {
        if (of[i].begin < of[j].end() && of[j].begin < of[i].end()) return false;
      }
    }
    return true;
  }
};

/// The weights' gradients read the outputs and gradients of all stages at the end of a step, so
/// that all are alive at once. Two arrays are one where one is never read as it was: the outputs
/// take the place of the values before them where the way back reads the outputs alone, a gradient
/// that of normalized values which the outputs are not.
template <class Net>
constexpr bool arena_is_apart() {
  Places<5 * Plan<Net>::stages.size()> places;
  for (std::size_t s = 0; s < Plan<Net>::stages.size(); ++s) {
    const Stage& stage = Plan<Net>::stages[s];
    const int padded = stage.panels.padded();
    const bool passes_on = !stage.contraction && !stage.normalized && stage.reads_panels();
    if (!passes_on) places.add(stage.before, padded);
    if (stage.after == stage.before) {
      const bool needs_both = stage.normalized || stage.reads == expr::Reads::Input;
      if (passes_on || (needs_both && !stage.trivial())) return false;
    } else {
      places.add(stage.after, padded);
    }
    if (stage.loop() == Loop::Rows) places.add(stage.row_rsqrt, stage.norm.groups);
    if (!stage.trains) continue;
    if (stage.gradient == stage.before) {
      const bool last = s + 1 == Plan<Net>::stages.size();
      if (last || !stage.normalized || stage.after == stage.before) return false;
    } else {
      places.add(stage.gradient, padded);
    }
    if (stage.output_gradient != stage.gradient) places.add(stage.output_gradient, padded);
  }
  return places.apart(Plan<Net>::arena_floats);
}

template <class Net>
constexpr bool parameters_are_apart() {
  Places<6 * Plan<Net>::stages.size()> trained;
  Places<Plan<Net>::stages.size()> running;
  Places<Plan<Net>::stages.size()> statistics;
  for (const Stage& stage : Plan<Net>::stages) {
    const int padded = stage.panels.padded();
    if (stage.contraction) trained.add(stage.bias_vector, padded);
    if (stage.normalized) trained.add(stage.scale_vector, padded);
    if (stage.normalized) trained.add(stage.shift_vector, padded);
    if (stage.reparameterized) trained.add(stage.magnitude, padded);
    // Vectors before weights: their gradients are one short block.
    if (trained.count > 0 && trained.of[trained.count - 1].end() > Plan<Net>::vector_floats) {
      return false;
    }
    running.add(stage.running, static_cast<int>(stage.running_floats()));
    if (stage.loop() == Loop::Panels) statistics.add(stage.statistics, 3 * padded);
  }
  for (const Stage& stage : Plan<Net>::stages) {
    const int weights = stage.contraction ? stage.inputs * stage.panels.padded() : 0;
    trained.add(stage.weights, weights);
    if (stage.reparameterized) trained.add(stage.direction, weights);
  }
  return trained.apart(Plan<Net>::parameter_floats) && running.apart(Plan<Net>::running_floats) &&
         statistics.apart(Plan<Net>::statistics_floats);
}

/// Outputs that are still read in inference, frozen or not, are written over by nobody.
template <class Net>
constexpr bool slots_are_apart() {
  const auto& stages = Plan<Net>::stages;
  std::array<int, Plan<Net>::stages.size()> holder{};  // by slot: the stage whose outputs it holds
  holder.fill(Stage::absent);
  const auto held = [&](int source) {
    return source < 0 || holder[static_cast<std::size_t>(
                             stages[static_cast<std::size_t>(source)].inference_slot)] == source;
  };
  for (std::size_t s = 0; s < stages.size(); ++s) {
    holder[static_cast<std::size_t>(stages[s].inference_slot)] = static_cast<int>(s);
    if (!held(stages[s].skip)) return false;
    for (const Source& source : stages[s].reads_from()) {
      if (!held(source.stage)) return false;
      if (source.stage < 0) continue;
      const Stage& before = stages[static_cast<std::size_t>(source.stage)];
      if (before.folds_forward && !held(before.sources[0].stage)) return false;
    }
  }
  return true;
}

template <class... Items>
constexpr bool apart =
    arena_is_apart<Network<Items...>>() && parameters_are_apart<Network<Items...>>() &&
    slots_are_apart<Network<Items...>>();

static_assert(apart<Input<7>, Linear<5>, ReLU, Linear<3>, CrossEntropy<>>);
static_assert(apart<Input<20>, Linear<33>, BatchNorm<>, GELU, Dropout<0.2>, Linear<10>, BatchNorm<>,
                    CrossEntropy<>>);
static_assert(apart<Input<20>, Standardize, Linear<33, WeightNorm>, RunningBatchNorm<>, Tanh,
                    Linear<17>, GroupNorm<17>, SELU, Linear<64>, LayerNorm<>, MeanSquaredError>);
static_assert(apart<Input<9>, Residual<Linear<9>, BatchNorm<>, ReLU>, ReLU,
                    Residual<BatchNorm<>, ReLU, Linear<9>>, BatchNorm<>, Linear<9>,
                    Residual<Linear<9>, Shortcut<Linear<9>, BatchNorm<>>>, GELU, CrossEntropy<>>);
static_assert(apart<Input<4>, Concat<Branch<>, Branch<Linear<18>, LayerNorm<>, GELU>>, BatchNorm<>,
                    Concat<Branch<ReLU>, Branch<>, Branch<Residual<Linear<22>>>>, RMSNorm<>,
                    Linear<3>, CrossEntropy<>>);
static_assert(
    apart<Input<8>, Linear<8>, BatchNorm<>, Residual<Linear<8>, ReLU>, ReLU, BatchNorm<>,
          Residual<BatchNorm<>, Residual<BatchNorm<>, Linear<8>>, Linear<8>>, MeanSquaredError>);
static_assert(
    apart<Input<8>, Linear<8>, ReLU, BatchNorm<>, Linear<8>, ReLU, Linear<2>, CrossEntropy<>>);
static_assert(
    apart<Input<8>, Repeat<20, Residual<Linear<8>, BatchNorm<>, ReLU>>, Linear<2>, CrossEntropy<>>);

}  // namespace

}  // namespace test_arena
