#pragma once

#include <cstdint>
#include <filesystem>

namespace lamina::program {

/// Where Debian's and Ubuntu's package `dataset-fashion-mnist` puts its files.
inline constexpr const char* default_data = "/usr/share/datasets/fashion-mnist";

/// What `lamina demo` is told.
struct DemoOptions {
  std::filesystem::path data = default_data;
  int epochs = 20;
  int batch_size = 128;
  int threads = 0;  ///< at most so many; 0: as many as there are
  std::uint64_t seed = 42;
  bool bench = true;
};

/// Prints the classifier's type and plan, trains it with a progress bar, prints its accuracy on the
/// test images, then fused against naive.
///
/// Errors: `Error` where the data are missing (with the way to get them) or wrong.
void run_demo(const DemoOptions& options);

/// Prints the classifier's type and plan.
void run_describe();

}  // namespace lamina::program
