#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include "program/compile.hpp"

/// Whose code is compiled. A run directory holds the code of its network and its optimizer, and may
/// be a stranger's: what is in it is no reason to run it.
namespace lamina::program {

/// The program of a run, which may be compiled: with `trust`, or because its code is made of names
/// of lamina's and numbers alone, or because this user has had the same code compiled before (see
/// `remember`).
///
/// `run`: its directory, for the sentence. Errors: `Error` naming the first thing in the code that
/// is not known.
[[nodiscard]] NetworkProgram trusted(NetworkProgram program, const std::filesystem::path& run,
                                     bool trust);

/// Takes note, in the cache, of the code of a program that was compiled, so that runs with the same
/// are trusted: whoever compiles it has given it on the command line or has said `--trust`.
void remember(const NetworkProgram& program);

/// The first word or character of code that is no name of an item, attribute or optimizer of
/// lamina's, no number and nothing that stands between them; empty where there is none.
///
/// `names_in_quotes`: class names, as in `Classes<"cat", 'b'>`, are known as well. They are of
/// letters, digits, spaces, points, hyphens and underscores, which no compiler takes for code.
///
/// Example: `std` of `Network<Input<2>, std::array<int, 3>>`
[[nodiscard]] std::string first_unknown(std::string_view code, bool names_in_quotes = false);

}  // namespace lamina::program
