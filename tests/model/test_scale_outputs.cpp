#include <cmath>
#include <limits>
#include <vector>

#include <lamina/lamina.hpp>

#include "catch.hpp"
#include "errors.hpp"
#include "io/files.hpp"
#include "numbers.hpp"

namespace test_scale_outputs {

namespace {

using namespace lamina;
using lamina::testing::error_of;
using lamina::testing::has;
using lamina::testing::same_bits;
using lamina::testing::TemporaryDirectory;

using Plain = Network<Input<3>, Linear<17>, ReLU, Linear<2>, MeanSquaredError>;
using Normed = Network<Input<3>, Linear<2, WeightNorm>, Dropout<0.5>, MeanSquaredError>;
using BatchNormed = Network<Input<3>, Linear<2>, BatchNorm<>, MeanSquaredError>;

const std::vector<float> inputs{1, -2, 3, -0.5f, 0.25f, 2};  // (2, 3)
const std::vector<float> targets{1, 2, -3, 1};               // (2, 2)
const OutputScale scale{.factors = {2.5, -0.125}, .offsets = {1000, -3}};

template <class Net>
std::vector<float> outputs_of(const Model<Net>& model) {
  std::vector<float> outputs(4);
  model.predict(inputs, outputs);
  return outputs;
}

TEMPLATE_TEST_CASE("scale outputs: every output is its factor and its offset away", "", Plain,
                   Normed, BatchNormed) {
  static_assert(Model<TestType>::scales_outputs);
  Model<TestType> model{Seed{1}};
  Trainer trainer{model, Adam{}};
  for (int step = 0; step < 3; ++step) trainer.step(inputs, targets);
  const std::vector<float> before = outputs_of(model);
  model.scale_outputs(scale);
  const std::vector<float> after = outputs_of(model);
  for (std::size_t i = 0; i < after.size(); ++i) {
    const double expected =
        scale.factors[i % 2] * static_cast<double>(before[i]) + scale.offsets[i % 2];
    // A few roundings of numbers as large as the offset.
    CHECK(std::abs(static_cast<double>(after[i]) - expected) <=
          4 * 6e-8 * (1 + std::abs(expected)));
  }
  std::vector<float> frozen(4);
  model.freeze()(inputs, frozen);
  for (std::size_t i = 0; i < after.size(); ++i) {
    CHECK(std::abs(frozen[i] - after[i]) <= 4e-7f * (1 + std::abs(after[i])));
  }
}

TEST_CASE("scale outputs: a network that goes on behind its last layer has no place for them") {
  static_assert(!Model<Network<Input<3>, Linear<2>, Tanh, MeanSquaredError>>::scales_outputs);
  static_assert(!Model<Network<Input<3>, Linear<2, NoBias>, MeanSquaredError>>::scales_outputs);
  static_assert(!Model<Network<Input<2>, Residual<Linear<2>>, MeanSquaredError>>::scales_outputs);
  static_assert(
      !Model<Network<Input<3>, Linear<2>, BatchNorm<NoAffine>, MeanSquaredError>>::scales_outputs);
  static_assert(!Model<Network<Input<3>, Linear<2>, RMSNorm<>, MeanSquaredError>>::scales_outputs);
  Model<Network<Input<3>, Linear<2>, Tanh, MeanSquaredError>> model{Seed{1}};
  const auto before = model.tensors();
  CHECK(has(error_of([&] { model.scale_outputs(scale); }), "scale_outputs", "linear layer"));
  CHECK(same_bits(model.tensors(), before));
}

TEST_CASE("scale outputs: numbers that do not fit are errors, and change nothing") {
  Model<Plain> model{Seed{1}};
  const auto before = model.tensors();
  const auto error = [&](const OutputScale& wrong) {
    return error_of([&] { model.scale_outputs(wrong); });
  };
  CHECK(has(error({.factors = {1}, .offsets = {1, 2}}), "2 outputs", "found 1 and 2"));
  CHECK(has(error({.factors = {1, NAN}, .offsets = {1, 2}}), "finite", "nan", "output 1"));
  CHECK(has(error({.factors = {1, 2}, .offsets = {INFINITY, 2}}), "finite", "inf", "output 0"));
  CHECK(same_bits(model.tensors(), before));
}

TEST_CASE("scale outputs: a checkpoint's best model predicts in the units of the data") {
  const TemporaryDirectory directory;
  const Dataset data{3, inputs, targets, 2};
  const auto fit = [&](const Checkpoint& checkpoint) {
    Model<Plain> model{Seed{1}};
    Trainer trainer{model, Sgd{.learning_rate = 0.01f}};
    trainer.fit(data, {}, {.epochs = 1, .batch_size = 2}, Checkpoint{checkpoint});
    return model;
  };
  Model<Plain> trained = fit(
      {.directory = directory.path(), .metadata = {{"targets", "width, height"}}, .scale = scale});
  trained.scale_outputs(scale);
  Model<Plain> best{Seed{2}};
  load(best, directory / "best.safetensors");
  CHECK(same_bits(best.tensors(), trained.tensors()));
  CHECK(read_metadata(directory / "best.safetensors") == Metadata{{"targets", "width, height"}});
  CHECK(read_metadata(directory / "last.safetensors").empty());
  const OutputScale wrong{.factors = {1}, .offsets = {1}};
  CHECK(has(error_of([&] { fit({.directory = directory / "other", .scale = wrong}); }), "2 outputs",
            "found 1 and 1"));
  CHECK_FALSE(std::filesystem::exists(directory / "other"));
}

}  // namespace

}  // namespace test_scale_outputs
