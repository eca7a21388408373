#include <lamina/lamina.hpp>

// What the planner makes of a network, as constants: a wrong plan does not compile.

namespace test_stages {

using namespace lamina;

namespace {

template <class Net>
constexpr const Stage& stage(std::size_t index) {
  return Plan<Net>::stages[index];
}

constexpr bool reads(const Source& source, int stage, int first, int features) {
  return source.stage == stage && source.first == first && source.features == features;
}

// --- Paths, random streams, biases that a mean takes away again. ---

using Classifier = Network<Input<20>, Linear<33>, BatchNorm<>, ReLU, Dropout<0.2>, Dropout<0.0>,
                           Linear<10>, Dropout<0.1>, CrossEntropy<>, L2<1e-3>>;
static_assert(Plan<Classifier>::stage_count == 2);
static_assert(stage<Classifier>(0).path == Path{{0}});
static_assert(stage<Classifier>(0).norm_path == Path{{1}});
static_assert(stage<Classifier>(1).path == Path{{5}});
static_assert(!stage<Classifier>(0).bias && stage<Classifier>(1).bias);
static_assert(stage<Classifier>(0).stream == 0 && stage<Classifier>(1).stream == 5);
// `Dropout<0.0>` has disappeared and is counted all the same.
static_assert(stage<Classifier>(0).random == 1 && stage<Classifier>(0).random_streams[0] == 3);
static_assert(stage<Classifier>(1).random == 1 && stage<Classifier>(1).random_streams[0] == 6);
static_assert(stage<Classifier>(0).first_random == 0 && stage<Classifier>(1).first_random == 1);
static_assert(Plan<Classifier>::default_rates == std::array{0.2, 0.1});
static_assert(Plan<Classifier>::rate_index(Plan<Classifier>::node_at(Path{{6}})) == 1);
static_assert(Plan<Classifier>::rate_index(Plan<Classifier>::node_at(Path{{4}})) == -1);
static_assert(Plan<Classifier>::least_rows == 2);
static_assert(Plan<Classifier>::parameters == 20 * 33 + 2 * 33 + 33 * 10 + 10);
static_assert(Plan<Classifier>::multiplications == 20 * 33 + 33 * 10);
// Forward and by the weights, and by the inputs of the second layer alone.
static_assert(Plan<Classifier>::training_multiplications == 2 * (20 * 33 + 33 * 10) + 33 * 10);

/// A normalization over the batch that subtracts no mean takes no bias away.
struct Uncentred {
  static constexpr Role role = Role::Normalization;
  static constexpr Normalization normalization{
      .axes = Axes::Batch, .averages = Averages::Moving, .centered = false};
  static constexpr TextBuffer name() { return item_name("Uncentred"); }
};
using WithBias = Network<Input<4>, Linear<8>, Uncentred, Linear<8>, LayerNorm<>, Linear<2>>;
static_assert(stage<WithBias>(0).bias && stage<WithBias>(1).bias);

// Entries of a `Repeat` are counted through, streams across structures.
using Repeated = Network<Input<4>, Linear<4>, Repeat<2, Linear<4>, Dropout<0.5>>, Linear<2>>;
static_assert(stage<Repeated>(1).path == Path{{1, 0}, 2});
static_assert(stage<Repeated>(2).path == Path{{1, 2}, 2});
static_assert(stage<Repeated>(3).path == Path{{2}});
static_assert(stage<Repeated>(2).stream == 3 && stage<Repeated>(2).random_streams[0] == 4);
static_assert(stage<Repeated>(2).first_random == 1);
static_assert(stage<Repeated>(3).stream == 5);  // a structure has no number of its own

// --- What stages read, who reads them last, what a residual adds. ---

using Residuals = Network<Input<8>, Linear<8>, Residual<BatchNorm<>, ReLU, Linear<8>>, ReLU,
                          Linear<3>, MeanSquaredError>;
static_assert(Plan<Residuals>::stage_count == 5 && !Plan<Residuals>::sequential);
static_assert(stage<Residuals>(1).normalized && !stage<Residuals>(1).contraction);
static_assert(stage<Residuals>(1).norm_path == Path{{1, 0}, 2});
static_assert(stage<Residuals>(2).skip == 0 && stage<Residuals>(2).path == Path{{1, 2}, 2});
static_assert(stage<Residuals>(0).bias);  // the residual reads the layer's outputs as they are
static_assert(stage<Residuals>(0).last_consumer == 2 && stage<Residuals>(1).last_consumer == 2);
static_assert(stage<Residuals>(2).last_consumer == 3 && stage<Residuals>(3).last_consumer == 4);
static_assert(stage<Residuals>(4).last_consumer == Stage::absent);
// The activation behind the sum finds its values where the sum left them.
static_assert(stage<Residuals>(3).before == stage<Residuals>(2).after);
static_assert(stage<Residuals>(3).after != stage<Residuals>(3).before);

using Branches = Network<Input<4>, Concat<Branch<>, Branch<Linear<16>, ReLU>>, Linear<3>>;
static_assert(Plan<Branches>::stage_count == 2);
static_assert(stage<Branches>(1).source_count == 2 && stage<Branches>(1).inputs == 20);
static_assert(reads(stage<Branches>(1).sources[0], Source::network_input, 0, 4));
static_assert(reads(stage<Branches>(1).sources[1], 0, 4, 16));
static_assert(Plan<Branches>::multiplications == 4 * 16 + 20 * 3);
// A norm needs its features in one place: a stage without items before it gathers them.
using Gathered = Network<Input<4>, Concat<Branch<Linear<5>>, Branch<Linear<6>>>, BatchNorm<>,
                         Linear<3>, MeanSquaredError>;
static_assert(Plan<Gathered>::stage_count == 4);
static_assert(stage<Gathered>(2).inputs == 11 && stage<Gathered>(2).outputs() == 11);

// --- Gradients: who needs one, and where it may take the place of the values. ---

using Fitted = Network<Input<6>, Standardize, Linear<5>, ReLU, Linear<2>, CrossEntropy<>>;
static_assert(!stage<Fitted>(0).trains && stage<Fitted>(1).trains && stage<Fitted>(2).trains);

template <class... Norm>
using InPlace = Network<Input<20>, Linear<30>, Norm..., Linear<5>, Norm..., MeanSquaredError>;
static_assert(stage<InPlace<BatchNorm<>>>(0).gradient_in_place);
static_assert(stage<InPlace<BatchNorm<>>>(0).gradient == stage<InPlace<BatchNorm<>>>(0).before);
static_assert(!stage<InPlace<BatchNorm<>>>(1).gradient_in_place);          // the last
static_assert(!stage<InPlace<BatchNorm<NoAffine>>>(0).gradient_in_place);  // outputs are the values
static_assert(!stage<InPlace<LayerNorm<>>>(0).gradient_in_place);          // no loop over panels
static_assert(!stage<InPlace<>>(0).gradient_in_place);

// What a sum adds has a gradient of its own once something stands between it and the values.
using SumBehind = Network<Input<8>, Linear<8>, Residual<Linear<8>, BatchNorm<>>, Linear<2>>;
static_assert(stage<SumBehind>(1).keeps_output_gradient());
static_assert(stage<SumBehind>(1).output_gradient != stage<SumBehind>(1).gradient);
static_assert(!stage<Residuals>(2).keeps_output_gradient());
static_assert(stage<Residuals>(2).output_gradient == stage<Residuals>(2).gradient);

// --- Folds: what freezes into the layers behind it. ---

static_assert(stage<Fitted>(0).folds_forward && !stage<Fitted>(1).folds_forward);
template <class... Between>
using PreNorm =
    Network<Input<8>, Linear<8>, ReLU, BatchNorm<>, Between..., Linear<8>, ReLU, Linear<2>>;
static_assert(stage<PreNorm<>>(1).folds_forward);
static_assert(stage<PreNorm<Dropout<0.1>>>(1).folds_forward);  // inference has no dropout
static_assert(!stage<PreNorm<ReLU>>(1).folds_forward);
static_assert(!stage<PreNorm<LayerNorm<>>>(1).folds_forward);  // read by what is no contraction
using AddedNorm = Network<Input<8>, Linear<8>, ReLU, BatchNorm<>, Residual<Linear<8>>, Linear<2>>;
static_assert(stage<AddedNorm>(1).normalized && !stage<AddedNorm>(1).folds_forward);
using LastNorm = Network<Input<8>, Linear<8>, ReLU, BatchNorm<>, MeanSquaredError>;
static_assert(!stage<LastNorm>(1).folds_forward);
static_assert(!stage<Gathered>(3).folds_forward && !stage<Gathered>(2).folds_forward);

// --- Places in inference: one is used again once nobody reads it. ---

template <class Net, int... Slots>
constexpr bool slots_are() {
  constexpr std::array expected{Slots...};
  static_assert(expected.size() == Plan<Net>::stages.size());
  for (std::size_t s = 0; s < expected.size(); ++s) {
    if (stage<Net>(s).inference_slot != expected[s]) return false;
  }
  return true;
}
static_assert(slots_are<Network<Input<4>, Linear<4>, ReLU, Linear<4>, ReLU, Linear<2>>, 0, 1, 0>());
static_assert(slots_are<Residuals, 0, 1, 2, 0, 1>());
static_assert(Plan<Residuals>::inference_slots == 3);
// What a folded stage reads is read by the layer behind it in its place.
static_assert(slots_are<PreNorm<>, 0, 1, 2, 0>());
static_assert(slots_are<PreNorm<ReLU>, 0, 1, 0, 1>());

}  // namespace

}  // namespace test_stages
