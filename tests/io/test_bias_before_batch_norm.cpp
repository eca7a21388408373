#include <algorithm>
#include <cstdlib>
#include <string>
#include <vector>

#include <lamina/lamina.hpp>

#include "catch.hpp"
#include "errors.hpp"
#include "io/exchange.hpp"

// torch.nn.Linear has a bias unless told, before a BatchNorm1d too, where it has no effect and a
// lamina network has none.

namespace test_bias_before_batch_norm {

namespace {

using namespace lamina;
using namespace lamina::testing;
using namespace lamina::testing::exchange;

using Bare = Network<Input<3>, Linear<4>, BatchNorm<NoAffine>, ReLU, Linear<2>, CrossEntropy<>>;
using Weighted =
    Network<Input<3>, Linear<4, WeightNorm>, BatchNorm<>, ReLU, Linear<2>, CrossEntropy<>>;
using Joined = Network<Input<3>, Concat<Branch<Linear<2>>, Branch<Linear<2>>>, BatchNorm<>, ReLU,
                       Linear<2>, CrossEntropy<>>;
using Without = Network<Input<3>, Linear<4, NoBias>, BatchNorm<>, ReLU, Linear<2>, CrossEntropy<>>;
using Running = Network<Input<3>, Linear<4>, RunningBatchNorm<>, ReLU, Linear<2>, CrossEntropy<>>;

const std::vector<float> inputs{1, -2, 3, -4, 5, -6, 0.5f, 0.25f, 2, 3, 1, -1};  // (4, 3)
const std::vector<Label> labels{0, 1, 1, 0};

template <class Net>
Model<Net> trained(Seed seed) {
  Model<Net> model{seed};
  Trainer trainer{model, Sgd{.learning_rate = 0.1f}};
  for (int step = 0; step < 10; ++step) trainer.step(inputs, labels);
  return model;
}

// What PyTorch has saved is loaded and computes the same; what is saved again has PyTorch's names
// and shapes, all of them, and is left for make_exchange.py where somebody asks for it.
template <class Net>
void exchange(const std::string& name) {
  INFO(name);
  const TemporaryDirectory directory;
  Model<Net> model{Seed{1}};
  load(model, exchanged(name));
  CHECK(computes_as_torch(model, name));

  const char* wanted = std::getenv("LAMINA_EXCHANGE");
  const std::filesystem::path folder = wanted == nullptr ? directory.path() : wanted;
  const std::filesystem::path file = folder / (name + ".safetensors");
  const Model<Net> own = trained<Net>(Seed{3});
  save(own, file);
  const auto names = [](const std::filesystem::path& path) {
    std::vector<std::pair<std::string, std::vector<std::int64_t>>> all;
    for (const Tensor& tensor : read_safetensors(path)) all.emplace_back(tensor.name, tensor.shape);
    std::sort(all.begin(), all.end());
    return all;
  };
  CHECK(names(file) == names(exchanged(name)));
  write_safetensors(folder / (name + "_outputs.safetensors"),
                    std::vector<Tensor>{{"inputs", {4, 3}, inputs},
                                        {"outputs", {4, 2}, predictions(own, inputs)}});
  Model<Net> again{Seed{2}};
  load(again, file);
  CHECK(predictions(again, inputs) == predictions(own, inputs));
}

TEST_CASE("bias before batch norm: files go from PyTorch to lamina and back", "[exchange]") {
  exchange<Exchanged>("plain");
  exchange<Bare>("no_affine");
  exchange<Weighted>("weight_norm");
  exchange<Joined>("concat");
}

TEST_CASE("bias before batch norm: weight normalization as PyTorch names it today") {
  Model<Weighted> model{Seed{1}};
  load(model, exchanged("parametrized"));
  CHECK(computes_as_torch(model, "parametrized"));
}

TEST_CASE("bias before batch norm: it is taken out of the running mean, and written as zeros") {
  const TemporaryDirectory directory;
  const std::vector<Tensor> file = read_safetensors(exchanged("plain"));
  Model<Exchanged> model{Seed{1}};
  load(model, exchanged("plain"));
  const std::vector<float> bias = floats_of(file, "0.bias");
  const std::vector<float> mean = floats_of(file, "1.running_mean");
  const std::vector<float> found = floats_of(model.tensors(), "1.running_mean");
  for (std::size_t i = 0; i < bias.size(); ++i) {
    CHECK(bias[i] != 0);
    CHECK(found[i] == mean[i] - bias[i]);  // floats subtracted: the double one, rounded
  }
  CHECK(floats_of(model.tensors(), "1.running_var") == floats_of(file, "1.running_var"));
  save(model, directory / "model");
  CHECK(floats_of(read_safetensors(directory / "model"), "0.bias") == std::vector<float>(4));
}

TEST_CASE("bias before batch norm: training goes on as if it had never been there") {
  std::vector<Tensor> file = read_safetensors(exchanged("plain"));
  Model<Exchanged> with{Seed{1}};
  with.assign(file);
  std::erase_if(file, [](const Tensor& tensor) { return tensor.name == "0.bias"; });
  Model<Exchanged> without{Seed{1}};
  without.assign(file);
  Trainer first{with, Sgd{.learning_rate = 0.1f}};
  Trainer second{without, Sgd{.learning_rate = 0.1f}};
  for (int step = 0; step < 3; ++step) {
    CHECK(first.step(inputs, labels) == second.step(inputs, labels));
  }
  CHECK(floats_of(with.tensors(), "0.weight") == floats_of(without.tensors(), "0.weight"));
}

TEST_CASE("bias before batch norm: it may be missing, but not be there for a type without") {
  const TemporaryDirectory directory;
  save(trained<Without>(Seed{1}), directory / "without");
  Model<Exchanged> model{Seed{2}};
  load(model, directory / "without");
  CHECK(predictions(model, inputs) == predictions(trained<Without>(Seed{1}), inputs));
  Model<Without> without{Seed{2}};
  CHECK(has(error_of([&] { load(without, exchanged("plain")); }), "missing: none",
            "left over: '0.bias' of shape (4)"));
}

TEST_CASE("bias before batch norm: only that of the same stage disappears") {
  // A branch's bias, and one with something random between, are arrays of the network.
  Model<Joined> joined{Seed{1}};
  load(joined, exchanged("concat"));
  CHECK(floats_of(joined.tensors(), "0.0.0.bias") ==
        floats_of(read_safetensors(exchanged("concat")), "0.0.0.bias"));
  const Model<Network<Input<3>, Linear<4>, Dropout<0.5>, BatchNorm<>, MeanSquaredError>> apart;
  CHECK(floats_of(apart.tensors(), "0.bias") == std::vector<float>(4));
}

TEST_CASE("bias before batch norm: one of another shape or type is an error") {
  const auto error = [](Tensor wrong) {
    std::vector<Tensor> file = read_safetensors(exchanged("plain"));
    for (Tensor& tensor : file) {
      if (tensor.name == "0.bias") tensor = wrong;
    }
    Model<Exchanged> model{Seed{1}};
    return error_of([&] { model.assign(file); });
  };
  CHECK(has(error({"0.bias", {3}, std::vector<float>(3)}), "'0.bias'", "(4)", "(3)"));
  CHECK(has(error({"0.bias", {4}, std::vector<std::int64_t>(4)}), "'0.bias'", "integers"));
}

// The sums of W x + b are those of W x and b: sum + count b, and squares + 2 b sum + count b^2.
TEST_CASE("bias before batch norm: it is taken out of running sums, once they have seen a batch") {
  const Model<Running> model = trained<Running>(Seed{1});
  const std::vector<float> bias{0.5f, -2, 0.125f, 1};
  std::vector<Tensor> file = model.tensors();
  const double count = static_cast<double>(floats_of(file, "1.count").front());
  REQUIRE(count > 0);
  for (Tensor& tensor : file) {
    const std::vector<float> sums = floats_of(model.tensors(), "1.sums");
    for (std::size_t i = 0; i < bias.size(); ++i) {
      const auto b = static_cast<double>(bias[i]);
      const auto add = [&](double number) {
        float& value = std::get<std::vector<float>>(tensor.values)[i];
        value = static_cast<float>(static_cast<double>(value) + number);
      };
      if (tensor.name == "1.sums") add(b * count);
      if (tensor.name == "1.squares") add(2 * b * static_cast<double>(sums[i]) + b * b * count);
    }
  }
  file.push_back({"0.bias", {4}, bias});
  Model<Running> loaded{Seed{2}};
  loaded.assign(file);
  CHECK(near(predictions(loaded, inputs), predictions(model, inputs)));

  file = Model<Running>{Seed{1}}.file_tensors();
  loaded.assign(file);  // a bias of zeros
  for (Tensor& tensor : file) {
    if (tensor.name == "0.bias") tensor.values = bias;
  }
  CHECK(has(error_of([&] { loaded.assign(file); }), "'0.bias'", "seen no batch"));
}

}  // namespace

}  // namespace test_bias_before_batch_norm
