#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include <lamina/core/error.hpp>
#include <lamina/core/shape.hpp>

/// What the program `lamina` and the programs that it compiles tell one another, and what a run
/// directory remembers. Compiled into the program's own library.
namespace lamina::program {

/// A wrong option: one sentence and exit status 2.
class UsageError : public Error {
 public:
  using Error::Error;
};

/// What a network is trained to give.
enum class Task {
  Classification,  ///< a class for each sample
  Regression,      ///< one or more numbers for each sample
  Reconstruction   ///< the sample itself
};

/// How a CSV file is read: see `CsvOptions`.
struct TableOptions {
  std::string delimiter = ",";    ///< one character, or tab
  std::string header = "auto";    ///< auto, yes, no
  std::string missing = "error";  ///< error, mean, median: of the training file's column
  bool operator==(const TableOptions&) const = default;
};

/// How a directory of images or sounds is read: see `ImageOptions` and `SoundOptions`. 0 is what
/// the files have.
struct FolderOptions {
  int height = 0;  ///< of images
  int width = 0;
  int channels = 0;  ///< 1, or 3 of images
  int rate = 0;      ///< of sounds, in samples a second
  int length = 0;    ///< of sounds, in samples
  bool operator==(const FolderOptions&) const = default;
};

/// What a run remembers of its training data, so that other files are read alike.
struct DataDescription {
  Task task = Task::Classification;
  std::size_t samples = 0;  ///< for training and validation
  std::size_t features = 0;
  Shape shape;              ///< of a sample, as its file has it
  std::size_t outputs = 0;  ///< classes, or numbers a sample
  /// Of class maps; one position where a sample has one class. The network knows it: not written.
  Shape label_shape{1, 1, 1};
  std::uint32_t checksum = 0;  ///< of all numbers (CRC-32), to go on with the same
  std::vector<std::string> feature_names;
  std::vector<std::string> class_names;
  std::vector<std::string> target_names;
  /// Of the targets of the training part; empty for classes. A network is trained on
  /// (target - mean) / deviation, and predictions are scaled back.
  std::vector<double> target_means;
  std::vector<double> target_deviations;
  std::vector<float> feature_fills;  ///< what stands for a missing feature; empty: nothing does
};

/// The choices of a run: `config.json` in its directory.
struct Configuration {
  std::string data;             ///< as given to `--data`; in a run's directory an absolute path
  std::string target;           ///< column (CSV) or array (NPZ) of the targets; empty for the last
  std::string task = "auto";    ///< auto, classification, regression: what the targets are
  TableOptions table;           ///< how `data` is read, where it is a CSV file
  FolderOptions folder;         ///< how `data` is read, where it is a directory of images or sounds
  std::string network = "mlp";  ///< as given to `--network`
  std::string network_source;   ///< the code that defines `Net`
  std::string network_directory;  ///< where headers beside the user's own are looked for
  std::string augment;  ///< the items of an `Augment` list, as given to `--augment`; empty: none
  std::string optimizer = "adam";      ///< a name of `ready_optimizers()`, or C++
  std::string schedule = "one-cycle";  ///< a name of `ready_schedules()`
  double learning_rate = 0;            ///< 0: the optimizer's default
  int epochs = 50;
  int batch_size = 32;
  int patience = 0;  ///< epochs without improvement until the run ends; 0: never
  double validation = 0.2;
  std::uint64_t seed = 42;
  int threads = 0;  ///< at most so many; 0: as many as there are
  DataDescription description;
};

/// What a compiled network is asked to do.
struct Job {
  std::string command;           ///< train, evaluate, predict, find-lr, plot, augment
  std::string data;              ///< to evaluate, predict or plot
  std::filesystem::path run;     ///< the run's directory
  std::filesystem::path output;  ///< the file or stem to write
  bool resume = false;
  std::size_t sample = 0;       ///< of the data, to plot
  std::size_t samples = 6;      ///< of the data, to draw
  int draws = 0;                ///< of each sample; 0: predictions of samples as they are
  Configuration configuration;  ///< of a new run, or of data to draw
};

[[nodiscard]] std::string to_json(const Job& job);

/// Errors: `Error` for a text that is no job.
[[nodiscard]] Job job_from_json(const std::string& text);

/// Errors: `Error` that begins with the name of a field, for a configuration that
/// `read_configuration` would not take, but for what is not known before a run begins.
void expect_right(const Configuration& configuration);

/// The configuration of a run. Every field is checked: whether it is there, its type, its range,
/// whether it is one of the names that are known and fits the others, and that there is no other.
/// No text has control characters, but for line feeds and tabs in code and in names of columns and
/// classes.
///
/// Errors: `Error` where a directory has none; naming file and field, what was expected and what
/// was found, where it is wrong.
[[nodiscard]] Configuration read_configuration(const std::filesystem::path& run);

/// The same of a run that is to go on.
/// Errors: also `Error` naming a field, where one is not that of the run's last checkpoint: the
/// rest of the run would be another's. Where data and headers lie and the number of threads may
/// change.
[[nodiscard]] Configuration configuration_to_resume(const std::filesystem::path& run);

/// Writes `config.json` whole or not at all.
void write_configuration(const Configuration& configuration, const std::filesystem::path& run);

/// True for what stands between the columns of a CSV file: a character that is seen, or `tab`.
[[nodiscard]] bool is_delimiter(std::string_view text);

/// Errors: `UsageError` where an output would overwrite a file of a run.
void expect_not_the_run(const std::filesystem::path& output, const std::filesystem::path& run);

/// Errors: `Error` where a directory has something in it: a run is never overwritten.
void expect_new_run(const std::filesystem::path& run);

}  // namespace lamina::program
