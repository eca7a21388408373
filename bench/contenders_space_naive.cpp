#include <memory>

#include "bench/contenders_space.hpp"
#include "bench/naive/eigen.hpp"
#include "bench/networks.hpp"
#include "bench/space_networks.hpp"

namespace lamina::bench {

namespace {

template <class Net, class Optimizer>
Contender make_eigen_step(const Optimizer& optimizer, int rows) {
  struct Naive {
    naive::Layerwise<Net> network{Model<Net>{seed}.tensors(), seed};
    Batch<Net> batch;

    explicit Naive(int count) : batch(count) {}
  };
  const auto naive = std::make_shared<Naive>(rows);
  return {"Eigen step", step_flops<Net>(rows), 1, [naive, optimizer] {
            return naive->network.step(naive->batch.inputs, naive->batch.targets, optimizer);
          }};
}

}  // namespace

Contender lenet_eigen_step(int batch) {
  return make_eigen_step<LeNet>(lenet_optimizer, batch);
}
Contender vgg_eigen_step(int batch) {
  return make_eigen_step<Vgg>(space_sgd, batch);
}
Contender signal_eigen_step(int batch) {
  return make_eigen_step<Signal>(space_sgd, batch);
}

}  // namespace lamina::bench
