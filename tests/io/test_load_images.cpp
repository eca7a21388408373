#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include <lamina/lamina.hpp>

#include "catch.hpp"
#include "errors.hpp"
#include "io/exchange.hpp"
#include "numbers.hpp"

// Networks of images that PyTorch has saved: kernels are (out, in, height, width) there, and the
// Linear behind a Flatten reads channels, then lines, then columns.

namespace test_load_images {

namespace {

using namespace lamina;
using namespace lamina::testing;
using namespace lamina::testing::exchange;

using LeNet = Network<Input<1, 12, 12>, Conv2d<6, Kernel<5>, Padding<2>>, Tanh, AvgPool<2>,
                      Conv2d<16, Kernel<3>>, ReLU, MaxPool<2>, Flatten, Linear<20>, ReLU,
                      Linear<10>, CrossEntropy<>>;
// nn.AdaptiveAvgPool2d(1) and nn.Flatten are two positions.
using Normed = Network<Input<1, 12, 12>, Conv2d<4, Kernel<3>, Padding<1>>, BatchNorm<>, ReLU,
                       MaxPool<2>, Conv2d<6, Kernel<3>, NoBias>, BatchNorm<>, ReLU, GlobalAvgPool,
                       Flatten, Linear<10>, CrossEntropy<>>;

using Elements = Network<Input<1, 12, 12>, Conv2d<3, Kernel<3>, Stride<2>>, LayerNorm<PerElement>,
                         Tanh, Conv2d<17, Kernel<3>>, LayerNorm<PerElement>, GELU, Flatten,
                         Linear<10>, CrossEntropy<>>;

constexpr std::size_t rows = 4;

/// Names and shapes in a file.
std::vector<std::pair<std::string, std::vector<std::int64_t>>> names(
    const std::filesystem::path& file) {
  std::vector<std::pair<std::string, std::vector<std::int64_t>>> all;
  for (const Tensor& tensor : read_safetensors(file)) all.emplace_back(tensor.name, tensor.shape);
  std::sort(all.begin(), all.end());
  return all;
}

template <class Net>
Model<Net> loaded(const std::string& name) {
  Model<Net> model{Seed{1}};
  load(model, exchanged(name));
  return model;
}

/// Both ways of prediction compute what PyTorch did.
template <class Net>
void check_loaded(const std::string& name) {
  INFO(name);
  const Model<Net> model = loaded<Net>(name);
  CHECK(computes_as_torch(model, name, "image_outputs"));
  const std::vector<Tensor> golden = read_safetensors(exchanged("image_outputs"));
  const std::vector<float> inputs = floats_of(golden, "inputs");
  std::vector<float> outputs(floats_of(golden, name).size());
  model.freeze()(inputs, outputs);
  CHECK(near(outputs, floats_of(golden, name)));
}

/// What is saved has PyTorch's names and shapes, all of them, and is left for make_exchange.py
/// where somebody asks for it.
template <class Net>
void check_saved(const std::string& name) {
  INFO(name);
  const std::vector<float> inputs = uniform(rows * Model<Net>::features, 1);
  Model<Net> model{Seed{3}};
  Trainer trainer{model, Sgd{.learning_rate = 0.05f}};
  const std::vector<Label> labels{0, 9, 3, 1};
  for (int step = 0; step < 5; ++step) trainer.step(inputs, labels);

  const TemporaryDirectory directory;
  const char* wanted = std::getenv("LAMINA_EXCHANGE");
  const std::filesystem::path folder = wanted == nullptr ? directory.path() : wanted;
  const std::filesystem::path file = folder / (name + ".safetensors");
  save(model, file);
  CHECK(names(file) == names(exchanged(name)));
  const std::vector<float> outputs = predictions(model, inputs);
  write_safetensors(
      folder / (name + "_outputs.safetensors"),
      std::vector<Tensor>{{"inputs", {rows, 1, 12, 12}, inputs}, {"outputs", {rows, 10}, outputs}});
  Model<Net> again{Seed{2}};
  load(again, file);
  CHECK(predictions(again, inputs) == outputs);
}

TEST_CASE("load: a LeNet that PyTorch has saved predicts as there", "[exchange]") {
  check_loaded<LeNet>("lenet");
  check_saved<LeNet>("lenet");
}

TEST_CASE("load: convolutions and batch normalization that PyTorch has saved predict as there",
          "[exchange]") {
  check_loaded<Normed>("image_batch_norm");
  check_saved<Normed>("image_batch_norm");
}

TEST_CASE("load: scales of every value are (channels, height, width), as PyTorch saves them",
          "[exchange]") {
  check_loaded<Elements>("element_norm");
  check_saved<Elements>("element_norm");
  Model<Elements> model{Seed{1}};
  std::vector<Tensor> tensors = read_safetensors(exchanged("element_norm"));
  for (Tensor& tensor : tensors) {
    if (tensor.name == "1.weight") tensor.shape = {5, 5, 3};
  }
  CHECK(has(error_of([&] { model.assign(tensors); }), "'1.weight'", "(3, 5, 5)", "(5, 5, 3)"));
}

TEST_CASE("load: a kernel of another shape is refused, in PyTorch's order of extents") {
  Model<LeNet> model{Seed{1}};
  const std::vector<Tensor> before = model.tensors();
  std::vector<Tensor> tensors = read_safetensors(exchanged("lenet"));
  for (Tensor& tensor : tensors) {
    if (tensor.name == "3.weight") tensor.shape = {3, 3, 6, 16};  // as Keras has it
  }
  CHECK(has(error_of([&] { model.assign(tensors); }), "'3.weight'", "(16, 6, 3, 3)",
            "(3, 3, 6, 16)"));
  CHECK(same_bits(model.tensors(), before));
}

}  // namespace

}  // namespace test_load_images
