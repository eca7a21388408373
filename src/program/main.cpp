#include <csignal>
#include <cstdlib>
#include <fcntl.h>
#include <string>
#include <unistd.h>

#include <lamina/program/session.hpp>

#include "program/commands.hpp"

namespace {

using lamina::program::UsageError;

constexpr const char* first_steps = R"(First steps:
  lamina demo                          what the library does, on Fashion-MNIST
  lamina train --data moons            train on an embedded set, into the directory run/
  lamina evaluate --run run --data moons
  lamina train --data iris.csv --target species --output runs/iris
  lamina predict --run runs/iris --data new.csv

`lamina COMMAND --help` explains a command and gives examples.)";

// One sentence and where to read more, of the command that was used wrongly.
[[noreturn]] void complain(const CLI::App& program, const std::string& sentence) {
  const auto used = program.get_subcommands();
  const std::string command = used.empty() ? "" : used.front()->get_name() + " ";
  throw UsageError(command + sentence + " (see lamina " + command + "--help)");
}

void run(int argc, char** argv) {
  CLI::App program{"lamina: neural networks as C++ types", "lamina"};
  program.require_subcommand(0, 1);
  program.footer(first_steps);
  lamina::program::add_train(program);
  lamina::program::add_evaluate(program);
  lamina::program::add_predict(program);
  lamina::program::add_find_lr(program);
  lamina::program::add_plot(program);
  lamina::program::add_augment_command(program);
  lamina::program::add_describe(program);
  lamina::program::add_demo(program);
  lamina::program::add_bench(program);
  try {
    program.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    if (error.get_exit_code() != 0) complain(program, error.what());
    program.exit(error);  // --help
    return;
  } catch (const UsageError& error) {
    complain(program, error.what());
  }
  if (program.get_subcommands().empty()) complain(program, "expected a command, found none");
}

// A file that is opened would take the place of a stream that is closed, and what is said would go
// into it. What stands there instead refuses to be written.
void close_gaps() {
  for (const int stream : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) {
    if (fcntl(stream, F_GETFD) >= 0) continue;
    if (open("/dev/null", O_RDONLY) != stream) std::_Exit(EXIT_FAILURE);  // the lowest that is free
  }
}

}  // namespace

int main(int argc, char** argv) {
  close_gaps();
  // A parent may have left it ignored: then nobody can wait for the compiler.
  std::signal(SIGCHLD, SIG_DFL);
  // A file that may not grow (`ulimit -f`) is an error like a disk that is full.
  std::signal(SIGXFSZ, SIG_IGN);
  return lamina::program::guarded([&] { run(argc, argv); });
}
