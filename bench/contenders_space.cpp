#include "bench/contenders_space.hpp"

#include <array>
#include <memory>

#include "bench/space_networks.hpp"
#include "bench/training.hpp"

namespace lamina::bench {

namespace {

template <class Net>
Contender one_of() {
  struct Prediction {
    Predictor<Net> predictor = Model<Net>{seed}.freeze();
    std::vector<float> inputs = std::vector<float>(Model<Net>::features, 0.5f);
    std::vector<float> outputs = std::vector<float>(Model<Net>::outputs);
  };
  const auto prediction = std::make_shared<Prediction>();
  return {"one sample", inference_flops<Net>(1), 1, [prediction] {
            prediction->predictor(prediction->inputs, prediction->outputs);
            return prediction->outputs[0];
          }};
}

template <class Net, const auto& Optimizer>
Contender step_of(int batch) {
  return make_step<Net>("step", Optimizer, batch);
}

constexpr std::array<SpaceNetwork, 4> networks{{
    {"LeNet-5", 128, step_of<LeNet, lenet_optimizer>, one_of<LeNet>, lenet_eigen_step},
    {"VGG", 128, step_of<Vgg, space_sgd>, one_of<Vgg>, vgg_eigen_step},
    {"ResNet", 128, step_of<ResNet, space_sgd>, one_of<ResNet>, nullptr},
    {"signal", 16, step_of<Signal, space_sgd>, one_of<Signal>, signal_eigen_step},
}};

}  // namespace

std::span<const SpaceNetwork> space_networks() {
  return networks;
}

}  // namespace lamina::bench
