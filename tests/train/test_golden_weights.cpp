#include "golden_run.hpp"

// Runs of 20 steps: what acts on weights alone. Penalties, decay, constraints, WeightNorm; on
// narrow networks and on panels.

namespace test_golden_weights {

using namespace lamina;
using namespace lamina::testing;

namespace {

template <class... Rules>
using Narrow =
    Network<Input<20>, Linear<33>, Tanh, Linear<21>, Tanh, Linear<5>, CrossEntropy<>, Rules...>;
template <class... Rules>
using Wide = Network<Input<20>, Linear<80>, Tanh, Linear<5>, CrossEntropy<>, Rules...>;

const Golden& runs() {
  static const Golden golden("runs_weights");
  return golden;
}

const Sgd sgd{.learning_rate = 0.1f, .momentum = 0.9f};
const Adam adam{.learning_rate = 0.01f};

/// A network-wide rule on both networks.
template <class Rule, class Optimizer = Sgd>
void follow_both(const std::string& variant, const Optimizer& optimizer = sgd) {
  follow_run<Narrow<Rule>>(runs(), "narrow", variant, optimizer);
  follow_run<Wide<Rule>>(runs(), "wide", variant, optimizer);
}

}  // namespace

TEST_CASE("20 steps with penalties follow PyTorch", "[training]") {
  follow_both<L1<1e-3>>("l1");
  follow_both<ElasticNet<1e-3, 1e-2>>("elastic_net");
}

TEST_CASE("20 steps with penalties of single layers follow PyTorch", "[training]") {
  using Layered = Network<Input<20>, Linear<33, L2<1e-2>>, Tanh, Linear<21>, Tanh,
                          Linear<5, L1<1e-3>>, CrossEntropy<>, L2<1e-3>>;
  using LayeredWide =
      Network<Input<20>, Linear<80, L2<1e-2>>, Tanh, Linear<5, L1<1e-3>>, CrossEntropy<>>;
  follow_run<Layered>(runs(), "narrow", "per_layer", sgd);
  follow_run<LayeredWide>(runs(), "wide", "per_layer", sgd);
}

TEST_CASE("20 steps with decoupled decay follow PyTorch", "[training]") {
  follow_both<WeightDecay<0.05>>("decay_sgd");
  follow_both<WeightDecay<0.05>>("decay_adam", adam);
}

TEST_CASE("20 steps with constraints follow PyTorch", "[training]") {
  follow_both<MaxNorm<0.8>>("max_norm");
  follow_both<MaxNorm<0.8>>("max_norm_adam", adam);
  follow_both<UnitNorm>("unit_norm");
  follow_both<NonNegative>("non_negative");
}

TEST_CASE("20 steps with weight normalization follow PyTorch", "[training]") {
  using Net = Network<Input<20>, Linear<33, WeightNorm>, Tanh, Linear<21, WeightNorm>, Tanh,
                      Linear<5>, CrossEntropy<>>;
  using Panels =
      Network<Input<20>, Linear<80, WeightNorm>, Tanh, Linear<5, WeightNorm>, CrossEntropy<>>;
  follow_run<Net>(runs(), "weight_norm", "sgd", sgd);
  follow_run<Net>(runs(), "weight_norm", "adam", adam);
  follow_run<Panels>(runs(), "weight_norm_wide", "sgd", sgd);
  follow_run<Panels>(runs(), "weight_norm_wide", "adam", adam);
}

TEST_CASE("a penalty acts on the effective weights of weight normalization", "[training]") {
  using Net = Network<Input<20>, Linear<33, WeightNorm>, Tanh, Linear<21, WeightNorm>, Tanh,
                      Linear<5>, CrossEntropy<>, L2<1e-2>>;
  using Panels = Network<Input<20>, Linear<80, WeightNorm>, Tanh, Linear<5, WeightNorm>,
                         CrossEntropy<>, L2<1e-2>>;
  follow_run<Net>(runs(), "weight_norm", "l2", sgd);
  follow_run<Net>(runs(), "weight_norm", "l2_adam", adam);
  follow_run<Panels>(runs(), "weight_norm_wide", "l2", sgd);
  follow_run<Panels>(runs(), "weight_norm_wide", "l2_adam", adam);
}

}  // namespace test_golden_weights
