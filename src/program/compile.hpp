#pragma once

#include <string>

#include "program/cache.hpp"
#include "program/networks.hpp"
#include "program/optimizers.hpp"

namespace lamina::program {

/// A program to be compiled for one network.
struct NetworkProgram {
  NetworkSource network;
  OptimizerSource optimizer;  ///< the object `optimizer` in `main`; without code there is none
  std::string augment;        ///< items of the type `Augmentation` in `main`; empty: there is none
  std::string header;         ///< of lamina, with what `main` calls
  std::string body;           ///< of `main`
  std::string said;           ///< what is said while it is compiled
};

/// The executable of a program: compiled once, then taken from a cache. Its code is trusted: it was
/// given on the command line, or `trusted` has let it pass. It is remembered as such.
///
/// An executable is found again as long as it is whole and its code, the headers that it includes,
/// the compiler, its version and command, the processor it compiles for and the headers and
/// libraries of lamina are the same. Of several processes that want the same one compiles it, the
/// others wait.
/// The compiler and its flags are those that lamina was built with; the environment variables CXX
/// and CXXFLAGS win.
///
/// Errors: `Error` where there is no compiler, or the cache is one that others can write to;
/// `UsageError` with one sentence for a network, an
/// optimizer or a list of augmentations of the user's own that does not compile. The cache then
/// keeps no more than what the compiler said, in `last_error.txt`.
[[nodiscard]] Executable compile(const NetworkProgram& program);

/// Becomes that executable, which finds its job (see `job_from_arguments`) in a file that has no
/// name any more: the process stays the same, whoever waits for it or stops it.
/// Errors: `Error` where the system refuses.
[[noreturn]] void become(const Executable& executable, const std::string& job);

}  // namespace lamina::program
