#include <iostream>

#include "bench/comparison.hpp"
#include "program/commands.hpp"

namespace lamina::program {

void add_bench(CLI::App& program) {
  CLI::App* command =
      program.add_subcommand("bench", "Compare fused with naive code on this machine");
  command->footer(R"(Examples:
  lamina bench

A training step of 784-512-256-10 at batch 128 on one thread: lamina, and the same computation a
layer at a time on Eigen and in textbook loops. Takes about 15 seconds.)");
  command->callback([] { print_comparison(std::cout); });
}

}  // namespace lamina::program
