#pragma once

#include <cstdint>

#include <lamina/optimizers/sgd.hpp>

namespace lamina::testing {

/// An optimizer that shows gradients: a parameter becomes itself plus its gradient.
struct AddGradient {
  float learning_rate = 1.0f;
  static constexpr int slots = Sgd::slots;
  using Rule = Sgd::Rule;
  [[nodiscard]] Rule rule(std::int64_t step, bool decays) const {
    return Sgd{.learning_rate = -learning_rate}.rule(step, decays);
  }
};

}  // namespace lamina::testing
