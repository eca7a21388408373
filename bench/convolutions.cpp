#include <cstring>
#include <iomanip>
#include <iostream>

#include "bench/measure.hpp"
#include "bench/training.hpp"

// Prints what networks over images and signals reach of the machine's FMA peak as a Markdown table:
// training steps and predictions of one sample, medians of the rounds.
//
// LeNet-5 on 1 x 28 x 28; VGG, two blocks of two 3 x 3 convolutions with BatchNorm; a residual
// network of 16, 32 and 64 channels on 3 x 32 x 32; four convolutions of 16 channels over a signal
// of 2048.

namespace {

using namespace lamina;
using namespace lamina::bench;

using LeNet =
    Network<Input<1, 28, 28>, Conv2d<6, Kernel<5>>, ReLU, MaxPool<2>, Conv2d<16, Kernel<5>>, ReLU,
            MaxPool<2>, Flatten, Linear<120>, ReLU, Linear<84>, ReLU, Linear<10>, CrossEntropy<>>;

template <int Channels, class... Attributes>
using Conv = Conv2d<Channels, Kernel<3>, Padding<1>, Attributes...>;
using Vgg = Network<Input<1, 28, 28>, Repeat<2, Conv<32>, BatchNorm<>, ReLU>, MaxPool<2>,
                    Repeat<2, Conv<64>, BatchNorm<>, ReLU>, MaxPool<2>, Flatten, Linear<128>,
                    BatchNorm<>, ReLU, Dropout<0.2>, Linear<10>, CrossEntropy<>>;

template <int Channels>
using Block = Residual<Conv<Channels>, BatchNorm<>, ReLU, Conv<Channels>, BatchNorm<>>;
template <int Channels>
using Down = Residual<Conv<Channels, Stride<2>>, BatchNorm<>, ReLU, Conv<Channels>, BatchNorm<>,
                      Shortcut<Conv2d<Channels, Kernel<1>, Stride<2>>, BatchNorm<>>>;
using ResNet = Network<Input<3, 32, 32>, Conv<16>, BatchNorm<>, ReLU, Block<16>, ReLU, Down<32>,
                       ReLU, Down<64>, ReLU, GlobalAvgPool, Linear<10>, CrossEntropy<>>;

using Signal = Network<Input<1, 2048>, Repeat<4, Conv1d<16, Kernel<9>, Same>, Tanh>, GlobalAvgPool,
                       Linear<10>, CrossEntropy<>>;

/// One sample through the frozen network.
template <class Net>
Contender one_of(const std::string& name) {
  struct Prediction {
    Predictor<Net> predictor = Model<Net>{seed}.freeze();
    std::vector<float> inputs = std::vector<float>(Model<Net>::features, 0.5f);
    std::vector<float> outputs = std::vector<float>(Model<Net>::outputs);
  };
  const auto prediction = std::make_shared<Prediction>();
  return {name, static_cast<double>(plan_of<Net>.inference_flops_per_sample), 1, [prediction] {
            prediction->predictor(prediction->inputs, prediction->outputs);
            return prediction->outputs[0];
          }};
}

template <class Net, class Optimizer>
void measure(const std::string& name, const Optimizer& optimizer, int batch, int rounds) {
  Turns turns(30);
  const auto step = turns.add(make_step<Net>("step", optimizer, batch));
  const auto two = turns.add(make_step<Net>("step", optimizer, batch), 2);
  const auto one = turns.add(one_of<Net>("one sample"));
  turns.run(rounds, 0.5);
  std::cout << "| " << name << " | " << batch << " | " << std::setprecision(2)
            << turns.time(step) * 1e3 << " | " << turns.share_of_peak(step) << " | "
            << turns.ratio(step, two) << " | " << std::setprecision(1) << turns.time(one) * 1e6
            << " | " << std::setprecision(2) << turns.share_of_peak(one) << " |" << std::endl;
}

}  // namespace

int main(int argc, char** argv) {
  int rounds = 7;
  for (int i = 1; i < argc; ++i) {
    if (std::strcmp(argv[i], "--quick") != 0) {
      std::cerr << "usage: lamina_convolutions [--quick]\n";
      return 2;
    }
    rounds = 3;
  }
  std::cout << "| | batch | step, ms | of peak | two threads, times | one sample, us | of peak |\n"
            << "|---|---|---|---|---|---|---|\n"
            << std::fixed;
  const Sgd momentum{.learning_rate = 0.01f, .momentum = 0.9f};
  measure<LeNet>("LeNet-5", Adam{}, 128, rounds);
  measure<Vgg>("VGG", momentum, 128, rounds);
  measure<ResNet>("ResNet", momentum, 128, rounds);
  measure<Signal>("signal", momentum, 16, rounds);
}
