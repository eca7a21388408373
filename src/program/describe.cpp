#include <iostream>
#include <memory>

#include <lamina/program/describe.hpp>

#include "program/classifier.hpp"
#include "program/commands.hpp"

namespace lamina::program {

namespace {

struct DescribeOptions {
  Configuration configuration;
  std::filesystem::path run;
};

void describe_network(DescribeOptions options, const CLI::App& command) {
  Configuration& configuration = options.configuration;
  if (!options.run.empty()) {
    configuration = read_configuration(options.run);
  } else if (command.count("--data") > 0 || command.count("--network") > 0) {
    complete(configuration);
  } else {
    print_description<Classifier>();
    return;
  }
  NetworkProgram program = program_of(configuration);
  program.header = "lamina/program/describe.hpp";
  program.body = "return argc < 0 ? argv[0][0] : lamina::program::print_description<Net>();";
  become(compile(program), "");
}

}  // namespace

void add_describe(CLI::App& program) {
  const auto options = std::make_shared<DescribeOptions>();
  CLI::App* command = program.add_subcommand(
      "describe", "Print the type and the plan of a network: stages, loops, bytes, FLOPs");
  add_network_options(*command, options->configuration);
  command->add_option("--run", options->run, "the network of this run");
  command->footer(R"(Examples:
  lamina describe                                  the network of `lamina demo`
  lamina describe --network mlp-bn --data iris.csv
  lamina describe --run run)");
  command->callback([options, command] { describe_network(*options, *command); });
}

}  // namespace lamina::program
