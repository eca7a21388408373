#include <functional>
#include <iostream>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <lamina/core/printable.hpp>
#include <lamina/plot/picture.hpp>

#include "plot/redraw.hpp"
#include "program/commands.hpp"

namespace lamina::program {

namespace {

// The scripts in a run's directory may be anybody's, and gnuplot's language starts programs: none
// is run that is found, all are written anew.
std::vector<Picture> redraw_run(const std::filesystem::path& run) {
  const DataDescription data = read_configuration(run).description;
  using Redraw = std::function<Picture(const std::filesystem::path&)>;
  const std::pair<const char*, Redraw> known[] = {
      {"activations", plot::redraw_histograms},
      {"confusion", plot::redraw_confusion},
      {"decision_boundary",
       [&](const std::filesystem::path& stem) {
         return plot::redraw_decision_boundary(
             stem, {data.outputs, data.class_names, data.feature_names});
       }},
      {"history", plot::redraw_history},
      {"weights", plot::redraw_histograms}};
  std::vector<Picture> pictures;
  for (const auto& [name, redraw] : known) {
    const std::filesystem::path stem = run / "pictures" / name;
    if (std::filesystem::exists(stem.string() + ".csv")) pictures.push_back(redraw(stem));
  }
  if (pictures.empty()) {
    throw Error(detail::printable_path((run / "pictures").string()) +
                ": expected the data of pictures, found none; a run has them at its end");
  }
  return pictures;
}

void plot_run(const std::filesystem::path& run) {
  for (const Picture& picture : redraw_run(run)) {
    if (!picture.missing.empty()) throw Error(picture.missing);
    std::cout << picture.svg.string() << '\n' << picture.png.string() << '\n';
  }
}

}  // namespace

void add_plot(CLI::App& program) {
  const auto run = std::make_shared<std::filesystem::path>("run");
  CLI::App* command = program.add_subcommand("plot", "Draw the pictures of a run again");
  command->add_option("--run", *run, "directory that `lamina train` has made")
      ->capture_default_str();
  command->footer(R"(Examples:
  lamina plot --run run

Each picture lies in pictures/ as SVG and PNG, with its data (CSV) and the gnuplot script that draws
it. The scripts are written anew from the data: copy one under another name to change it, and run
gnuplot on it in pictures/.)");
  command->callback([run] { plot_run(*run); });
}

}  // namespace lamina::program
