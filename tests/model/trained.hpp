#pragma once

#include <lamina/lamina.hpp>

#include "numbers.hpp"

namespace lamina::testing {

/// Batch normalizations behind a layer and alone, dropout that is and that is not.
using Small = Network<Input<5>, Linear<17>, BatchNorm<>, ReLU, Dropout<0.2>, Linear<33, NoBias>,
                      Dropout<0.0>, Tanh, BatchNorm<>, Linear<3>, CrossEntropy<>>;

/// A model whose statistics and shifts are off their start values.
template <class Net>
Model<Net> trained(Seed seed = {3}, int steps = 3) {
  Model<Net> model{seed};
  Trainer trainer{model, Sgd{.learning_rate = 0.3f}};
  for (int i = 0; i < steps; ++i) {
    const auto step = static_cast<unsigned>(i);
    trainer.step(uniform(20 * Model<Net>::features, step, -2, 3),
                 some_targets<typename Plan<Net>::Loss::Target>(20, Plan<Net>::outputs, step));
  }
  return model;
}

}  // namespace lamina::testing
