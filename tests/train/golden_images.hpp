#pragma once

#include <string>

#include "golden_run.hpp"

/// Runs of 10 steps on images and signals: `runs_images` has the batches, of 9 rows and of 4.
namespace lamina::testing {

/// A run by Sgd, with the momentum and the rate of all of these.
template <class Net, class Optimizer = Sgd>
void follow_images(const Golden& golden, const std::string& network,
                   const std::string& variant = "sgd",
                   const Optimizer& optimizer = {.learning_rate = 0.05f, .momentum = 0.9f}) {
  follow_run<Net>(golden, network, variant, optimizer, {.data = "runs_images"});
}

}  // namespace lamina::testing
