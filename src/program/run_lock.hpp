#pragma once

#include <filesystem>
#include <memory>

namespace lamina::program {

/// The right to write into a run's directory: of one process at a time, until what is returned, or
/// the process, is gone.
///
/// It is a lock (flock) on a file in the directory, which is made with those above it where it is
/// not there. Where the file system knows no locks everybody has the right.
///
/// Errors: `Error` where another process has it, or the file cannot be made.
[[nodiscard]] std::shared_ptr<void> lock_run(const std::filesystem::path& directory);

}  // namespace lamina::program
