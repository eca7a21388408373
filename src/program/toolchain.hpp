#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace lamina::program {

/// How programs are compiled against lamina.
struct Toolchain {
  std::vector<std::string> compiler;  ///< command, with options where it needs them
  std::vector<std::string> flags;     ///< optimization and machine
  std::vector<std::string> includes;
  std::vector<std::string> libraries;
  /// What an executable depends on beside its own code: headers and libraries of lamina.
  std::vector<std::filesystem::path> sources;
};

/// The compiler that lamina was built with or the environment names, and lamina where this program
/// lies: installed beside it, or else in the tree that it was built in.
[[nodiscard]] Toolchain find_toolchain();

/// Runs a command; what it says goes to a file.
/// Returns its exit status; 127 where it could not be started.
int run_command(const std::vector<std::string>& command, const std::filesystem::path& said);

}  // namespace lamina::program
