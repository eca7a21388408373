#include <memory>

#include "bench/contenders.hpp"
#include "bench/naive/eigen.hpp"
#include "bench/naive/textbook.hpp"
#include "bench/networks.hpp"

namespace lamina::bench {

namespace {

using Textbook = naive::Textbook<Classifier, float>;
using Layerwise = naive::Layerwise<Classifier>;

/// A naive network with the numbers of the fused one, and one batch.
template <class Net>
struct Naive {
  Net network{Model<Classifier>{seed}.tensors(), seed};
  Batch<Classifier> batch;

  explicit Naive(int rows) : batch(rows) {}
};

template <class Net>
Contender make_step(const std::string& name, int rows) {
  auto naive = std::make_shared<Naive<Net>>(rows);
  return {name, step_flops<Classifier>(rows), 1,
          [naive] { return naive->network.step(naive->batch.inputs, naive->batch.targets, sgd); }};
}

}  // namespace

Contender textbook_step(int batch) {
  return make_step<Textbook>("textbook step", batch);
}

Contender eigen_step(int batch) {
  return make_step<Layerwise>("Eigen step", batch);
}

Contender textbook_inference(int batch) {
  auto naive = std::make_shared<Naive<Textbook>>(batch);
  return {"textbook inference", inference_flops<Classifier>(batch), 1, [naive, batch] {
            const auto rows = static_cast<std::size_t>(batch);
            return naive->network.predict(naive->batch.inputs, rows).front();
          }};
}

Contender eigen_inference(int batch) {
  auto naive = std::make_shared<Naive<Layerwise>>(batch);
  return {"Eigen inference", inference_flops<Classifier>(batch), 1,
          [naive] { return naive->network.predict(naive->batch.inputs)(0, 0); }};
}

}  // namespace lamina::bench
