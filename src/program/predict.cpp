#include <memory>

#include "program/commands.hpp"

namespace lamina::program {

void add_predict(CLI::App& program) {
  const auto job = std::make_shared<Job>();
  job->command = "predict";
  job->run = "run";
  const auto trust = std::make_shared<bool>(false);
  const auto drawn = std::make_shared<DrawnPrediction>();
  job->output = "predictions.csv";
  CLI::App* command =
      program.add_subcommand("predict", "Write the predictions of a run's best model");
  command->add_option("--run", job->run, "directory that `lamina train` has made")
      ->capture_default_str();
  command
      ->add_option("--data", job->data,
                   "data as `lamina train` takes them; the column of the target may be missing")
      ->required();
  command->add_option("--output", job->output, "CSV file to write, or NPZ by its ending")
      ->capture_default_str();
  add_drawn_prediction(*command, *drawn);
  add_trust(*command, *trust);
  command->footer(R"(Examples:
  lamina predict --run run --data new_flowers.csv
  lamina predict --run runs/houses --data houses.csv --output prices.csv
  lamina predict --run digits --data new_digits.npz --augment "RandomCrop<28, Padding<1>>" --draws 16

A line for each sample, in the order of the data: the class and the probability of every class (the
score, where the loss of the network is none of probabilities), or the values in the units of the training data;
of class maps the class of every position. NPZ files have the arrays classes and probabilities (or scores), or values.)");
  command->callback([job, drawn, trust] {
    expect_not_the_data(job->output, job->data);
    expect_not_the_run(job->output, job->run);
    const NetworkProgram compiled = program_of_job(*job, *drawn, *trust);
    become(compile(compiled), to_json(*job));
  });
}

}  // namespace lamina::program
