#pragma once

#include <lamina/lamina.hpp>

namespace lamina::figures {

/// The network of the experiments on normalizations of images.
template <class... Norms>
using Convolutional = Network<Input<1, 28, 28>,                                          //
                              Conv2d<8, Kernel<3>, Stride<2>, NoBias>, Norms..., ReLU,   //
                              Conv2d<16, Kernel<3>, Stride<2>, NoBias>, Norms..., ReLU,  //
                              Conv2d<32, Kernel<3>, Stride<2>, NoBias>, Norms..., ReLU,  //
                              GlobalAvgPool, Linear<10>, CrossEntropy<>>;

}  // namespace lamina::figures
