#include "golden_run.hpp"

// Runs of 20 steps: optimizers and what wraps them, on a narrow network and on panels.

namespace test_golden_optimizers {

using namespace lamina;
using namespace lamina::testing;

namespace {

using Narrow = Network<Input<20>, Linear<33>, Tanh, Linear<21>, Tanh, Linear<5>, CrossEntropy<>>;
using Wide = Network<Input<20>, Linear<80>, Tanh, Linear<5>, CrossEntropy<>>;

const Golden& runs() {
  static const Golden golden("runs_optimizers");
  return golden;
}

/// The variant on both networks.
template <class Optimizer>
void follow_both(const std::string& variant, const Optimizer& optimizer,
                 const RunOptions& options = {}) {
  follow_run<Narrow>(runs(), "narrow", variant, optimizer, options);
  follow_run<Wide>(runs(), "wide", variant, optimizer, options);
}

template <class Net>
void follow_average(const std::string& network) {
  follow_run<Net>(
      runs(), network, "average", Average{Sgd{.learning_rate = 0.1f, .momentum = 0.9f}, 0.9f}, {},
      [&](auto& trainer, double tolerance) {
        const Worst worst = compare_tensors(trainer.average().tensors(),
                                            runs().below(network + ".average.average."), tolerance);
        LAMINA_CHECK_WORST(worst);
      });
}

}  // namespace

TEST_CASE("20 steps of Adagrad follow PyTorch", "[training]") {
  follow_both("adagrad", Adagrad{.learning_rate = 0.05f});
  Adagrad decaying{.learning_rate = 0.05f};
  decaying.lr_decay = 0.1f;
  decaying.epsilon = 1e-3f;
  follow_both("adagrad_decay", decaying);
}

TEST_CASE("20 steps of RmsProp follow PyTorch", "[training]") {
  follow_both("rms_prop", RmsProp{.learning_rate = 0.005f});
  RmsProp momentum{.learning_rate = 0.002f};
  momentum.alpha = 0.9f;
  momentum.momentum = 0.9f;
  follow_both("rms_prop_momentum", momentum);
  RmsProp centered{.learning_rate = 0.002f};
  centered.alpha = 0.95f;
  centered.momentum = 0.5f;
  centered.centered = true;
  follow_both("rms_prop_centered", centered);
}

TEST_CASE("20 steps of Nadam follow PyTorch", "[training]") {
  follow_both("nadam", Nadam{.learning_rate = 0.01f});
  Nadam decaying{.learning_rate = 0.01f};
  decaying.beta1 = 0.8f;
  decaying.beta2 = 0.99f;
  decaying.momentum_decay = 2e-2f;
  follow_both("nadam_decay", decaying);
}

TEST_CASE("20 steps of Lion follow its paper", "[training]") {
  Lion lion{.learning_rate = 0.002f};
  lion.beta1 = 0.9f;
  lion.beta2 = 0.99f;
  follow_both("lion", lion);
}

TEST_CASE("20 steps of AdamW follow PyTorch", "[training]") {
  follow_both("adamw", AdamW{.learning_rate = 0.01f, .weight_decay = 0.05f});
}

TEST_CASE("20 steps with clipped gradients follow PyTorch", "[training]") {
  const Sgd sgd{.learning_rate = 0.2f, .momentum = 0.9f};
  follow_both("clip_by_norm", ClipByNorm{sgd, 0.5f});
  follow_both("clip_by_value", ClipByValue{sgd, 0.05f});
}

TEST_CASE("gradients accumulated over 4 batches follow PyTorch", "[training]") {
  follow_both("accumulate", Accumulate{Sgd{.learning_rate = 0.2f, .momentum = 0.9f}, 4},
              {.most_rows = 7});
}

TEST_CASE("the moving average of the weights follows PyTorch", "[training]") {
  follow_average<Narrow>("narrow");
  follow_average<Wide>("wide");
}

TEST_CASE("a layer with a learning rate of its own follows PyTorch's parameter groups",
          "[training]") {
  using Slow = Network<Input<20>, Linear<33>, Tanh, Linear<21, LearningRate<0.1>>, Tanh, Linear<5>,
                       CrossEntropy<>>;
  using SlowWide =
      Network<Input<20>, Linear<80>, Tanh, Linear<5, LearningRate<0.1>>, CrossEntropy<>>;
  const Sgd sgd{.learning_rate = 0.05f, .momentum = 0.9f};
  follow_run<Slow>(runs(), "narrow", "slow_sgd", sgd);
  follow_run<Slow>(runs(), "narrow", "slow_adam", Adam{.learning_rate = 0.05f});
  follow_run<SlowWide>(runs(), "wide", "slow_sgd", sgd);
}

}  // namespace test_golden_optimizers
