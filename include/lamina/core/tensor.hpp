#pragma once

#include <cstdint>
#include <map>
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

/// What a file says beside its tensors: texts by name, such as {"classes", "[\"ant\", \"wolf\"]"}.
using Metadata = std::map<std::string, std::string>;

}  // namespace lamina
