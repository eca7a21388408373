#pragma once

#include <cmath>
#include <initializer_list>

#include "figures.hpp"

namespace lamina::figures {

/// Test accuracies in % over the largest rate of a cycle.
template <class Net>
void sweep_rates(const char* name, const Split& data, std::initializer_list<float> rates,
                 Results& accuracy) {
  for (const float rate : rates) {
    for (const std::uint64_t seed : seeds) {
      const auto trained = train<Net>(seed, data, Sgd{}, {.epochs = 3, .batch_size = 128},
                                      OneCycle{.max_learning_rate = rate});
      accuracy.add(static_cast<double>(rate), name,
                   100 * trained.history.epochs.back().validation_accuracy);
    }
  }
}

/// Test accuracies in % over the batch size.
template <class Net>
void sweep_batches(const char* name, const Split& data, std::initializer_list<int> batches,
                   Results& accuracy) {
  for (const int batch : batches) {
    // The learning rate grows with the root of the batch, as the noise of its gradient falls.
    const float rate = 0.1f * std::sqrt(static_cast<float>(batch) / 128.0f);
    for (const std::uint64_t seed : seeds) {
      const auto trained = train<Net>(seed, data, Sgd{}, {.epochs = 2, .batch_size = batch},
                                      OneCycle{.max_learning_rate = rate});
      accuracy.add(static_cast<double>(batch), name,
                   100 * trained.history.epochs.back().validation_accuracy);
    }
  }
}

}  // namespace lamina::figures
