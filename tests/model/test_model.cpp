#include "errors.hpp"
#include "trained.hpp"

// What a model is from outside: its plan, its tensors and its start.

namespace test_model {

using namespace lamina;
using namespace lamina::testing;

namespace {

using Classifier =
    Network<Input<784>, Linear<512>, BatchNorm<>, ReLU, Dropout<0.2>, Linear<256>, BatchNorm<>,
            ReLU, Dropout<0.2>, Linear<10>, CrossEntropy<LabelSmoothing<0.1>>, L2<5e-4>>;
constexpr PlanSummary plan = plan_of<Classifier>;
static_assert(plan.stages == 3);
static_assert(plan.features == 784 && plan.outputs == 10);
static_assert(plan.parameters == 784 * 512 + 512 * 2 + 512 * 256 + 256 * 2 + 256 * 10 + 10);
static_assert(plan.parameters == 536'586);
static_assert(plan.flops_per_sample == 2 * 1'203'712);
static_assert(plan.inference_flops_per_sample == 2 * (784 * 512 + 512 * 256 + 256 * 10));

static_assert(plan_of<Small>.stages == 4);
static_assert(plan_of<Small>.parameters == 5 * 17 + 2 * 17 + 17 * 33 + 2 * 33 + 33 * 3 + 3);

using Lambda = Elementwise<[](auto x) { return tanh(x); }>;
static_assert(Plan<Network<Input<4>, Linear<3>, Lambda, MeanSquaredError>>::stages[0].reads ==
              expr::Reads::Output);

std::vector<float> floats(const std::vector<Tensor>& tensors, const std::string& name) {
  for (const Tensor& tensor : tensors) {
    if (tensor.name == name) return std::get<std::vector<float>>(tensor.values);
  }
  FAIL("no tensor " << name);
  return {};
}

}  // namespace

TEST_CASE("model: tensors have the names and shapes of torch.nn.Sequential", "[model]") {
  const auto tensors = Model<Small>{}.tensors();
  std::string text;
  for (const Tensor& tensor : tensors) {
    text += tensor.name;
    for (const std::int64_t extent : tensor.shape) {
      text += ' ';
      text += std::to_string(extent);
    }
    text += ", ";
  }
  // A bias before a batch normalization is none: the mean takes it away.
  CHECK(text ==
        "0.weight 17 5, 1.weight 17, 1.bias 17, 1.running_mean 17, 1.running_var 17, "
        "1.num_batches_tracked, 4.weight 33 17, 7.weight 33, 7.bias 33, 7.running_mean 33, "
        "7.running_var 33, 7.num_batches_tracked, 8.weight 3 33, 8.bias 3, ");
  for (const Tensor& tensor : tensors) {
    const bool counter = tensor.name.ends_with("num_batches_tracked");
    CHECK(counter == std::holds_alternative<std::vector<std::int64_t>>(tensor.values));
  }
}

TEST_CASE("model: tensors and assign are each other's inverse", "[model]") {
  const Model<Small> model = trained<Small>();
  auto tensors = model.tensors();
  Model<Small> other{Seed{99}};
  REQUIRE_FALSE(same_bits(other.tensors(), tensors));
  other.assign(tensors);
  CHECK(same_bits(other.tensors(), tensors));
  std::reverse(tensors.begin(), tensors.end());
  Model<Small> third;
  third.assign(tensors);
  CHECK(same_bits(third.tensors(), model.tensors()));
}

TEST_CASE("model: assign refuses what does not fit and changes nothing", "[model]") {
  Model<Small> model = trained<Small>();
  const auto before = model.tensors();
  const auto refuse = [&](auto change, auto... parts) {
    auto tensors = Model<Small>{Seed{5}}.tensors();
    change(tensors);
    CHECK(has(error_of([&] { model.assign(tensors); }), parts...));
    CHECK(same_bits(model.tensors(), before));
  };
  refuse([](auto& t) { t.pop_back(); }, "8.bias", "(3)");
  refuse([](auto& t) { t.clear(); }, "0.weight", "(17, 5)");
  refuse([](auto& t) { t.push_back({"9.weight", {1, 2}, std::vector<float>{1, 2}}); }, "9.weight",
         "(1, 2)");
  refuse([](auto& t) { t.push_back(t[0]); }, "0.weight");
  refuse([](auto& t) { t[0].shape = {5, 17}; }, "0.weight", "(17, 5)", "(5, 17)");
  refuse([](auto& t) { t[0].shape = {85}; }, "0.weight", "(17, 5)", "(85)");
  refuse([](auto& t) { std::get<std::vector<float>>(t[0].values).pop_back(); }, "0.weight", "84");
  refuse([](auto& t) { t[5].values = std::vector<float>{0.5f}; }, "1.num_batches_tracked");
  refuse([](auto& t) { t[5].shape = {2}; }, "1.num_batches_tracked", "(2)");
  refuse([](auto& t) { t[1].values = std::vector<std::int64_t>(17); }, "1.weight");
}

TEST_CASE("model: same seed, same parameters; another seed, others", "[model]") {
  CHECK(same_bits(Model<Small>{Seed{42}}.tensors(), Model<Small>{Seed{42}}.tensors()));
  const auto first = floats(Model<Small>{Seed{42}}.tensors(), "0.weight");
  const auto second = floats(Model<Small>{Seed{43}}.tensors(), "0.weight");
  for (std::size_t i = 0; i < first.size(); ++i) CHECK(first[i] != second[i]);
  CHECK(Model<Small>{Seed{42}}.seed().value == 42);
}

TEST_CASE("model: what is no weight starts where PyTorch starts it", "[model]") {
  const auto tensors = Model<Small>{Seed{1}}.tensors();
  const auto all = [&](const std::string& name, float value) {
    for (const float found : floats(tensors, name)) REQUIRE(found == value);
  };
  all("1.weight", 1);
  all("1.bias", 0);
  all("1.running_mean", 0);
  all("1.running_var", 1);
  all("8.bias", 0);
}

namespace {

/// Mean and deviation of the weights of a layer of 100 inputs and 200 outputs.
template <class Layer, class... Items>
void check_start(double deviation) {
  INFO(std::string(Layer::name().view()));
  const auto tensors =
      Model<Network<Input<100>, Layer, Items..., Linear<2>, MeanSquaredError>>{Seed{8}}.tensors();
  double sum = 0;
  double squares = 0;
  double cubes = 0;
  const auto weights = floats(tensors, "0.weight");
  for (const float weight : weights) {
    const double scaled = double{weight} / deviation;
    sum += scaled;
    squares += scaled * scaled;
    cubes += scaled * scaled * scaled;
  }
  const auto count = static_cast<double>(weights.size());
  // Five deviations of the means of x, x^2 and x^3.
  CHECK(std::abs(sum / count) < 5 / std::sqrt(count));
  CHECK(std::abs(squares / count - 1) < 5 * std::sqrt(2 / count));
  CHECK(std::abs(cubes / count) < 5 * std::sqrt(15 / count));
}

}  // namespace

TEST_CASE("model: weights start by the activation behind them, or as told", "[model]") {
  const double kaiming = std::sqrt(2.0 / 100);
  const double xavier = std::sqrt(1.0 / 100);
  check_start<Linear<200>, ReLU>(kaiming);
  check_start<Linear<200>, BatchNorm<>, ReLU, Dropout<0.5>>(kaiming);
  check_start<Linear<200>, Dropout<0.5>, LeakyReLU<>>(kaiming);
  check_start<Linear<200>, GELU>(kaiming);
  check_start<Linear<200>, Tanh>(xavier);
  check_start<Linear<200>, SELU>(xavier);
  check_start<Linear<200>>(xavier);
  check_start<Linear<200, Init<Kaiming>>, Tanh>(kaiming);
  check_start<Linear<200, Init<Xavier>, NoBias>, ReLU>(xavier);
  check_start<Linear<200, Init<Glorot>>, ReLU>(std::sqrt(2.0 / 300));
}

TEST_CASE("describe tells the plan", "[model]") {
  const std::string text = describe<Classifier>();
  CHECK(has(text, "784", "512", "256", "BatchNorm", "ReLU", "Dropout<0.2>",
            "CrossEntropy<LabelSmoothing<0.1>>", "L2<0.0005>", "536586", "2407424"));
}

}  // namespace test_model
