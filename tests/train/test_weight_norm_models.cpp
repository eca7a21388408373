#include "normed.hpp"

// What holds for models with WeightNorm as for all others: files, freezing, averages, threads,
// memory.

namespace test_weight_norm_models {

using namespace lamina;
using namespace lamina::testing;
using namespace lamina::testing::following;
using normed::adam;
using normed::Normed;
using normed::sgd;
using normed::Small;

TEST_CASE("weight norm: starts as the plain layer, in other tensors", "[weight_norm]") {
  const Model<Normed<CrossEntropy<>>> model{Seed{9}};
  const Model<Wide<CrossEntropy<>>> plain{Seed{9}};
  const auto tensors = model.tensors();
  CHECK(floats(tensors, "0.weight_v") == floats(plain.tensors(), "0.weight"));
  for (const Tensor& tensor : tensors) {
    CHECK(tensor.name != "0.weight");
    if (tensor.name == "0.weight_g") CHECK(tensor.shape == std::vector<std::int64_t>{100, 1});
    if (tensor.name == "0.weight_v") CHECK(tensor.shape == std::vector<std::int64_t>{100, 130});
  }
  const auto inputs = uniform(130 * 4, 1);
  std::vector<float> found(12), expected(12);
  model.predict(inputs, found);
  plain.predict(inputs, expected);
  // Outputs of order 1 after sums over 130.
  for (std::size_t i = 0; i < 12; ++i) CHECK(std::abs(found[i] - expected[i]) < 50 * epsilon);
}

TEST_CASE("weight norm: what is loaded, frozen and averaged predicts the same", "[weight_norm]") {
  using Net = Network<Input<20>, Linear<90, WeightNorm>, BatchNorm<>, ReLU, Linear<3, WeightNorm>,
                      CrossEntropy<>>;
  Model<Net> model{Seed{4}};
  Trainer trainer{model, Average{sgd, 0.5f}};
  for (unsigned step = 1; step <= 4; ++step) {
    const StepBatch<Net> batch(17, step);
    trainer.step(batch.inputs, batch.targets);
  }
  const auto inputs = uniform(20 * 5, 1);
  const auto outputs = [&](const auto& of) {
    std::vector<float> made(15);
    if constexpr (requires { of.predict(inputs, made); }) {
      of.predict(inputs, made);
    } else {
      of(inputs, made);
    }
    return made;
  };
  Model<Net> loaded{Seed{8}};
  loaded.assign(model.tensors());
  CHECK(outputs(loaded) == outputs(model));
  const auto frozen = outputs(model.freeze());
  const auto direct = outputs(model);
  for (std::size_t i = 0; i < 15; ++i) CHECK(std::abs(frozen[i] - direct[i]) < 100 * epsilon);
  // The weights of the average are made of averages.
  const Model<Net> averaged = trainer.average();
  Model<Net> again;
  again.assign(averaged.tensors());
  CHECK(outputs(again) == outputs(averaged));
  CHECK(outputs(averaged) != direct);
}

TEST_CASE("weight norm: any number of threads gives the same bits", "[weight_norm][threads]") {
  check_threads<Normed<CrossEntropy<>, L2<0.01>, WeightDecay<0.1>>>(adam);
  check_threads<Small<CrossEntropy<>, L2<0.01>>>(adam);
  check_threads<Normed<CrossEntropy<>, L2<0.01>>>(ClipByNorm{Average{adam, 0.9f}, 0.5f});
}

TEST_CASE("weight norm: a step allocates nothing after the first", "[weight_norm][allocations]") {
  CHECK(allocations_of_steps<Normed<CrossEntropy<>, L2<0.01>>>(adam) == 0);
}

}  // namespace test_weight_norm_models
