#include <algorithm>
#include <cerrno>
#include <fstream>
#include <string>
#include <system_error>

#include <lamina/core/error.hpp>
#include <lamina/core/printable.hpp>
#include <lamina/plot/picture.hpp>

#include "io/temporary_file.hpp"
#include "plot/gnuplot.hpp"
#include "plot/script.hpp"

namespace lamina {

namespace {

namespace files = std::filesystem;

/// Puts both pictures in place, or says why there is none.
std::string draw_files(const files::path& script, const files::path& svg, const files::path& png) {
  using plot::GnuplotRun;
  io::TemporaryFile new_svg{script.parent_path(), ".svg"};
  io::TemporaryFile new_png{script.parent_path(), ".png"};
  if (new_svg.descriptor() < 0 || new_png.descriptor() < 0) {
    return detail::printable_path(svg.string()) +
           ": cannot be written: " + std::generic_category().message(errno);
  }
  const GnuplotRun run = plot::run_gnuplot(script, new_svg.path().filename().string(),
                                           new_png.path().filename().string());
  if (run.result == GnuplotRun::Result::NotInstalled) {
    return detail::printable_path(svg.string()) +
           ": expected the program gnuplot to draw it, found none; install it (Debian: "
           "gnuplot-nox)";
  }
  if (run.result == GnuplotRun::Result::Failed) {
    return detail::printable_path(svg.string()) + ": expected gnuplot to draw " +
           detail::printable_path(script.string()) +
           ", found: " + detail::printable(run.complaint, 400);
  }
  if (new_svg.put(svg) && new_png.put(png)) return {};
  return detail::printable_path(svg.string()) +
         ": expected to put the picture in place, found: " + std::generic_category().message(errno);
}

bool is_ours(const files::path& path) {
  if (path.extension() != ".gp") return false;
  std::ifstream file{path, std::ios::binary};
  std::string beginning(plot::script_mark.size(), '\0');
  file.read(beginning.data(), static_cast<std::streamsize>(beginning.size()));
  return file && beginning == plot::script_mark;
}

}  // namespace

Picture draw(const files::path& script) {
  std::error_code none;
  if (!files::is_regular_file(script, none)) {
    throw Error(std::string("draw: expected the script of a picture, found no file '") +
                detail::printable_path(script.string()) + "'");
  }
  const auto named = [&](const char* extension) {
    files::path path = script;
    return path.replace_extension(extension);
  };
  Picture picture{.data = named(".csv"), .svg = named(".svg"), .png = named(".png"), .missing = {}};
  picture.missing = draw_files(script, picture.svg, picture.png);
  if (!picture.missing.empty()) {
    if (files::exists(picture.data, none)) {
      picture.missing += "; the data are in " + detail::printable_path(picture.data.string());
    }
    picture.svg.clear();
    picture.png.clear();
  }
  return picture;
}

std::vector<Picture> redraw(const files::path& directory) {
  std::error_code failed;
  std::vector<files::path> scripts;
  for (files::directory_iterator entry{directory, failed}, end; !failed && entry != end;
       entry.increment(failed)) {
    if (is_ours(entry->path())) scripts.push_back(entry->path());
  }
  if (failed) {
    throw Error(std::string("redraw: expected a directory, found '") +
                detail::printable_path(directory.string()) + "': " + failed.message());
  }
  std::sort(scripts.begin(), scripts.end());
  std::vector<Picture> pictures;
  for (const files::path& script : scripts) pictures.push_back(draw(script));
  return pictures;
}

}  // namespace lamina
