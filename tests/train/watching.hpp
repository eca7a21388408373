#pragma once

#include <lamina/lamina.hpp>

#include "fitting.hpp"

/// Networks, data and fits that the callback `Statistics` watches.
namespace lamina::testing::watching {

inline constexpr int features = 20;

// Widths that end within a register, within a panel, and behind several panels.
using Plain =
    Network<Input<20>, Linear<70>, BatchNorm<>, ReLU, Linear<33>, Tanh, Linear<5>, CrossEntropy<>>;
using Noisy = Network<Input<20>, Linear<130>, BatchNorm<>, ReLU, Dropout<0.3>, Linear<70>,
                      LayerNorm<>, GELU, Dropout<0.2>, Linear<5>, CrossEntropy<>, L2<1e-2>>;
using Structured =
    Network<Input<20>, Linear<75>, ReLU, Residual<BatchNorm<>, Linear<75>, ReLU, Linear<75>>,
            Concat<Branch<>, Branch<Linear<17>, Tanh>>, BatchNorm<>, Linear<5>, CrossEntropy<>>;
using Narrow = Network<Input<20>, Standardize, Linear<33>, Tanh, Linear<17>, ReLU, Linear<5>,
                       MeanSquaredError>;
static_assert(runtime::is_narrow<Narrow> && !runtime::is_narrow<Plain>);
using Front = Network<Input<1, 4, 5>, Conv2d<6, Kernel<3>, Padding<1>>, Tanh, MaxPool<2, Stride<1>>,
                      Conv2d<3, Kernel<2>, Padding<1>>, GELU, Flatten, Dropout<0.3>, Linear<5>,
                      CrossEntropy<>>;
static_assert(runtime::front<Front>.count > 0);

using Sigmoids = Network<Input<20>, Repeat<8, Linear<80, Init<Normal<0.1>>>, Sigmoid>, Linear<5>,
                         CrossEntropy<>>;
template <class Start>
using Rectifiers =
    Network<Input<20>, Repeat<8, Linear<80, Init<Start>>, ReLU>, Linear<5>, CrossEntropy<>>;

template <class Net>
Dataset data_for(std::size_t rows, unsigned seed = 1) {
  auto inputs = uniform(rows * features, seed, -1.7f, 1.7f);
  if constexpr (std::is_same_v<typename Plan<Net>::Loss::Target, Label>) {
    return {features, std::move(inputs), some_labels(rows, 5, seed + 1)};
  } else {
    return {features, std::move(inputs), uniform(rows * 5, seed + 1), std::size_t{5}};
  }
}

/// Looks at every step of a fit in one batch and in order.
template <class Net>
Statistics watch(Model<Net>& model, const Dataset& data, float learning_rate, int epochs = 1) {
  Trainer trainer{model, Sgd{.learning_rate = learning_rate}};
  Statistics statistics{.every = 1, .out = nullptr};
  trainer.fit(data, {}, {.epochs = epochs, .batch_size = 1000, .shuffle = false}, statistics);
  return statistics;
}

}  // namespace lamina::testing::watching
