#include <lamina/lamina.hpp>

#include "errors.hpp"
#include "numbers.hpp"

// Panels are filled up with features that are not there. Their numbers are zero, whatever stands
// between the layers, so that sums over panels - penalties, norms of gradients - need not tell them
// from others.

namespace test_padding {

using namespace lamina;
using namespace lamina::testing;

namespace {

// Infinitely steep at the zeros that stand for features that are not there: zero times infinity
// would be no number.
using Root = Elementwise<[](auto x) { return sqrt(abs(x)); }>;

/// No weight below Least: the zeros of the padding would be moved, too.
template <double Least>
struct AtLeast {
  static constexpr Role role = Role::Constraint;
  static constexpr AttributeKind attribute = AttributeKind::Constraint;
  static constexpr TextBuffer name() { return item_name("AtLeast", Least); }
  static constexpr TextBuffer check() { return {}; }

  struct Rule {
    float least;
    template <class V>
    V project(V weight) const {
      return max(weight, V(least));
    }
  };
  static constexpr Rule rule() { return {static_cast<float>(Least)}; }
};

/// All trained numbers of features that are not there.
template <class Net>
std::vector<float> padding_of(Model<Net>& model) {
  std::vector<float> found;
  for (const Stage& stage : Plan<Net>::stages) {
    const auto add = [&](std::size_t first, int rows) {
      const float* at = model.block().trained.data() + first;
      for (int panel = 0; panel < stage.panels.count; ++panel) {
        for (int row = 0; row < rows; ++row, at += stage.panels.width) {
          found.insert(found.end(), at + stage.panels.features_of(panel), at + stage.panels.width);
        }
      }
    };
    if (stage.contraction) add(stage.weights, stage.inputs);
    if (stage.reparameterized) add(stage.direction, stage.inputs);
    if (stage.reparameterized) add(stage.magnitude, 1);
    if (stage.bias) add(stage.bias_vector, 1);
    if (stage.normalized && stage.norm.scaled) add(stage.scale_vector, 1);
    if (stage.normalized && stage.norm.shifted) add(stage.shift_vector, 1);
  }
  return found;
}

/// Steps leave the padding as it was, which is zero but for the scales of norms that start as one,
/// and the loss finite.
template <class Net, class Optimizer>
void check_padding(const char* name, const Optimizer& optimizer, std::size_t rows = 70) {
  INFO(name);
  static_assert(!runtime::is_narrow<Net>);
  Model<Net> model{Seed{3}};
  const std::vector<float> start = padding_of(model);
  REQUIRE(start.size() > 20);
  CHECK(std::ranges::all_of(start, [](float x) { return x == 0 || x == 1; }));
  Trainer trainer{model, optimizer};
  for (unsigned step = 0; step < 4; ++step) {
    const auto features = static_cast<std::size_t>(Plan<Net>::features);
    const auto outputs = static_cast<std::size_t>(Plan<Net>::outputs);
    const float loss = trainer.step(uniform(rows * features, 2 * step, -2, 2),
                                    uniform(rows * outputs, 2 * step + 1));
    CHECK(std::isfinite(loss));
  }
  CHECK(padding_of(model) == start);
}

const Sgd sgd{.learning_rate = 1e-3f, .momentum = 0.9f};

}  // namespace

TEST_CASE("padding: of parameters is zero after steps through an infinitely steep activation",
          "[training]") {
  using Plain = Network<Input<130>, Linear<70>, Root, Linear<33>, Root, Dropout<0.3>, Linear<17>,
                        Root, Linear<3>, MeanSquaredError, L2<0.01>, MaxNorm<2.0>>;
  check_padding<Plain>("in registers", sgd);
  check_padding<Plain>("stored", ClipByNorm{Adam{.learning_rate = 1e-3f}, 0.5f});
  check_padding<Plain>("in parts", Accumulate{sgd, 2});
  check_padding<Network<Input<130>, Linear<70>, BatchNorm<>, Root, Linear<33>, LayerNorm<>, Root,
                        Linear<17>, Root, BatchNorm<>, Linear<3>, MeanSquaredError, L1<0.01>>>(
      "norms", sgd);
  check_padding<Network<Input<130>, Linear<70>, Root, Residual<Linear<70>, Root>, BatchNorm<>,
                        Concat<Branch<Linear<17>, Root>, Branch<Linear<5>, Root>>, Root, Linear<3>,
                        MeanSquaredError>>("structures", sgd);
  using Normed = Network<Input<130>, Linear<70, WeightNorm>, Root, Linear<33, WeightNorm>, Root,
                         Linear<3>, MeanSquaredError, L2<0.01>>;
  check_padding<Normed>("magnitudes and directions", sgd);
  check_padding<Normed>("the same, stored", ClipByNorm{sgd, 0.5f});
}

TEST_CASE("padding: is zero under a constraint that no zero fulfils", "[training]") {
  using Net = Network<Input<130>, Linear<70>, Tanh, Linear<33>, Tanh, Linear<3>, MeanSquaredError,
                      L2<0.5>, AtLeast<0.01>>;
  check_padding<Net>("in registers", sgd);
  check_padding<Net>("stored", ClipByNorm{sgd, 0.5f});
  check_padding<Net>("in parts", Accumulate{sgd, 2});
}

TEST_CASE("padding: costs nothing under a constraint that no zero fulfils", "[training]") {
  using Net =
      Network<Input<130>, Linear<70>, Tanh, Linear<3>, MeanSquaredError, L2<0.5>, AtLeast<0.01>>;
  Model<Net> model{Seed{3}};
  Trainer trainer{model, Sgd{.learning_rate = 1e-3f}};
  const auto inputs = uniform(20 * 130, 1, -1, 1);
  const auto targets = uniform(20 * 3, 2);
  trainer.step(inputs, targets);
  double squares = 0;
  for (const Tensor& tensor : model.tensors()) {
    if (tensor.shape.size() < 2) continue;
    for (const float w : std::get<std::vector<float>>(tensor.values)) {
      CHECK(w >= 0.01f);
      squares += double{w} * double{w};
    }
  }
  trainer.step(inputs, targets);
  // A sum of 9310 squares, in 16 lanes of some registers.
  CHECK(double{trainer.penalty()} == Approx(0.25 * squares).epsilon(100 * epsilon));
}

}  // namespace test_padding
