#include <memory>

#include "program/commands.hpp"

namespace lamina::program {

void add_find_lr(CLI::App& program) {
  const auto job = std::make_shared<Job>();
  job->command = "find-lr";
  job->output = "learning_rates";
  CLI::App* command =
      program.add_subcommand("find-lr", "Try learning rates from low to high and suggest one");
  add_training_options(*command, job->configuration);
  command->remove_option(command->get_option("--learning-rate"));
  command
      ->add_option("--output", job->output,
                   "the curve's files: this name with .csv, .svg, .png and .gp")
      ->capture_default_str();
  command->footer(R"(Examples:
  lamina find-lr --data iris.csv --target species
  lamina find-lr --data moons --network mlp-bn --optimizer sgd --output rates

Trains for 100 steps while the learning rate rises from 1e-7 to 10, and ends where the loss goes up
for good. Give the rate in the valley to `lamina train --learning-rate`.)");
  command->callback([job] {
    expect_picture_name(job->output, job->configuration.data);
    complete(job->configuration);
    become(compile(program_of(job->configuration)), to_json(*job));
  });
}

}  // namespace lamina::program
