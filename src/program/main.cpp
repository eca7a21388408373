#include <CLI/CLI.hpp>
#include <exception>
#include <iostream>
#include <limits>
#include <string>

#include "program/demo.hpp"

namespace {

using lamina::program::DemoOptions;

constexpr int failed = 1;
constexpr int used_wrongly = 2;

// A whole number of `least` and more.
CLI::Validator at_least(int least) {
  return CLI::Range(least, std::numeric_limits<int>::max())
      .description(std::to_string(least) + " and more");
}

void add_demo_options(CLI::App& demo, DemoOptions& options) {
  demo.add_option("--data", options.data, "directory with the IDX files, gzip or plain")
      ->capture_default_str();
  demo.add_option("--epochs", options.epochs, "passes over the training images")
      ->check(at_least(1))
      ->capture_default_str();
  demo.add_option("--batch-size", options.batch_size, "images a step")
      ->check(at_least(2))
      ->capture_default_str();
  demo.add_option("--threads", options.threads, "threads at most, 0 for all")
      ->check(at_least(0))
      ->capture_default_str();
  demo.add_option("--seed", options.seed, "start of all random numbers")
      ->check(CLI::NonNegativeNumber)
      ->capture_default_str();
  demo.add_flag("!--no-bench", options.bench, "leave out the comparison with naive code");
}

int complain(const std::string& sentence) {
  std::cerr << "lamina: " << sentence << " (see lamina --help)\n";
  return used_wrongly;
}

int run(int argc, char** argv) {
  CLI::App program{"lamina: neural networks as C++ types", "lamina"};
  program.require_subcommand(0, 1);
  DemoOptions options;
  auto* demo = program.add_subcommand(
      "demo", "Train a classifier on Fashion-MNIST, then compare fused with naive code");
  add_demo_options(*demo, options);
  const auto* describe =
      program.add_subcommand("describe", "Print the type and the plan of the demo's classifier");
  try {
    program.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    if (error.get_exit_code() == 0) return program.exit(error);  // --help
    return complain(error.what());
  }
  if (program.get_subcommands().empty()) return complain("expected a command, found none");
  if (*demo) lamina::program::run_demo(options);
  if (*describe) lamina::program::run_describe();
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  try {
    return run(argc, argv);
  } catch (const std::exception& error) {
    std::cerr << "lamina: " << error.what() << '\n';
    return failed;
  }
}
