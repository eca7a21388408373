#include <string>

#include "program/commands.hpp"
#include "program/counted.hpp"
#include "program/networks.hpp"
#include "program/optimizers.hpp"
#include "program/samples.hpp"
#include "program/trust.hpp"

namespace lamina::program {

namespace {

// The list that a program trains or predicts with; the same code as ever where there is none.
void give_list(NetworkProgram& program, const std::string& augment) {
  const char* const list = augment.empty() ? "" : ", Augmentation{}";
  program.augment = augment;
  program.body =
      std::string("return lamina::program::run<Net>(argc, argv, optimizer") + list + ");";
}

}  // namespace

NetworkProgram program_of(const Configuration& options) {
  const DataDescription& data = options.description;
  std::string outputs =
      counted(data.outputs, data.task == Task::Classification ? "class" : "target");
  if (data.task == Task::Reconstruction) outputs = "their reconstruction";
  if (data.label_shape.positions() > 1) {
    outputs = "class maps of " + sample_text(data.label_shape);
  }
  const OptimizerSource optimizer = find_optimizer(options.optimizer);
  NetworkProgram program{
      .network = {options.network_source, options.network_directory, is_ready(options.network)},
      .optimizer = optimizer,
      .augment = {},
      .header = "lamina/program/runner.hpp",
      .body = {},
      .said = "Compiling the network for " + sample_words(data.shape) + " and " + outputs +
              " (once) ..."};
  give_list(program, options.augment);
  return program;
}

NetworkProgram program_of_run(const std::filesystem::path& run, bool trust) {
  return trusted(program_of(read_configuration(run)), run, trust);
}

NetworkProgram program_of_job(Job& job, const DrawnPrediction& drawn, bool trust) {
  if (drawn.augment.empty()) return program_of_run(job.run, trust);
  for (const char* by_class : {"Only<", "Except<"}) {
    if (drawn.augment.find(by_class) == std::string::npos) continue;
    throw UsageError(std::string("--augment: ") + by_class +
                     "...> goes by the class of a sample, which is to be predicted: leave it out");
  }
  Configuration options = read_configuration(job.run);
  options.augment.clear();  // nothing is trained
  NetworkProgram program = trusted(program_of(options), job.run, trust);
  give_list(program, drawn.augment);
  job.draws = drawn.draws;
  return program;
}

}  // namespace lamina::program
