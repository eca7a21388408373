#include "golden_run.hpp"

// Runs of 20 steps: norms whose scale and shift are of every value, nn.LayerNorm((C, H, W)).

namespace test_golden_elements {

using namespace lamina;
using namespace lamina::testing;

namespace {

using Images =
    Network<Input<1, 4, 5>, Conv2d<6, Kernel<3>, Padding<1>>, LayerNorm<PerElement>, GELU,
            Conv2d<18, Kernel<2>>, LayerNorm<PerElement>, Tanh, Flatten, Linear<5>, CrossEntropy<>>;
using Signals =
    Network<Input<2, 10>, Conv1d<17, Kernel<3>>, RMSNorm<PerElement>, Tanh, Conv1d<4, Kernel<2>>,
            LayerNorm<PerElement, Epsilon<1e-3>>, Flatten, Linear<5>, CrossEntropy<>>;

const Golden& runs() {
  static const Golden golden("runs_elements");
  return golden;
}

template <class Optimizer>
void follow_image(const std::string& variant, const Optimizer& optimizer,
                  const RunOptions& options = {}) {
  follow_run<Images>(runs(), "image", variant, optimizer, options);
}

/// The outputs of the first batch at the initial numbers, as they are and frozen, and by what one
/// step at rate 1 moves them: the gradients.
template <class Net>
void check_first_step(const std::string& network) {
  INFO(network);
  const RunData data({}, static_cast<std::size_t>(Plan<Net>::features));
  EngineOf<Net, Sgd> engine{Sgd{.learning_rate = 1}};
  engine.begin(Seed{1});
  engine.assign(runs().below(network + ".initial."));
  const std::vector<float>& expected = runs().floats(network + ".outputs");
  std::vector<float> found(expected.size());
  std::vector<float> frozen(expected.size());
  std::vector<float> of_single_rows(expected.size());
  engine.predict(data.inputs(0), found);
  engine.predict_frozen(data.inputs(0), frozen, of_single_rows);
  CHECK(of_single_rows == frozen);
  Worst worst;
  for (std::size_t i = 0; i < expected.size(); ++i) {
    // Sums of a few hundred products of order 0.1 behind normalized values.
    worst.compare(double{found[i]}, double{expected[i]}, 4e-6, static_cast<double>(i));
    worst.compare(double{frozen[i]}, double{expected[i]}, 4e-6, static_cast<double>(i));
  }
  LAMINA_CHECK_WORST(worst);

  engine.step(data.inputs(0), data.template targets<Label>(0));
  std::vector<Tensor> moved = runs().below(network + ".initial.");
  const std::vector<Tensor> after = engine.tensors();
  for (Tensor& tensor : moved) {
    auto& values = std::get<std::vector<float>>(tensor.values);
    const auto& now = std::get<std::vector<float>>(tensor_of(after, tensor.name).values);
    for (std::size_t i = 0; i < values.size(); ++i) values[i] -= now[i];
  }
  // What is left of a gradient of order 0.1 behind a difference of numbers of order 1.
  const Worst gradients = compare_tensors(moved, runs().below(network + ".gradient."), 1e-5);
  LAMINA_CHECK_WORST(gradients);
}

}  // namespace

TEST_CASE("a scale of every value: outputs and gradients are PyTorch's", "[training]") {
  check_first_step<Images>("image");
  check_first_step<Signals>("signal");
}

TEST_CASE("20 steps of layer normalization per element follow PyTorch", "[training]") {
  follow_image("sgd", Sgd{.learning_rate = 0.05f, .momentum = 0.9f});
  follow_image("adam", Adam{.learning_rate = 0.01f});
  follow_image("adamw", AdamW{.learning_rate = 0.01f, .weight_decay = 0.05f});
  follow_image("adagrad", Adagrad{.learning_rate = 0.05f});
  follow_image("rms_prop", RmsProp{.learning_rate = 0.005f});
  follow_image("nadam", Nadam{.learning_rate = 0.01f});
  Lion lion{.learning_rate = 0.002f};
  lion.beta1 = 0.9f;
  lion.beta2 = 0.99f;
  follow_image("lion", lion);
}

TEST_CASE("20 steps of gradients in memory, per element, follow PyTorch", "[training]") {
  const Sgd sgd{.learning_rate = 0.1f, .momentum = 0.9f};
  follow_image("clip_by_norm", ClipByNorm{sgd, 0.5f});
  follow_image("accumulate", Accumulate{sgd, 4}, {.most_rows = 7});
}

TEST_CASE("20 steps of root-mean-square normalization per element follow PyTorch", "[training]") {
  follow_run<Signals>(runs(), "signal", "sgd", Sgd{.learning_rate = 0.05f, .momentum = 0.9f});
  follow_run<Signals>(runs(), "signal", "adam", Adam{.learning_rate = 0.01f});
}

}  // namespace test_golden_elements
