#include <limits>
#include <string>

#include <lamina/program/data.hpp>
#include <lamina/program/schedule.hpp>

#include "program/commands.hpp"
#include "program/networks.hpp"
#include "program/optimizers.hpp"

namespace lamina::program {

namespace {

NetworkShape shape_of(const DataDescription& data) {
  return {data.features, data.outputs, data.task};
}

bool is_ready(const std::string& network) {
  for (const ReadyNetwork& each : ready_networks()) {
    if (each.name == network) return true;
  }
  return false;
}

}  // namespace

CLI::Validator at_least(int least) {
  return CLI::Range(least, std::numeric_limits<int>::max())
      .description(std::to_string(least) + " and more");
}

void add_network_options(CLI::App& command, Configuration& options) {
  command.add_option("--data", options.data,
                     "CSV or NPZ file, directory of IDX files, or one of " + embedded_names());
  command.add_option(
      "--target", options.target,
      "column of the CSV file, or array of the NPZ file, to predict; by default the last, or y");
  command
      .add_option("--network", options.network,
                  names_of(ready_networks()) +
                      "; a type \"Network<...>\"; or a header with `using Net = ...`")
      ->capture_default_str();
}

void add_training_options(CLI::App& command, Configuration& options) {
  add_network_options(command, options);
  command.add_option("--batch-size", options.batch_size, "samples a step")
      ->check(at_least(2))
      ->capture_default_str();
  command.add_option("--optimizer", options.optimizer, names_of(ready_optimizers()))
      ->capture_default_str();
  command
      .add_option("--learning-rate", options.learning_rate,
                  "highest learning rate; the optimizer's own where none is given (see find-lr)")
      ->check(CLI::PositiveNumber);
  command.add_option("--seed", options.seed, "start of all random numbers")
      ->check(CLI::NonNegativeNumber)
      ->capture_default_str();
  command.add_option("--threads", options.threads, "threads at most, 0 for all")
      ->check(at_least(0))
      ->capture_default_str();
}

void complete(Configuration& options) {
  const ReadyOptimizer& optimizer = find_optimizer(options.optimizer);
  static_cast<void>(find_schedule(options.schedule, 1, 1));
  static_cast<void>(find_network(options.network, {}));  // its name, before the data are read
  if (options.data.empty()) {
    throw UsageError("--data is required: a CSV or NPZ file, a directory of IDX files, or one of " +
                     embedded_names());
  }
  if (options.learning_rate == 0) options.learning_rate = optimizer.learning_rate;
  options.description =
      describe_data(open_training_data(options.data, options.target), options.network);
  NetworkSource source = find_network(options.network, shape_of(options.description));
  options.network_source = std::move(source.code);
  options.network_directory = std::move(source.directory);
}

NetworkProgram program_of(const Configuration& options) {
  const DataDescription& data = options.description;
  std::string outputs =
      std::to_string(data.outputs) + (data.task == Task::Classification ? " classes" : " targets");
  if (data.task == Task::Reconstruction) outputs = "their reconstruction";
  return {.network = {options.network_source, options.network_directory, is_ready(options.network)},
          .header = "lamina/program/runner.hpp",
          .body = "return lamina::program::run<Net>(argc, argv, " +
                  std::string(find_optimizer(options.optimizer).code) + ");",
          .said = "Compiling the network for " + std::to_string(data.features) + " features and " +
                  outputs + " (once) ..."};
}

}  // namespace lamina::program
