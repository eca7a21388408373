#pragma once

#include <filesystem>
#include <string>

#include "program/networks.hpp"

namespace lamina::program {

/// A program to be compiled for one network.
struct NetworkProgram {
  NetworkSource network;
  std::string header;  ///< of lamina, with what `main` calls
  std::string body;    ///< of `main`
  std::string said;    ///< what is said while it is compiled
};

/// The executable of a program: compiled once, then taken from a cache.
///
/// The cache is `$XDG_CACHE_HOME/lamina`, or `~/.cache/lamina`. An executable is found again as
/// long as its code, the compiler's command and the headers and libraries of lamina are the same.
/// The compiler and its flags are those that lamina was built with; the environment variables CXX
/// and CXXFLAGS win.
///
/// Errors: `Error` where there is no compiler; `UsageError` with one sentence for a network of the
/// user's own that does not compile. Nothing is left in the cache then.
[[nodiscard]] std::filesystem::path compile(const NetworkProgram& program);

/// Becomes that executable: the process stays the same, whoever waits for it or stops it.
/// Errors: `Error` where the system refuses.
[[noreturn]] void become(const std::filesystem::path& executable, const std::string& argument);

}  // namespace lamina::program
