#include <iostream>
#include <memory>

#include <lamina/plot/picture.hpp>

#include "program/commands.hpp"

namespace lamina::program {

namespace {

void plot(const std::filesystem::path& run) {
  static_cast<void>(read_configuration(run));  // says what is wrong with a directory that is no run
  for (const Picture& picture : redraw(run / "pictures")) {
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
it. Change the script and draw again.)");
  command->callback([run] { plot(*run); });
}

}  // namespace lamina::program
