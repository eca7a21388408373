#include <functional>
#include <iostream>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <lamina/core/printable.hpp>
#include <lamina/plot/picture.hpp>
#include <lamina/program/session.hpp>

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
      {"feature_maps", plot::redraw_images},
      {"filters", plot::redraw_images},
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

void plot_run(const Job& job, bool trust) {
  if (!job.data.empty()) {
    expect_picture_name(job.output, job.data, job.run);
    become(compile(program_of_run(job.run, trust)), to_json(job));
  }
  for (const Picture& picture : redraw_run(job.run)) print_picture(picture);
}

}  // namespace

void add_plot(CLI::App& program) {
  const auto job = std::make_shared<Job>();
  job->command = "plot";
  job->run = "run";
  job->output = "feature_maps";
  const auto trust = std::make_shared<bool>(false);
  CLI::App* command = program.add_subcommand(
      "plot", "Draw the pictures of a run again, or what its network makes of a sample");
  command->add_option("--run", job->run, "directory that `lamina train` has made")
      ->capture_default_str();
  CLI::Option* data = command->add_option(
      "--data", job->data,
      "draw what every layer makes of a sample of these data, as `lamina predict` takes them");
  command->add_option("--sample", job->sample, "which one, counted from 0")
      ->check(whole_number())
      ->needs(data)
      ->capture_default_str();
  command
      ->add_option("--output", job->output,
                   "the files of that picture: this name with .csv, .svg, .png and .gp")
      ->needs(data)
      ->capture_default_str();
  add_trust(*command, *trust)->needs(data);
  command->footer(R"(Examples:
  lamina plot --run run
  lamina plot --run run --data /usr/share/datasets/fashion-mnist --sample 7

Each picture of a run lies in pictures/ as SVG and PNG, with its data (CSV) and the gnuplot script
that draws it. The scripts are written anew from the data: copy one under another name to change it,
and run gnuplot on it in pictures/.

Of a sample, the outputs of every layer are drawn: a tile for each channel of an image, a line for
each channel of a signal, a point for each feature.)");
  command->callback([job, trust] { plot_run(*job, *trust); });
}

}  // namespace lamina::program
