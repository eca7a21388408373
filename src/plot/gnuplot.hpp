#pragma once

#include <filesystem>
#include <string>

namespace lamina::plot {

/// Has gnuplot draw a script into two files of the script's directory, without a shell in between.
/// Returns nothing, or what was found in place of two pictures: "none" where there is no gnuplot,
/// else the first line of what it complained about.
///
/// `svg` and `png` are names within that directory; what is left there after a failure is the
/// caller's to remove.
struct GnuplotRun {
  enum class Result { Drawn, NotInstalled, Failed } result;
  std::string complaint;
};
GnuplotRun run_gnuplot(const std::filesystem::path& script, const std::string& svg,
                       const std::string& png);

}  // namespace lamina::plot
