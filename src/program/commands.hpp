#pragma once

#include <CLI/CLI.hpp>
#include <string>

#include <lamina/program/configuration.hpp>

#include "program/compile.hpp"

/// The commands of the program, each in a file of its own: it adds its options and help, and runs
/// when it was given.
namespace lamina::program {

void add_augment_command(CLI::App& program);
void add_bench(CLI::App& program);
void add_demo(CLI::App& program);
void add_describe(CLI::App& program);
void add_evaluate(CLI::App& program);
void add_find_lr(CLI::App& program);
void add_plot(CLI::App& program);
void add_predict(CLI::App& program);
void add_train(CLI::App& program);

/// The names of a table's rows, for help pages.
template <class Rows>
std::string names_of(const Rows& rows) {
  std::string names;
  for (const auto& row : rows) names += (names.empty() ? "" : ", ") + std::string(row.name);
  return names;
}

/// A whole number of `least` and more.
[[nodiscard]] CLI::Validator at_least(int least);

/// Neither NaN nor infinite.
[[nodiscard]] CLI::Validator finite();

/// A whole number of 64 bits without sign.
[[nodiscard]] CLI::Validator whole_number();

/// Errors: `UsageError` where a file to be written is the file of the data.
void expect_not_the_data(const std::filesystem::path& output, const std::string& data);

/// Errors: `UsageError` where a name for the files of a picture is none, or one of the files is
/// that of the data or of a run.
void expect_picture_name(const std::filesystem::path& output, const std::string& data,
                         const std::filesystem::path& run = {});

/// `--augment`.
CLI::Option* add_augment(CLI::App& command, std::string& augment, const std::string& meaning);

/// `--augment` and `--draws`, of commands that predict.
struct DrawnPrediction {
  std::string augment;
  int draws = 8;
};
void add_drawn_prediction(CLI::App& command, DrawnPrediction& drawn);

/// `--trust`, of commands that compile the code of a run.
CLI::Option* add_trust(CLI::App& command, bool& trust);

/// What `train` and `find-lr` share: data, network, optimizer, batches, learning rate, seed,
/// threads.
void add_training_options(CLI::App& command, Configuration& options);

/// `--data` and how it is read.
void add_data_options(CLI::App& command, Configuration& options);

/// Errors: `UsageError` for an option that would be ignored, as it says how other data are read.
void expect_data_options(const Configuration& options);

/// The same and `--network`.
void add_network_options(CLI::App& command, Configuration& options);

/// Looks at the data and fills in what follows from them: shapes and the code of the network, and
/// the optimizer's learning rate where none is given.
/// Errors: `UsageError` for names that are none, `Error` for wrong data.
void complete(Configuration& options);

/// The same of a command that has no network.
void complete_data(Configuration& options);

/// The program that trains and predicts with the network of a configuration.
[[nodiscard]] NetworkProgram program_of(const Configuration& options);

/// The same of a run.
/// Errors: `Error` for code that is not trusted, see `trusted`.
[[nodiscard]] NetworkProgram program_of_run(const std::filesystem::path& run, bool trust);

/// The same for a job that predicts, with another list of augmentations where one is given.
/// Errors: also `UsageError` for a list that goes by the class.
[[nodiscard]] NetworkProgram program_of_job(Job& job, const DrawnPrediction& drawn, bool trust);

}  // namespace lamina::program
