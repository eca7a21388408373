#pragma once

#include <cstdint>

namespace lamina {

/// How files are read that may be packed: gzip and the arrays of an NPZ file.
///
/// Example: `read_npz("huge.npz", "x", "y", {.max_bytes = std::uint64_t{64} << 30})`
struct ReadOptions {
  /// The most bytes that a file may unpack to, for a thousand bytes of zeros fit in one: a file of
  /// some megabytes would take all memory. A file may always give as many bytes as it has itself.
  std::uint64_t max_bytes = std::uint64_t{8} << 30;
};

}  // namespace lamina
