#pragma once

#include <memory>
#include <string>

#include "bench/contenders.hpp"
#include "bench/networks.hpp"

namespace lamina::bench {

/// A model with its trainer and one batch, kept alive by the call that steps it.
template <class Net, class Optimizer>
struct Training {
  Model<Net> model{seed};
  Trainer<Net, Optimizer> trainer;
  Batch<Net> batch;

  Training(Optimizer optimizer, int rows, float scale)
      : trainer(model, optimizer), batch(rows, scale) {}
};

template <class Net, class Optimizer>
Contender make_step(const std::string& name, const Optimizer& optimizer, int rows,
                    float scale = 1) {
  auto training = std::make_shared<Training<Net, Optimizer>>(optimizer, rows, scale);
  return {name, step_flops<Net>(rows), 1, [training] {
            return training->trainer.step(training->batch.inputs, training->batch.targets);
          }};
}

}  // namespace lamina::bench
