#pragma once

#include <cstddef>
#include <cstdio>
#include <filesystem>
#include <functional>
#include <string>
#include <unistd.h>

namespace lamina {

/// How far the reading of many files is: said before each file, and at the end with no file.
struct ReadProgress {
  std::size_t done = 0;             ///< files that are read
  std::size_t total = 0;            ///< files there are
  std::filesystem::path file = {};  ///< the one that is read next
};

/// What hears of it. What it throws ends the reading and reaches the caller.
///
/// Example: `.progress = [&](const ReadProgress& at) { window.show(at.done, at.total); }`
using ReadCallback = std::function<void(const ReadProgress&)>;

/// A live line while files are read; quiet where `out` is no terminal.
///
/// Example: `read_image_directory("pets", {.progress = ReadProgressBar{}})`
struct ReadProgressBar {
  std::FILE* out = stdout;

  void operator()(const ReadProgress& at) {
    const int percent = at.total == 0 ? 100 : static_cast<int>(100 * at.done / at.total);
    const bool last = at.done == at.total;
    if (percent == shown && !last) return;
    shown = percent;
    if (isatty(fileno(out)) == 0) return;
    constexpr int cells = 30;
    const int filled = cells * percent / 100;
    std::fprintf(out, "\rreading [%s%s] %3d %%  %zu of %zu files ",
                 std::string(static_cast<std::size_t>(filled), '=').c_str(),
                 std::string(static_cast<std::size_t>(cells - filled), ' ').c_str(), percent,
                 at.done, at.total);
    if (last) std::fprintf(out, "\r\033[K");
    std::fflush(out);
  }

  int shown = -1;  ///< the percentage on the line
};

}  // namespace lamina
