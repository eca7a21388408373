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

/// The code of an optimizer.
struct OptimizerSource {
  std::string code;          ///< an object of its type
  double learning_rate = 0;  ///< 0: its own
  bool ready = false;        ///< named, not written by the user
};

/// What `--optimizer` means: the name of a ready one, or the C++ of an object, such as
/// `Sgd{.momentum = 0.95F, .nesterov = true}`.
///
/// Errors: `UsageError` for what is neither.
[[nodiscard]] OptimizerSource find_optimizer(const std::string& optimizer);

}  // namespace lamina::program
