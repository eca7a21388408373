#include "program/optimizers.hpp"

#include <lamina/program/configuration.hpp>

namespace lamina::program {

namespace {

constexpr ReadyOptimizer ready[] = {
    {"sgd", "stochastic gradient descent with momentum 0.9", "lamina::Sgd{.momentum = 0.9F}", 0.05},
    {"adam", "Adam", "lamina::Adam{}", 0.01},
    {"adamw", "Adam with weight decay 0.01", "lamina::AdamW{}", 0.01},
    {"nadam", "Adam with Nesterov's momentum", "lamina::Nadam{}", 0.01},
    {"rmsprop", "RMSProp", "lamina::RmsProp{}", 0.003},
    {"adagrad", "Adagrad", "lamina::Adagrad{}", 0.05},
    {"lion", "Lion: the sign of the momentum", "lamina::Lion{}", 0.001},
};

}  // namespace

std::span<const ReadyOptimizer> ready_optimizers() {
  return ready;
}

const ReadyOptimizer& find_optimizer(const std::string& name) {
  std::string names;
  for (const ReadyOptimizer& each : ready) {
    if (each.name == name) return each;
    names += (names.empty() ? "" : ", ") + std::string(each.name);
  }
  throw UsageError("--optimizer: expected one of " + names + ", found '" + name + "'");
}

}  // namespace lamina::program
