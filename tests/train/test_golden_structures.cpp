#include "golden_run.hpp"

// Runs of 20 steps: residuals, branches and repetitions, and a network of many items at once.

namespace test_golden_structures {

using namespace lamina;
using namespace lamina::testing;

namespace {

/// The structures between two Linear layers.
template <int First, class... Structures>
struct Between {
  template <class... Rules>
  using Net =
      Network<Input<20>, Linear<First>, Tanh, Structures..., Linear<5>, CrossEntropy<>, Rules...>;
};

const Golden& runs() {
  static const Golden golden("runs_structures");
  return golden;
}

/// The run by Sgd, and the one by Adam with a penalty, which reaches the layers inside.
template <class Around>
void follow_both(const std::string& network) {
  follow_run<typename Around::template Net<>>(runs(), network, "sgd",
                                              Sgd{.learning_rate = 0.05f, .momentum = 0.9f});
  follow_run<typename Around::template Net<L2<1e-3>>>(runs(), network, "adam",
                                                      Adam{.learning_rate = 0.005f});
}

}  // namespace

TEST_CASE("20 steps of a residual follow PyTorch", "[training]") {
  using Block = Residual<Linear<33>, BatchNorm<>, ReLU, Linear<33>, BatchNorm<>>;
  follow_both<Between<33, Block, ReLU>>("residual");
}

TEST_CASE("20 steps of a residual with a shortcut follow PyTorch", "[training]") {
  using Block = Residual<Linear<24>, Tanh, Linear<40>, Shortcut<Linear<40, NoBias>>>;
  follow_both<Between<33, Block, Tanh>>("projected");
}

TEST_CASE("20 steps of branches follow PyTorch", "[training]") {
  using Block = Concat<Branch<Linear<17>, Tanh>, Branch<Linear<9>, ReLU>, Branch<>>;
  follow_both<Between<33, Block>>("concat");
}

TEST_CASE("20 steps of repeated items follow PyTorch", "[training]") {
  follow_both<Between<32, Repeat<2, Linear<32>, LayerNorm<>, Tanh>>>("repeated");
}

TEST_CASE("20 steps of residuals in a repetition in a branch follow PyTorch", "[training]") {
  using Inner = Residual<Linear<40>, LayerNorm<>, Tanh, Linear<24>>;
  using Block = Concat<Branch<Repeat<2, Inner>>, Branch<Linear<9>, ReLU>>;
  follow_both<Between<24, Block>>("nested");
}

TEST_CASE("20 steps of many items together follow PyTorch", "[training]") {
  using Net =
      Network<Input<20>, Linear<33, MaxNorm<0.8>>, BatchNorm<>, ReLU,
              Residual<Linear<40, MaxNorm<0.8>>, LayerNorm<>, Tanh, Linear<33>>,
              Linear<21, WeightNorm>, Tanh, Linear<5>, CrossEntropy<LabelSmoothing<0.1>>, L2<1e-3>>;
  follow_run<Net>(runs(), "together", "adam", Adam{.learning_rate = 0.01f});
}

}  // namespace test_golden_structures
