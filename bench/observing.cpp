#include <chrono>
#include <cstdio>
#include <random>

#include <lamina/lamina.hpp>

// What the callback `Statistics` costs: seconds of a fit with it over those of one without, where
// it looks at every step and where it looks at the first alone. Best of several rounds.

using namespace lamina;

namespace {

using Wide = Network<Input<784>, Linear<512>, BatchNorm<>, ReLU, Linear<256>, BatchNorm<>, ReLU,
                     Linear<10>, CrossEntropy<>>;
using Narrow = Network<Input<20>, Linear<32>, Tanh, Linear<16>, Tanh, Linear<4>, CrossEntropy<>>;

template <class Net>
double seconds(const Dataset& data, int batch, auto&... callbacks) {
  Model<Net> model;
  Trainer trainer{model, Sgd{.learning_rate = 0.01f}};
  const auto start = std::chrono::steady_clock::now();
  trainer.fit(data, {}, {.epochs = 5, .batch_size = batch}, callbacks...);
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

template <class Net>
void measure(const char* name, int batch) {
  constexpr std::size_t steps = 40;
  const std::size_t rows = steps * static_cast<std::size_t>(batch);
  std::mt19937 random(1);
  std::vector<float> inputs(rows * Model<Net>::features);
  std::vector<Label> labels(rows);
  for (float& input : inputs) input = static_cast<float>(random() % 1000) / 500 - 1;
  for (Label& label : labels) label = static_cast<Label>(random() % 4);
  const Dataset data{Model<Net>::features, std::move(inputs), std::move(labels)};
  double bare = 1e9, every = 1e9, once = 1e9;
  for (int round = 0; round < 7; ++round) {
    Statistics always{.every = 1, .out = nullptr};
    Statistics first{.every = 1'000'000, .out = nullptr};
    bare = std::min(bare, seconds<Net>(data, batch));
    every = std::min(every, seconds<Net>(data, batch, always));
    once = std::min(once, seconds<Net>(data, batch, first));
  }
  std::printf("%s, batch %d: every step %.2f, the first alone %.2f\n", name, batch, every / bare,
              once / bare);
}

}  // namespace

int main() {
  measure<Wide>("784-512-256-10 with BatchNorm", 128);
  measure<Narrow>("20-32-16-4, narrow", 1000);
}
