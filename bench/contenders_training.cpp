#include <memory>

#include "bench/contenders.hpp"
#include "bench/networks.hpp"

namespace lamina::bench {

namespace {

/// A model with its trainer and one batch, kept alive by the call that steps it.
template <class Net, class Optimizer>
struct Training {
  Model<Net> model{seed};
  Trainer<Net, Optimizer> trainer;
  Batch<Net> batch;

  Training(Optimizer optimizer, int rows) : trainer(model, optimizer), batch(rows) {}
};

template <class Net, class Optimizer>
Contender make_step(const std::string& name, const Optimizer& optimizer, int rows) {
  auto training = std::make_shared<Training<Net, Optimizer>>(optimizer, rows);
  return {name, step_flops<Net>(rows), 1, [training] {
            return training->trainer.step(training->batch.inputs, training->batch.targets);
          }};
}

}  // namespace

Contender fused_step(int batch) {
  static_assert(plan_of<Classifier>.flops_per_sample == 2 * 1'203'712);
  return make_step<Classifier>("fused step", sgd, batch);
}

Contender plain_step(int batch) {
  return make_step<PlainClassifier>("fused step, bias and ReLU alone", sgd, batch);
}

Contender small_step(int batch) {
  return make_step<SmallRegression>("4-32-16-4 tanh step", adam, batch);
}

}  // namespace lamina::bench
