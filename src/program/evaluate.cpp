#include <memory>

#include "program/commands.hpp"

namespace lamina::program {

void add_evaluate(CLI::App& program) {
  const auto job = std::make_shared<Job>();
  job->command = "evaluate";
  job->run = "run";
  const auto trust = std::make_shared<bool>(false);
  const auto drawn = std::make_shared<DrawnPrediction>();
  CLI::App* command =
      program.add_subcommand("evaluate", "Measure the best model of a run on other data");
  command->add_option("--run", job->run, "directory that `lamina train` has made")
      ->capture_default_str();
  command
      ->add_option(
          "--data", job->data,
          "data as `lamina train` takes them; of IDX files and embedded sets the test part")
      ->required();
  add_drawn_prediction(*command, *drawn);
  add_trust(*command, *trust);
  command->footer(R"(Examples:
  lamina evaluate --run run --data moons
  lamina evaluate --run runs/houses --data houses_2024.csv

Columns are taken by their names and classes by theirs, in whatever order they come. With --augment
predictions are means over draws of each sample, and the loss, which is not theirs, is left out.)");
  command->callback([job, drawn, trust] {
    const NetworkProgram compiled = program_of_job(*job, *drawn, *trust);
    become(compile(compiled), to_json(*job));
  });
}

}  // namespace lamina::program
