#pragma once

#include <map>
#include <set>
#include <string>
#include <string_view>

#include <lamina/core/tensor.hpp>

namespace lamina::io {

/// What the index of a model in several files says.
struct Index {
  std::map<std::string, std::set<std::string>> files;  ///< the names of the tensors in each
  Metadata metadata;                                   ///< its texts and whole numbers
};

/// Reads `{"metadata": {...}, "weight_map": {"<tensor>": "<file>", ...}}`.
///
/// A file is a name without a directory, as all who write such an index have it: what a stranger's
/// index names lies beside it. (A link there is followed, which caches of downloaded models need.)
///
/// Errors: `Error` with what was expected and found; the caller knows the file.
[[nodiscard]] Index parse_index(std::string_view json);

}  // namespace lamina::io
