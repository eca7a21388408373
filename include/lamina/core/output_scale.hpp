#pragma once

#include <vector>

namespace lamina {

/// factor y + offset for every output y of a network: the way back from standardized targets to the
/// units of the data, with their deviations as factors and their means as offsets.
struct OutputScale {
  std::vector<double> factors;
  std::vector<double> offsets;

  [[nodiscard]] bool empty() const { return factors.empty() && offsets.empty(); }
};

}  // namespace lamina
