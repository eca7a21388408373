#include <iostream>
#include <memory>
#include <utility>

#include <lamina/program/describe.hpp>

#include "program/classifier.hpp"
#include "program/commands.hpp"
#include "program/networks.hpp"
#include "program/trust.hpp"

namespace lamina::program {

namespace {

struct DescribeOptions {
  Configuration configuration;
  std::filesystem::path run;
  bool trust = false;
};

void describe_network(DescribeOptions options, const CLI::App& command) {
  Configuration& configuration = options.configuration;
  NetworkProgram program{
      .network = {},
      .optimizer = {},
      .augment = {},
      .header = "lamina/program/describe.hpp",
      .body = "return lamina::program::guarded(lamina::program::print_description<Net>);",
      .said = "Compiling the network (once) ..."};
  if (!options.run.empty()) {
    program.network = program_of(read_configuration(options.run)).network;
    program = trusted(std::move(program), options.run, options.trust);
  } else if (command.count("--data") > 0) {
    complete(configuration);
    program.network = program_of(configuration).network;
  } else if (command.count("--network") > 0) {
    if (is_ready(configuration.network)) {
      throw UsageError("--data is required: the shape of its samples decides that of '" +
                       configuration.network + "'");
    }
    program.network = find_network(configuration.network, {});
  } else {
    print_description<Classifier>();
    return;
  }
  become(compile(program), "");
}

}  // namespace

void add_describe(CLI::App& program) {
  const auto options = std::make_shared<DescribeOptions>();
  CLI::App* command = program.add_subcommand(
      "describe", "Print the type and the plan of a network: stages, loops, bytes, FLOPs");
  add_network_options(*command, options->configuration);
  CLI::Option* run = command->add_option("--run", options->run, "the network of this run");
  run->excludes("--data")->excludes("--network");
  add_trust(*command, options->trust)->needs(run);
  command->footer(R"(Examples:
  lamina describe                                  the network of `lamina demo`
  lamina describe --network mlp-bn --data iris.csv
  lamina describe --network "Network<Input<4>, Linear<16>, Tanh, Linear<3>, CrossEntropy<>>"
  lamina describe --run run)");
  command->callback([options, command] { describe_network(*options, *command); });
}

}  // namespace lamina::program
