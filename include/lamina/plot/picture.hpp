#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace lamina {

/// What the functions `plot_...` have written, all beside each other under one stem.
///
/// Beside the data lies the script `<stem>.gp` that gnuplot draws them with. It is yours to change:
/// `draw(script)`, or `gnuplot <stem>.gp` in its directory, draws again.
///
/// Pictures never stop a program: where gnuplot is not installed, or does not understand a script,
/// the data are there all the same and `missing` says why there is no picture.
///
/// Example:
///
///     const Picture picture = plot_history(history, "run/history");
///     if (!picture.missing.empty()) std::cerr << picture.missing << '\n';
struct Picture {
  std::filesystem::path data;  ///< `<stem>.csv`
  std::filesystem::path svg;   ///< `<stem>.svg`; empty where it could not be drawn
  std::filesystem::path png;   ///< `<stem>.png`, twice as fine; empty where it could not be drawn
  std::string missing;         ///< empty, or one sentence saying why there is no picture
};

/// Draws the script of a picture again: the one that a `plot_...` function has written, changed or
/// not. It is run as it is, and gnuplot's language starts programs: only for scripts whose origin
/// you trust. Pictures that were there stay as they are where it fails.
///
/// Errors: `Error` where there is no such file.
///
/// Example: `draw("run/history.gp");`
Picture draw(const std::filesystem::path& script);

/// Draws all pictures of a directory again, in the order of their names, by the scripts in it: see
/// `draw`. Scripts of other programs are left alone.
///
/// Errors: `Error` where there is no such directory.
///
/// Example: `for (const Picture& picture : redraw("run")) std::cout << picture.svg << '\n';`
std::vector<Picture> redraw(const std::filesystem::path& directory);

}  // namespace lamina
