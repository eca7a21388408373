#include "add_gradient.hpp"
#include "golden_run.hpp"

// Runs of 50 steps that PyTorch made, and its batch normalization number by number.

namespace test_golden_training {

using namespace lamina;
using namespace lamina::testing;

namespace {

template <class... Penalties>
using Classifier =
    Network<Input<20>, Linear<33, NoBias>, BatchNorm<>, ReLU, Linear<17, NoBias>, BatchNorm<>, ReLU,
            Linear<5>, CrossEntropy<LabelSmoothing<0.1>>, Penalties...>;
using Regression =
    Network<Input<4>, Linear<32>, Tanh, Linear<16>, Tanh, Linear<4>, MeanSquaredError>;
using Binary =
    Network<Input<12>, Linear<24>, GELU, Linear<9>, SiLU, Linear<3>, BinaryCrossEntropy<>>;

/// PyTorch's own float32 run strays from its float64 run by 4e-7 to 1.2e-6 of a tensor's largest
/// value (README.md there). Our rounding has another order, and tanh, erf and sigmoid are good to 3
/// epsilon where the C library has 1: five times PyTorch's worst. Losses are of order 1 and stray
/// by at most 4e-7 there.
template <class Net, class Optimizer>
void follow(const std::string& name, const Optimizer& optimizer) {
  INFO(name);
  const Golden golden("training_" + name);
  Model<Net> model{Seed{1}};
  model.assign(golden.below("initial."));
  Trainer trainer{model, optimizer};
  const auto& losses = golden.floats("losses");
  Worst worst;
  for (std::size_t step = 0; step < losses.size(); ++step) {
    const auto& inputs = golden.floats(std::string("inputs.") + std::to_string(step));
    const std::string targets = std::string("targets.") + std::to_string(step);
    float loss = 0;
    if constexpr (std::is_same_v<typename Plan<Net>::Loss::Target, Label>) {
      loss = trainer.step(inputs, golden.labels(targets));
    } else {
      loss = trainer.step(inputs, golden.floats(targets));
    }
    worst.compare(double{loss}, double{losses[step]}, 2e-6, static_cast<double>(step));
  }
  LAMINA_CHECK_WORST(worst);
  worst = compare_tensors(model.tensors(), golden.below("final."), 6e-6);
  LAMINA_CHECK_WORST(worst);
}

}  // namespace

TEST_CASE("50 steps of a classifier with batch normalization follow PyTorch", "[training]") {
  using Penalized = Classifier<L2<5e-4>>;
  follow<Penalized>("bn_classifier_sgd_momentum", Sgd{.learning_rate = 0.05f, .momentum = 0.9f});
  follow<Penalized>("bn_classifier_sgd_nesterov",
                    Sgd{.learning_rate = 0.05f, .momentum = 0.9f, .nesterov = true});
  follow<Penalized>("bn_classifier_adam", Adam{.learning_rate = 0.005f});
  follow<Classifier<>>("bn_classifier_adamw",
                       AdamW{.learning_rate = 0.005f, .weight_decay = 0.01f});
}

TEST_CASE("50 steps of a tanh regression follow PyTorch", "[training]") {
  follow<Regression>("tanh_regression_sgd_momentum", Sgd{.learning_rate = 0.1f, .momentum = 0.9f});
  follow<Regression>("tanh_regression_adam", Adam{.learning_rate = 0.01f});
  follow<Regression>("tanh_regression_adamw", AdamW{.learning_rate = 0.01f, .weight_decay = 0.01f});
}

TEST_CASE("50 steps of GELU and SiLU on bits follow PyTorch", "[training]") {
  follow<Binary>("gelu_bce_sgd_momentum", Sgd{.learning_rate = 0.2f, .momentum = 0.9f});
  follow<Binary>("gelu_bce_sgd_nesterov",
                 Sgd{.learning_rate = 0.2f, .momentum = 0.9f, .nesterov = true});
  follow<Binary>("gelu_bce_adam", Adam{.learning_rate = 0.01f});
  follow<Binary>("gelu_bce_adamw", AdamW{.learning_rate = 0.01f, .weight_decay = 0.01f});
}

TEST_CASE("a model saved by PyTorch predicts as in PyTorch", "[training]") {
  const Golden state("classifier_torch");
  const Golden golden("classifier_torch_outputs");
  Model<Classifier<>> model;
  model.assign(state.below(""));
  std::vector<float> outputs(21 * 5);
  const auto check = [&] {
    Worst worst;
    for (std::size_t i = 0; i < outputs.size(); ++i) {
      // Sums of 33 products of order 1, in three layers.
      worst.compare(double{outputs[i]}, double{golden.floats("outputs")[i]}, 30 * epsilon,
                    static_cast<double>(i));
    }
    LAMINA_CHECK_WORST(worst);
  };
  model.predict(golden.floats("inputs"), outputs);
  check();
  outputs.assign(outputs.size(), 0);
  model.freeze()(golden.floats("inputs"), outputs);
  check();
}

namespace {

/// One batch normalization behind an identity. The inputs have a column for every row, 1 in that
/// row alone, whose weights are 0: their gradients are those by the normalization's inputs.
template <class Norm>
void check_batch_norm(const std::string& name, double mean, double deviation) {
  constexpr int features = 10;
  constexpr int rows = 17;
  constexpr int columns = features + rows;
  using Net = Network<Input<columns>, Linear<features>, Norm, MeanSquaredError>;
  INFO(name);
  static const Golden golden("batch_norm");
  const auto values = [&](const char* what) { return golden.floats(name + "." + what); };
  std::vector<float> weights(features * columns);
  for (int f = 0; f < features; ++f) weights[static_cast<std::size_t>(f * columns + f)] = 1;
  const std::vector<Tensor> before = {{"0.weight", {features, columns}, weights},
                                      {"1.weight", {features}, values("scale")},
                                      {"1.bias", {features}, values("shift")},
                                      {"1.running_mean", {features}, values("running_mean_before")},
                                      {"1.running_var", {features}, values("running_var_before")},
                                      {"1.num_batches_tracked", {}, std::vector<std::int64_t>{0}}};
  std::vector<float> inputs(rows * columns);
  for (int r = 0; r < rows; ++r) {
    for (int f = 0; f < features; ++f) {
      inputs[static_cast<std::size_t>(r * columns + f)] =
          values("x")[static_cast<std::size_t>(r * features + f)];
    }
    inputs[static_cast<std::size_t>(r * columns + features + r)] = 1;
  }
  // Targets such that the gradient 2 (y - t) / count by the outputs is `upstream`.
  std::vector<float> targets = values("y");
  const double half_count = rows * features / 2.0;
  for (std::size_t i = 0; i < targets.size(); ++i) {
    targets[i] -= static_cast<float>(half_count * double{values("upstream")[i]});
  }

  Model<Net> model;
  model.assign(before);
  Trainer trainer{model, AddGradient{}};
  trainer.step(inputs, targets);
  const auto tensors = model.tensors();
  const auto found = [&](std::size_t i) { return std::get<std::vector<float>>(tensors[i].values); };

  // y is rounded where the targets are, at a magnitude of 100: upstream is good to 1e-6, and 17 of
  // them are added up.
  Worst worst;
  const auto compare = [&](double value, double expected, double tolerance, const char* what) {
    worst.compare(value, expected, tolerance, what);
  };
  for (std::size_t f = 0; f < features; ++f) {
    compare(double{found(1)[f]} - double{values("scale")[f]}, double{values("dscale")[f]}, 1e-5,
            "dscale");
    compare(double{found(2)[f]} - double{values("shift")[f]}, double{values("dshift")[f]}, 1e-5,
            "dshift");
    const double spread = deviation * deviation;
    compare(double{found(3)[f]}, double{values("running_mean_after")[f]},
            4 * epsilon * (std::abs(mean) + deviation), "running mean");
    compare(double{found(4)[f]}, double{values("running_var_after")[f]}, 8 * epsilon * (spread + 2),
            "running variance");
    for (std::size_t r = 0; r < rows; ++r) {
      compare(double{found(0)[f * columns + features + r]}, double{values("dx")[r * features + f]},
              5e-6 / deviation, "dx");
    }
  }
  LAMINA_CHECK_WORST(worst);

  // Inference with PyTorch's statistics. x - mean is rounded where x is.
  std::vector<Tensor> after = before;
  after[3].values = values("running_mean_after");
  after[4].values = values("running_var_after");
  model.assign(after);
  std::vector<float> outputs(rows * features);
  const auto check_outputs = [&](const char* what) {
    for (std::size_t i = 0; i < outputs.size(); ++i) {
      compare(
          double{outputs[i]}, double{values("y_eval")[i]},
          4 * epsilon * (std::abs(mean) + 4 * deviation + double{std::abs(values("y_eval")[i])}),
          what);
    }
  };
  worst = {};
  model.predict(inputs, outputs);
  check_outputs("predict");
  model.freeze()(inputs, outputs);
  check_outputs("frozen");
  LAMINA_CHECK_WORST(worst);
}

}  // namespace

TEST_CASE("batch normalization agrees with PyTorch, forward and back", "[training]") {
  check_batch_norm<BatchNorm<>>("default", 0.5, 2);
  check_batch_norm<BatchNorm<Epsilon<1e-3>, Momentum<0.3>>>("custom", -1, 0.05);
  check_batch_norm<BatchNorm<>>("shifted", 1e4, 1);
}

}  // namespace test_golden_training
