#include <algorithm>
#include <array>
#include <memory>
#include <string_view>
#include <utility>

#include <lamina/program/schedule.hpp>

#include "program/commands.hpp"
#include "program/trust.hpp"

namespace lamina::program {

namespace {

constexpr const char* examples = R"(Examples:
  lamina train --data moons
  lamina train --data iris.csv --target species --network mlp-bn --epochs 100 --patience 10
  lamina train --data houses.csv --optimizer adamw --learning-rate 0.003 --output runs/houses
  lamina train --data excel.csv --delimiter ";" --missing median
  lamina train --data houses.csv --task regression --schedule cosine \
      --optimizer "Sgd{.learning_rate = 0.05F, .momentum = 0.95F, .nesterov = true}"
  lamina train --data /usr/share/datasets/fashion-mnist --network lenet --batch-size 128 --epochs 10
  lamina train --data iris.csv --network \
      "Network<Input<4>, Standardize, Linear<16>, Tanh, Linear<3>, CrossEntropy<>>"
  lamina train --data /usr/share/datasets/fashion-mnist --network lenet \
      --augment "RandomCrop<28, Padding<2>>, Flip<Horizontal>, Except<Classes<6, 9>, Rotate<15>>"
  lamina train --output run --resume

The network is a C++ type: the first run of a kind compiles it, later ones take it from a cache.
The run directory holds config.json, history.csv and .json, best.safetensors (the model of the best
epoch), last.safetensors (everything to go on from) and pictures/. A run that was interrupted, even
killed, goes on with --resume and ends with the same weights as one that was not.

Continue with `lamina evaluate`, `lamina predict`, `lamina plot`.)";

// A run goes on as it began: what else is said would be ignored.
void expect_resume_alone(const CLI::App& command) {
  constexpr std::array<std::string_view, 4> known{"--output", "--resume", "--trust", "--help"};
  for (const CLI::Option* option : command.get_options()) {
    const std::string name = option->get_name();
    if (option->count() == 0 || std::find(known.begin(), known.end(), name) != known.end()) {
      continue;
    }
    throw UsageError("--resume goes on with the configuration of the run: leave out " + name);
  }
}

[[noreturn]] void train(Job job, bool trust, const CLI::App& command) {
  Configuration& options = job.configuration;
  if (job.resume) {
    expect_resume_alone(command);
    options = configuration_to_resume(job.run);
  } else {
    complete(options);
    expect_new_run(job.run);
  }
  NetworkProgram program = program_of(options);
  if (job.resume) program = trusted(std::move(program), job.run, trust);
  become(compile(program), to_json(job));
}

}  // namespace

void add_train(CLI::App& program) {
  const auto job = std::make_shared<Job>();
  job->command = "train";
  job->run = "run";
  Configuration& options = job->configuration;
  CLI::App* command = program.add_subcommand("train", "Train a network on data, into a directory");
  add_training_options(*command, options);
  add_augment(*command, options.augment,
              "changes of the training samples, drawn anew in every epoch: the items of an Augment "
              "list, such as \"Flip<Horizontal>, Rotate<15>\"");
  command->add_option("--epochs", options.epochs, "passes over the training samples")
      ->check(at_least(1))
      ->capture_default_str();
  command->add_option("--schedule", options.schedule, names_of(ready_schedules()))
      ->capture_default_str();
  command
      ->add_option("--patience", options.patience,
                   "end after so many epochs without improvement, 0 for never")
      ->check(at_least(0))
      ->capture_default_str();
  command->add_option("--validation", options.validation, "share of the samples to validate on")
      ->check(finite())
      ->check(CLI::Range(0.0, 0.9).description("0 to 0.9"))
      ->capture_default_str();
  command->add_option("--output", job->run, "directory of the run, a new one")
      ->capture_default_str();
  CLI::Option* resume =
      command->add_flag("--resume", job->resume, "go on with the run in --output");
  const auto trust = std::make_shared<bool>(false);
  add_trust(*command, *trust)->needs(resume);
  command->footer(examples);
  command->callback([job, trust, command] { train(*job, *trust, *command); });
}

}  // namespace lamina::program
