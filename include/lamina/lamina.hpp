#pragma once

/// All of lamina's engine: networks as types, training, inference. Needs TBB and Highway and no
/// library of our own; `save`, `load` and the readers of data files are compiled into the library.

#include <lamina/activations/elementwise.hpp>
#include <lamina/activations/elu.hpp>
#include <lamina/activations/gelu.hpp>
#include <lamina/activations/leaky_relu.hpp>
#include <lamina/activations/relu.hpp>
#include <lamina/activations/selu.hpp>
#include <lamina/activations/sigmoid.hpp>
#include <lamina/activations/silu.hpp>
#include <lamina/activations/softplus.hpp>
#include <lamina/activations/tanh.hpp>
#include <lamina/data/dataset.hpp>
#include <lamina/initializers/init.hpp>
#include <lamina/io/idx.hpp>
#include <lamina/io/save.hpp>
#include <lamina/layers/input.hpp>
#include <lamina/layers/linear.hpp>
#include <lamina/losses/binary_cross_entropy.hpp>
#include <lamina/losses/cross_entropy.hpp>
#include <lamina/losses/mean_squared_error.hpp>
#include <lamina/model/model.hpp>
#include <lamina/network/network.hpp>
#include <lamina/norms/batch_norm.hpp>
#include <lamina/optimizers/adam.hpp>
#include <lamina/optimizers/sgd.hpp>
#include <lamina/plan/describe.hpp>
#include <lamina/regularizers/alpha_dropout.hpp>
#include <lamina/regularizers/dropout.hpp>
#include <lamina/regularizers/gaussian_dropout.hpp>
#include <lamina/regularizers/gaussian_noise.hpp>
#include <lamina/regularizers/l2.hpp>
#include <lamina/train/early_stopping.hpp>
#include <lamina/train/one_cycle.hpp>
#include <lamina/train/progress_bar.hpp>
#include <lamina/train/trainer.hpp>
