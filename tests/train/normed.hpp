#pragma once

#include "following.hpp"

/// Networks whose layers have WeightNorm, on panels and with samples in the lanes, and their
/// optimizers.
namespace lamina::testing::normed {

template <class... Items>
using Normed = Network<Input<130>, Linear<100, WeightNorm>, Tanh, Linear<33, WeightNorm>, Tanh,
                       Linear<3>, Items...>;
template <class... Items>
using Small = Network<Input<6>, Linear<17, WeightNorm>, Tanh, Linear<5, WeightNorm>, Tanh,
                      Linear<3>, Items...>;

inline const Sgd sgd{.learning_rate = 0.2f, .momentum = 0.5f};
// A large epsilon, so that a gradient near zero is not blown up together with its rounding.
inline const Adam adam{.learning_rate = 0.01f, .epsilon = 1e-2f};

}  // namespace lamina::testing::normed
