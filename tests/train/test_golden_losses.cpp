#include "add_gradient.hpp"
#include "golden_run.hpp"

// Losses: value and gradient number by number, and runs of 20 steps.

namespace test_golden_losses {

using namespace lamina;
using namespace lamina::testing;

namespace {

using Weights = ClassWeights<0.5, 1.0, 2.0, 1.5, 0.25>;
using Weighted = CrossEntropy<Weights>;
using WeightedSmoothed = CrossEntropy<Weights, LabelSmoothing<0.1>>;
using Soft = CrossEntropy<SoftTargets>;
using SoftSmoothed = CrossEntropy<SoftTargets, LabelSmoothing<0.1>>;

constexpr std::size_t outputs = 5;
constexpr std::size_t rows = 7;

/// Value and gradient behind an identity. The inputs have a column for every row, 1 in that row
/// alone, whose weights are 0: their gradients are those by the outputs. `unused` columns of zeros
/// make the layer too wide for the narrow step.
template <class Target>
void check_loss(const std::string& name, std::size_t unused, Training<Target>& training) {
  INFO(name << " " << unused);
  const std::size_t columns = outputs + rows + unused;
  static const Golden golden("losses");
  const auto& values = golden.floats(name + ".outputs");
  std::vector<float> weights(outputs * columns);
  for (std::size_t o = 0; o < outputs; ++o) weights[o * columns + o] = 1;
  std::vector<float> inputs(rows * columns);
  for (std::size_t r = 0; r < rows; ++r) {
    std::copy_n(values.data() + r * outputs, outputs, inputs.data() + r * columns);
    inputs[r * columns + outputs + r] = 1;
  }
  training.begin(Seed{});
  training.assign({{"0.weight", {outputs, static_cast<std::int64_t>(columns)}, weights}});
  float loss = 0;
  if constexpr (std::is_same_v<Target, Label>) {
    loss = training.step(inputs, golden.labels(name + ".targets"));
  } else {
    loss = training.step(inputs, golden.floats(name + ".targets"));
  }
  // exp and log are good to 3 epsilon, sums of at most 35 terms add as many halves; in a row of
  // logits +-30 the terms are larger than the loss.
  CHECK(loss == Approx(golden.floats(name + ".loss")[0]).epsilon(20 * epsilon));
  const auto& gradient = golden.floats(name + ".gradient");
  const std::vector<Tensor> tensors = training.tensors();
  const auto& found = std::get<std::vector<float>>(tensor_of(tensors, "0.weight").values);
  Worst worst;
  for (std::size_t i = 0; i < gradient.size(); ++i) {
    const std::size_t at = i % outputs * columns + outputs + i / outputs;
    // Probabilities are subtracted from targets: a rounding at the size of 1 / rows, twice that
    // where a class weighs 2.
    worst.compare(double{found[at]}, double{gradient[i]},
                  epsilon * (8 * std::abs(double{gradient[i]}) + 6.0 / rows),
                  static_cast<double>(i));
  }
  LAMINA_CHECK_WORST(worst);
}

template <class Loss, int Unused>
void check_loss(const std::string& name) {
  using Net = Network<Input<static_cast<int>(outputs + rows) + Unused>, Linear<5, NoBias>, Loss>;
  TrainingOf<Net, AddGradient> training(AddGradient{});
  check_loss(name, Unused, static_cast<Training<typename Loss::Target>&>(training));
}

template <class Loss>
void check_both(const std::string& name) {
  check_loss<Loss, 0>(name);
  check_loss<Loss, 64>(name);
}

const Golden& runs() {
  static const Golden golden("runs_losses");
  return golden;
}

/// The runs on the narrow network and on panels.
template <class Loss>
void follow_both(const std::string& variant, const std::string& targets, float learning_rate) {
  using Tiny = Network<Input<20>, Linear<12>, Tanh, Linear<5>, Loss>;
  using Wide = Network<Input<20>, Linear<80>, Tanh, Linear<5>, Loss>;
  const Sgd sgd{.learning_rate = learning_rate, .momentum = 0.9f};
  follow_run<Tiny>(runs(), "tiny", variant, sgd, {.targets = targets});
  follow_run<Wide>(runs(), "wide", variant, sgd, {.targets = targets});
}

}  // namespace

TEST_CASE("regression and margin losses agree with PyTorch", "[training]") {
  check_both<MeanAbsoluteError>("mean_absolute_error");
  check_both<Huber<0.5>>("huber");
  check_both<Hinge>("hinge");
}

TEST_CASE("cross entropy with class weights and soft targets agrees with PyTorch", "[training]") {
  check_both<Weighted>("weighted");
  check_both<WeightedSmoothed>("weighted_smoothed");
  check_both<Soft>("soft");
  check_both<SoftSmoothed>("soft_smoothed");
}

TEST_CASE("binary cross entropy with positive weights agrees with PyTorch", "[training]") {
  for (const std::string kind : {"hard", "soft"}) {
    check_both<BinaryCrossEntropy<PositiveWeight<2.5>>>("positive_weight." + kind);
    check_both<BinaryCrossEntropy<PositiveWeight<0.5, 3, 1, 0, 20>>>("positive_weights." + kind);
  }
}

TEST_CASE("20 steps by regression and margin losses follow PyTorch", "[training]") {
  follow_both<MeanAbsoluteError>("mean_absolute_error", "values", 0.1f);
  follow_both<Huber<0.5>>("huber", "values", 0.5f);
  follow_both<Hinge>("hinge", "signs", 0.2f);
}

TEST_CASE("20 steps by cross entropy with class weights and soft targets follow PyTorch",
          "[training]") {
  follow_both<Weighted>("weighted", "labels", 0.1f);
  follow_both<WeightedSmoothed>("weighted_smoothed", "labels", 0.1f);
  follow_both<Soft>("soft", "probabilities", 0.1f);
  follow_both<SoftSmoothed>("soft_smoothed", "probabilities", 0.1f);
}

}  // namespace test_golden_losses
