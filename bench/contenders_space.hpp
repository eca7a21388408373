#pragma once

#include <span>

#include "bench/contenders.hpp"

/// What is measured of networks over images and signals: LeNet-5 on 1 x 28 x 28; VGG, two blocks of
/// two 3 x 3 convolutions with BatchNorm; a residual network of 16, 32 and 64 channels on
/// 3 x 32 x 32; four convolutions of 16 channels over a signal of 2048.
namespace lamina::bench {

struct SpaceNetwork {
  const char* name;
  int batch;  ///< of the steps that are measured
  Contender (*step)(int batch);
  /// One sample through the frozen network.
  Contender (*one_sample)();
  /// The step layer at a time on Eigen; null for the residual network, which it has no layers for.
  Contender (*eigen_step)(int batch);
};

std::span<const SpaceNetwork> space_networks();

Contender lenet_eigen_step(int batch);
Contender vgg_eigen_step(int batch);
Contender signal_eigen_step(int batch);

}  // namespace lamina::bench
