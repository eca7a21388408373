#pragma once

#include <lamina/lamina.hpp>

/// Networks over images and signals that are measured. `bench/peers/networks.py` has them again.
namespace lamina::bench {

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

inline constexpr Adam lenet_optimizer{};
inline constexpr Sgd space_sgd{.learning_rate = 0.01f, .momentum = 0.9f};

}  // namespace lamina::bench
