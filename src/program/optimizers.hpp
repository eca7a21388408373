#pragma once

#include <span>
#include <string>
#include <string_view>

namespace lamina::program {

/// An optimizer that has a name.
struct ReadyOptimizer {
  std::string_view name;
  std::string_view meaning;
  std::string_view code;  ///< an object of its type
  double learning_rate;   ///< the highest of a cycle, for standardized data
};

/// All of them, in the order of help pages.
[[nodiscard]] std::span<const ReadyOptimizer> ready_optimizers();

/// Errors: `UsageError` for a name that is none.
[[nodiscard]] const ReadyOptimizer& find_optimizer(const std::string& name);

}  // namespace lamina::program
