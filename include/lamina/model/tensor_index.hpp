#pragma once

#include <algorithm>
#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <lamina/core/error.hpp>
#include <lamina/core/printable.hpp>
#include <lamina/core/tensor.hpp>

namespace lamina::detail {

/// Finds tensors by name. Sorted and not hashed: names that a stranger has chosen may all have the
/// same hash. The tensors must outlive it.
class TensorIndex {
 public:
  /// Errors: `Error` for a name that two tensors have.
  explicit TensorIndex(std::span<const Tensor> tensors) {
    for (const Tensor& tensor : tensors) sorted_.push_back(&tensor);
    std::sort(sorted_.begin(), sorted_.end(),
              [](const Tensor* a, const Tensor* b) { return a->name < b->name; });
    const auto twice =
        std::adjacent_find(sorted_.begin(), sorted_.end(),
                           [](const Tensor* a, const Tensor* b) { return a->name == b->name; });
    if (twice == sorted_.end()) return;
    throw Error("load: expected one tensor " + tensor_name((*twice)->name) + ", found several");
  }

  /// Null where there is none.
  [[nodiscard]] const Tensor* find(std::string_view name) const {
    const auto found = first_from(name);
    return found != sorted_.end() && (*found)->name == name ? *found : nullptr;
  }

  [[nodiscard]] bool has_below(std::string_view prefix) const {
    const auto found = first_from(prefix);
    return found != sorted_.end() && (*found)->name.starts_with(prefix);
  }

  /// What all names begin with.
  [[nodiscard]] std::string_view common() const {
    if (sorted_.empty()) return {};
    const std::string_view first = sorted_.front()->name;
    const std::string_view last = sorted_.back()->name;
    std::size_t same = 0;
    while (same < std::min(first.size(), last.size()) && first[same] == last[same]) ++same;
    return first.substr(0, same);
  }

 private:
  [[nodiscard]] std::vector<const Tensor*>::const_iterator first_from(std::string_view name) const {
    return std::lower_bound(
        sorted_.begin(), sorted_.end(), name,
        [](const Tensor* a, std::string_view sought) { return a->name < sought; });
  }

  std::vector<const Tensor*> sorted_;
};

}  // namespace lamina::detail
