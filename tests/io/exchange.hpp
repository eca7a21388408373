#pragma once

#include <cmath>
#include <filesystem>
#include <string>
#include <variant>
#include <vector>

#include <lamina/lamina.hpp>

#include "catch.hpp"
#include "io/files.hpp"

/// Models that PyTorch has saved; see tests/golden/make_exchange.py.
namespace lamina::testing::exchange {

using Exchanged = Network<Input<3>, Linear<4>, BatchNorm<>, ReLU, Linear<2>, CrossEntropy<>>;

inline std::filesystem::path exchanged(const std::string& name) {
  return std::filesystem::path(LAMINA_TEST_DIRECTORY) / "golden" / "exchange" /
         (name + ".safetensors");
}

inline const Tensor& tensor_of(const std::vector<Tensor>& tensors, const std::string& name) {
  for (const Tensor& tensor : tensors) {
    if (tensor.name == name) return tensor;
  }
  FAIL("no tensor " << name);
  return tensors.front();
}

inline std::vector<float> floats_of(const std::vector<Tensor>& tensors, const std::string& name) {
  return std::get<std::vector<float>>(tensor_of(tensors, name).values);
}

template <class Net>
std::vector<float> predictions(const Model<Net>& model, const std::vector<float>& inputs) {
  std::vector<float> outputs(inputs.size() / Model<Net>::features * Model<Net>::outputs);
  model.predict(inputs, outputs);
  return outputs;
}

/// Sums of some ten products of numbers up to 10, in float on one side and double on the other.
inline bool near(const std::vector<float>& found, const std::vector<float>& expected) {
  REQUIRE(found.size() == expected.size());
  bool all = true;
  for (std::size_t i = 0; i < found.size(); ++i) {
    if (std::abs(found[i] - expected[i]) <= 1e-5f * (1 + std::abs(expected[i]))) continue;
    UNSCOPED_INFO("output " << i << ": " << found[i] << " for " << expected[i]);
    all = false;
  }
  return all;
}

/// The model computes what PyTorch did; `outputs` names the file that says what that is.
template <class Net>
bool computes_as_torch(const Model<Net>& model, const std::string& name,
                       const std::string& outputs = "outputs") {
  const std::vector<Tensor> golden = read_safetensors(exchanged(outputs));
  return near(predictions(model, floats_of(golden, "inputs")), floats_of(golden, name));
}

}  // namespace lamina::testing::exchange
