#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <string>
#include <variant>
#include <vector>

#include <lamina/core/error.hpp>
#include <lamina/core/tensor.hpp>

namespace lamina::naive {

/// An array that is trained, as files name it and row-major: weights are (out, in).
template <class Scalar>
struct Parameter {
  std::string name;
  std::vector<Scalar> value;
  std::vector<Scalar> gradient;
  std::array<std::vector<Scalar>, 3> state;  ///< the optimizer's running means
  double lambda = 0;                         ///< of the squared penalty
  double absolute = 0;                       ///< lambda of the absolute penalty
  bool weight = false;                       ///< decays; biases, scales and shifts do not

  /// lambda / 2 * sum of w^2 + absolute * sum of |w|.
  [[nodiscard]] Scalar penalty() const {
    Scalar squares = 0;
    Scalar sizes = 0;
    if (lambda == 0 && absolute == 0) return squares;
    for (const Scalar w : value) {
      squares += w * w;
      sizes += std::abs(w);
    }
    return static_cast<Scalar>(lambda) / 2 * squares + static_cast<Scalar>(absolute) * sizes;
  }
  /// Adds the penalty's gradient, lambda * w + absolute * sign(w).
  void add_penalty_gradient() {
    if (lambda == 0 && absolute == 0) return;
    for (std::size_t i = 0; i < value.size(); ++i) {
      const Scalar w = value[i];
      const auto sign = static_cast<Scalar>((w > 0 ? 1 : 0) - (w < 0 ? 1 : 0));
      gradient[i] += static_cast<Scalar>(lambda) * w + static_cast<Scalar>(absolute) * sign;
    }
  }
};

/// The floats of the tensor called `name`.
inline const std::vector<float>& floats_of(const std::vector<Tensor>& tensors,
                                           const std::string& name) {
  const auto found = std::find_if(tensors.begin(), tensors.end(),
                                  [&](const Tensor& tensor) { return tensor.name == name; });
  if (found == tensors.end()) throw Error("naive: expected a tensor " + name + ", found none");
  return std::get<std::vector<float>>(found->values);
}

/// The whole number in the tensor called `name`.
inline std::int64_t count_of(const std::vector<Tensor>& tensors, const std::string& name) {
  const auto found = std::find_if(tensors.begin(), tensors.end(),
                                  [&](const Tensor& tensor) { return tensor.name == name; });
  if (found == tensors.end()) throw Error("naive: expected a tensor " + name + ", found none");
  return std::get<std::vector<std::int64_t>>(found->values).at(0);
}

/// A parameter with the values of the tensor of its name; `size` is what the layer expects.
template <class Scalar>
Parameter<Scalar> read_parameter(const std::vector<Tensor>& tensors, const std::string& name,
                                 std::size_t size) {
  const std::vector<float>& floats = floats_of(tensors, name);
  if (floats.size() != size) {
    throw Error("naive: expected " + std::to_string(size) + " numbers in " + name + ", found " +
                std::to_string(floats.size()));
  }
  Parameter<Scalar> made;
  made.name = name;
  made.value.assign(floats.begin(), floats.end());
  made.gradient.assign(size, Scalar(0));
  return made;
}

}  // namespace lamina::naive
