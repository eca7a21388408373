#pragma once

#include <cstdint>
#include <string>
#include <variant>
#include <vector>

namespace lamina {

/// A named array as files and users see it: row-major, unpacked, weights as (out, in).
///
/// Values are floats, but for counters such as PyTorch's `num_batches_tracked`, which are integers.
struct Tensor {
  std::string name;
  std::vector<std::int64_t> shape;  ///< empty for a scalar
  std::variant<std::vector<float>, std::vector<std::int64_t>> values;
};

}  // namespace lamina
