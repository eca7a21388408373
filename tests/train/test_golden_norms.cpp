#include "add_gradient.hpp"
#include "golden_run.hpp"

// Normalizations of dense features: number by number, and runs of 20 steps.

namespace test_golden_norms {

using namespace lamina;
using namespace lamina::testing;

namespace {

template <int Width, class Norm, class Activation, int Width2, class... Attributes>
using Normed = Network<Input<20>, Linear<Width, Attributes...>, Norm, Activation,
                       Linear<Width2, Attributes...>, Norm, Tanh, Linear<5>, CrossEntropy<>>;
template <class Norm, class Activation = Tanh>
using Biased = Normed<33, Norm, Activation, 21>;
template <class Norm>
using Unbiased = Normed<33, Norm, Tanh, 21, NoBias>;

const Golden& runs() {
  static const Golden golden("runs_norms");
  return golden;
}

const Sgd sgd{.learning_rate = 0.1f, .momentum = 0.9f};
const Sgd slow_sgd{.learning_rate = 0.02f, .momentum = 0.9f};
const Adam adam{.learning_rate = 0.01f};

/// The run by Sgd and the one by Adam.
template <class Net>
void follow_both(const std::string& network) {
  follow_run<Net>(runs(), network, "sgd", sgd);
  follow_run<Net>(runs(), network, "adam", adam);
}

}  // namespace

TEST_CASE("20 steps with layer normalization follow PyTorch", "[training]") {
  follow_both<Biased<LayerNorm<>>>("layer_norm");
  follow_run<Biased<LayerNorm<>>>(runs(), "layer_norm", "single", slow_sgd, {.most_rows = 1});
  follow_run<Biased<LayerNorm<>, ReLU>>(runs(), "layer_norm_relu", "sgd", sgd);
  follow_both<Biased<LayerNorm<NoAffine>>>("layer_norm_no_affine");
}

TEST_CASE("20 steps with root-mean-square normalization follow PyTorch", "[training]") {
  follow_both<Biased<RMSNorm<>>>("rms_norm");
}

TEST_CASE("20 steps with group normalization follow PyTorch", "[training]") {
  follow_both<Normed<32, GroupNorm<4>, ReLU, 20>>("group_norm_4");
  follow_run<Biased<GroupNorm<3>>>(runs(), "group_norm_3", "sgd", sgd);
}

TEST_CASE("20 steps with batch normalization without scale and shift follow PyTorch",
          "[training]") {
  follow_both<Unbiased<BatchNorm<NoAffine>>>("batch_norm_no_affine");
}

TEST_CASE("20 steps with running batch normalization follow fastai's", "[training]") {
  using Net = Unbiased<RunningBatchNorm<>>;
  follow_both<Net>("running_batch_norm");
  follow_run<Net>(runs(), "running_batch_norm", "pairs", slow_sgd, {.most_rows = 2});
}

namespace {

/// One normalization behind an identity. The inputs have a column for every row, 1 in that row
/// alone, whose weights are 0: their gradients are those by the normalization's inputs.
class NormCase {
 public:
  /// `mean` and `deviation` are those of x: where it is far from 0, x - mean is rounded as x is.
  NormCase(const std::string& name, std::size_t of_features, std::size_t of_rows, double mean,
           double deviation)
      : features_(of_features),
        rows_(of_rows),
        columns_(features_ + rows_),
        name_(name + "."),
        deviation_(deviation),
        shifted_(epsilon * std::abs(mean) / deviation) {}

  void check(Engine<float>& engine) {
    INFO(name_);
    const std::vector<Tensor> before = state(golden().below(name_ + "before."));
    engine.begin(Seed{});
    engine.assign(before);
    engine.step(inputs(), targets());
    check_step(before, engine.tensors());

    std::vector<Tensor> after = before;
    for (Tensor& tensor : after) {
      for (const Tensor& average : golden().below(name_ + "after.")) {
        if (tensor.name == "1." + average.name) tensor.values = average.values;
      }
    }
    engine.assign(after);
    std::vector<float> outputs(rows_ * features_);
    engine.predict(inputs(), outputs);
    check_outputs(outputs, "predict");
    std::vector<float> singly(rows_ * features_);
    engine.predict_frozen(inputs(), outputs, singly);
    check_outputs(outputs, "frozen");
    check_outputs(singly, "frozen, row by row");
  }

 private:
  static const Golden& golden() {
    static const Golden golden("norms");
    return golden;
  }
  [[nodiscard]] const std::vector<float>& values(const std::string& what) const {
    return golden().floats(name_ + what);
  }
  static const std::vector<float>& floats(const std::vector<Tensor>& tensors,
                                          const std::string& name) {
    return std::get<std::vector<float>>(tensor_of(tensors, name).values);
  }

  /// The network's tensors: an identity, and the normalization's.
  [[nodiscard]] std::vector<Tensor> state(std::vector<Tensor> tensors) const {
    for (Tensor& tensor : tensors) tensor.name = "1." + tensor.name;
    std::vector<float> weights(features_ * columns_);
    for (std::size_t f = 0; f < features_; ++f) weights[f * columns_ + f] = 1;
    tensors.push_back({"0.weight",
                       {static_cast<std::int64_t>(features_), static_cast<std::int64_t>(columns_)},
                       std::move(weights)});
    return tensors;
  }

