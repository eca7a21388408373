#pragma once

#include <cstdint>

namespace lamina {

/// A class label: 0 <= label < number of outputs of the network.
using Label = std::int32_t;

/// Starts every random sequence of a model: initial weights, dropout masks, shuffling.
/// Same seed, same parameters, on every machine and for any number of threads.
struct Seed {
  std::uint64_t value = 0;
};

}  // namespace lamina
