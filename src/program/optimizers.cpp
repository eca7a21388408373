#include "program/optimizers.hpp"

#include <lamina/program/configuration.hpp>

namespace lamina::program {

namespace {

constexpr ReadyOptimizer ready[] = {
    {"sgd", "stochastic gradient descent with momentum 0.9", "Sgd{.momentum = 0.9F}", 0.05},
    {"adam", "Adam", "Adam{}", 0.01},
    {"adamw", "Adam with weight decay 0.01", "AdamW{}", 0.01},
    {"nadam", "Adam with Nesterov's momentum", "Nadam{}", 0.01},
    {"rmsprop", "RMSProp", "RmsProp{}", 0.003},
    {"adagrad", "Adagrad", "Adagrad{}", 0.05},
    {"lion", "Lion: the sign of the momentum", "Lion{}", 0.001},
};

}  // namespace

std::span<const ReadyOptimizer> ready_optimizers() {
  return ready;
}

OptimizerSource find_optimizer(const std::string& optimizer) {
  std::string names;
  for (const ReadyOptimizer& each : ready) {
    if (each.name == optimizer) return {std::string(each.code), each.learning_rate, true};
    names += std::string(each.name) + ", ";
  }
  if (optimizer.find('{') != std::string::npos) return {optimizer};
  throw UsageError("--optimizer: expected one of " + names +
                   "or C++ such as AdamW{.weight_decay = 0.1F}, found '" + optimizer + "'");
}

}  // namespace lamina::program