  [[nodiscard]] std::vector<float> inputs() const {
    std::vector<float> made(rows_ * columns_);
    for (std::size_t r = 0; r < rows_; ++r) {
      std::copy_n(values("x").data() + r * features_, features_, made.data() + r * columns_);
      made[r * columns_ + features_ + r] = 1;
    }
    return made;
  }
  /// Targets such that the gradient 2 (y - t) / count by the outputs is `upstream`. y is rounded
  /// where the targets are, at a magnitude of 100: upstream is good to 1e-6.
  [[nodiscard]] std::vector<float> targets() const {
    std::vector<float> made = values("y");
    for (std::size_t i = 0; i < made.size(); ++i) {
      made[i] -= static_cast<float>(static_cast<double>(rows_ * features_) / 2.0 *
                                    double{values("upstream")[i]});
    }
    return made;
  }

  void check_step(const std::vector<Tensor>& before, const std::vector<Tensor>& found) const {
    Worst worst;
    for (const Tensor& gradient : golden().below(name_ + "gradient.")) {
      const auto& expected = std::get<std::vector<float>>(gradient.values);
      const auto& now = floats(found, "1." + gradient.name);
      const auto& then = floats(before, "1." + gradient.name);
      for (std::size_t f = 0; f < features_; ++f) {  // sums over at most 17 rows_
        worst.compare(double{now[f]} - double{then[f]}, double{expected[f]}, 1e-5 + 17 * shifted_,
                      gradient.name);
      }
    }
    for (std::size_t f = 0; f < features_; ++f) {
      for (std::size_t r = 0; r < rows_; ++r) {
        worst.compare(double{floats(found, "0.weight")[f * columns_ + features_ + r]},
                      double{values("dx")[r * features_ + f]}, (5e-6 + 4 * shifted_) / deviation_,
                      "dx");
      }
    }
    LAMINA_CHECK_WORST(worst);
    std::vector<Tensor> averages;
    const std::vector<Tensor> expected = golden().below(name_ + "after.");
    for (const Tensor& average : expected) {
      averages.push_back(tensor_of(found, "1." + average.name));
      averages.back().name = average.name;
    }
    worst = compare_tensors(averages, expected, 8 * epsilon);
    LAMINA_CHECK_WORST(worst);
  }

  void check_outputs(const std::vector<float>& outputs, const std::string& what) const {
    Worst worst;
    for (std::size_t i = 0; i < outputs.size(); ++i) {
      const auto expected = double{values("y_eval")[i]};
      worst.compare(double{outputs[i]}, expected,
                    16 * epsilon + 8 * shifted_ + 8 * epsilon * std::abs(expected), what);
    }
    LAMINA_CHECK_WORST(worst);
  }

  std::size_t features_;
  std::size_t rows_;
  std::size_t columns_;
  std::string name_;
  double deviation_;
  double shifted_;
};

template <class Norm, int Features, int Rows = 17>
void check_norm(const std::string& name, double mean, double deviation) {
  using Net = Network<Input<Features + Rows>, Linear<Features, NoBias>, Norm, MeanSquaredError>;
  EngineOf<Net, AddGradient> engine(AddGradient{});
  NormCase(name, Features, Rows, mean, deviation).check(engine);
}

}  // namespace

TEST_CASE("norms over features agree with PyTorch, forward and back", "[training]") {
  check_norm<LayerNorm<>, 10>("layer_norm", 0.5, 2);
  check_norm<LayerNorm<Epsilon<1e-3>>, 10>("layer_norm_custom", -1, 0.05);
  check_norm<LayerNorm<>, 33>("layer_norm_shifted", 100, 1);
  check_norm<LayerNorm<>, 33, 1>("layer_norm_one_row", 0.5, 2);
  check_norm<LayerNorm<NoAffine>, 10>("layer_norm_no_affine", 0.5, 2);
  check_norm<RMSNorm<>, 10>("rms_norm", 0.5, 2);
  check_norm<RMSNorm<Epsilon<1e-3>>, 33>("rms_norm_custom", 0, 0.05);
  check_norm<GroupNorm<4>, 12>("group_norm_4", 0.5, 2);
  check_norm<GroupNorm<3>, 33>("group_norm_3", 0.5, 2);
  check_norm<GroupNorm<3>, 21>("group_norm_shifted", 100, 1);
}

TEST_CASE("norms over the batch agree with PyTorch, forward and back", "[training]") {
  check_norm<BatchNorm<NoAffine>, 10>("batch_norm_no_affine", 0.5, 2);
  check_norm<RunningBatchNorm<>, 10>("running_batch_norm", 0.5, 2);
  check_norm<RunningBatchNorm<>, 10>("running_batch_norm_new", 0.1, 0.12);
}

}  // namespace test_golden_norms
