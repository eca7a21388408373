#include <array>
#include <string>
#include <variant>
#include <vector>

#include <lamina/io/save.hpp>
#include <lamina/lamina.hpp>

#include "catch.hpp"
#include "errors.hpp"
#include "io/files.hpp"

namespace test_save {

namespace {

using namespace lamina;
using lamina::testing::error_of;
using lamina::testing::has;
using lamina::testing::read_file;
using lamina::testing::TemporaryDirectory;

using Small = Network<Input<3>, Linear<5>, BatchNorm<>, ReLU, Linear<2>, CrossEntropy<>>;
using Other = Network<Input<3>, Linear<6>, BatchNorm<>, ReLU, Linear<2>, CrossEntropy<>>;

constexpr std::array<float, 6> inputs{1, -2, 3, -4, 5, -6};  // (2, 3)
constexpr std::array<Label, 2> labels{0, 1};

std::vector<float> outputs_of(const Model<Small>& model) {
  std::vector<float> outputs(4);
  model.predict(inputs, outputs);
  return outputs;
}

// A step moves parameters and running statistics away from where every model starts.
Model<Small> trained(Seed seed) {
  Model<Small> model{seed};
  Trainer trainer{model, Sgd{.learning_rate = 0.1F}};
  trainer.step(inputs, labels);
  return model;
}

TEST_CASE("save: what is saved is loaded, bit for bit") {
  const TemporaryDirectory directory;
  const Model<Small> model = trained(Seed{1});
  save(model, directory / "model");

  Model<Small> other{Seed{2}};
  CHECK(outputs_of(other) != outputs_of(model));
  load(other, directory / "model");
  CHECK(outputs_of(other) == outputs_of(model));

  save(other, directory / "other");
  CHECK(read_file(directory / "other") == read_file(directory / "model"));
}

TEST_CASE("save: names and shapes are those of torch.nn.Sequential") {
  const TemporaryDirectory directory;
  save(Model<Small>{Seed{1}}, directory / "model");
  std::vector<std::string> found;
  for (const Tensor& tensor : read_safetensors(directory / "model")) {
    std::string text = tensor.name;
    for (const auto extent : tensor.shape) text.append(" ").append(std::to_string(extent));
    found.push_back(text);
  }
  CHECK_THAT(found,
             Catch::Matchers::UnorderedEquals(std::vector<std::string>{
                 "0.weight 5 3", "1.weight 5", "1.bias 5", "1.running_mean 5", "1.running_var 5",
                 "1.num_batches_tracked", "3.weight 2 5", "3.bias 2", "0.bias 5"}));
}

TEST_CASE("save: a file that does not fit is an error and changes nothing") {
  const TemporaryDirectory directory;
  save(Model<Other>{Seed{1}}, directory / "other");
  Model<Small> model = trained(Seed{1});
  const auto before = outputs_of(model);
  const auto error = [&](const std::string& name) {
    return error_of([&] { load(model, directory / name); });
  };
  CHECK(has(error("other"), (directory / "other").string() + ": ", "0.weight", "5", "6"));

  std::vector<Tensor> tensors = trained(Seed{3}).tensors();
  const Tensor last = tensors.back();
  tensors.pop_back();
  write_safetensors(directory / "missing", tensors);
  CHECK(has(error("missing"), "missing: ", last.name));

  tensors.push_back(last);
  tensors.push_back({"9.weight", {1}, std::vector<float>{1}});
  write_safetensors(directory / "more", tensors);
  CHECK(has(error("more"), "more: ", "9.weight"));

  CHECK(has(error("nowhere"), "nowhere: "));
  CHECK(outputs_of(model) == before);
}

}  // namespace

}  // namespace test_save
