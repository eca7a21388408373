#pragma once

#include <span>
#include <variant>
#include <vector>

#include "fitting.hpp"

/// What tests of data sets that are not in memory ask of them and of what they train.
namespace lamina::testing {

inline std::vector<float> inputs_of_rows(const Dataset& data) {
  std::vector<float> all(data.size() * data.features());
  for (std::size_t row = 0; row < data.size(); ++row) {
    data.read_inputs(row, std::span(all).subspan(row * data.features(), data.features()));
  }
  return all;
}

/// All numbers that a model has.
template <class Net>
std::vector<float> numbers_of(const Model<Net>& model) {
  std::vector<float> all;
  for (const Tensor& tensor : model.tensors()) {
    if (const auto* values = std::get_if<std::vector<float>>(&tensor.values)) {
      all.insert(all.end(), values->begin(), values->end());
    }
  }
  return all;
}

inline const auto add_noise = Transform{[](const auto& sample, Draws& draws) {
  for (float& x : sample.input) x += static_cast<float>(draws.normal());
}};

}  // namespace lamina::testing
