#pragma once

#include <cstdint>
#include <random>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include <lamina/core/tensor.hpp>
#include <lamina/core/types.hpp>

/// Made-up parameters, inputs and targets for the naive networks.
namespace lamina::tests {

/// Tensors of a network as `Model::tensors()` would give them, from the reference's point of view.
class Tensors {
 public:
  Tensors& add(const std::string& name, std::vector<std::int64_t> shape, float middle = 0) {
    std::int64_t size = 1;
    for (const std::int64_t extent : shape) size *= extent;
    std::uniform_real_distribution<float> spread(-0.4f, 0.4f);
    std::vector<float> values(static_cast<std::size_t>(size));
    for (float& value : values) value = middle + spread(random_);
    tensors_.push_back({name, std::move(shape), std::move(values)});
    return *this;
  }
  Tensors& linear(const std::string& position, std::int64_t in, std::int64_t out,
                  bool bias = true) {
    add(position + ".weight", {out, in});
    return bias ? add(position + ".bias", {out}) : *this;
  }
  Tensors& affine(const std::string& position, std::int64_t features) {
    return add(position + ".weight", {features}, 1).add(position + ".bias", {features});
  }
  Tensors& norm(const std::string& position, std::int64_t features) {
    affine(position, features);
    return add(position + ".running_mean", {features})
        .add(position + ".running_var", {features}, 1);
  }
  [[nodiscard]] const std::vector<Tensor>& list() const { return tensors_; }

 private:
  std::mt19937 random_{7};
  std::vector<Tensor> tensors_;
};

inline std::vector<float> numbers(std::size_t count, float low, float high) {
  std::mt19937 random{11};
  std::uniform_real_distribution<float> spread(low, high);
  std::vector<float> made(count);
  for (float& number : made) number = spread(random);
  return made;
}

template <class Target>
std::vector<Target> targets_for(std::size_t rows, std::size_t outputs) {
  if constexpr (std::is_same_v<Target, Label>) {
    std::vector<Label> labels(rows);
    for (std::size_t r = 0; r < rows; ++r) labels[r] = static_cast<Label>((r * 7 + 1) % outputs);
    return labels;
  } else {
    return numbers(rows * outputs, 0, 1);
  }
}

}  // namespace lamina::tests
