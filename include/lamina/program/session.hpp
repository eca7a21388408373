#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include <lamina/core/output_scale.hpp>
#include <lamina/core/shape.hpp>
#include <lamina/core/tensor.hpp>
#include <lamina/data/dataset.hpp>
#include <lamina/plot/picture.hpp>
#include <lamina/program/configuration.hpp>
#include <lamina/program/data.hpp>
#include <lamina/train/history.hpp>
#include <lamina/train/learning_rate_curve.hpp>

/// The parts of the program's commands that know no network type. Compiled into the program's own
/// library.
namespace lamina::program {

/// How outputs are to be read.
enum class Outputs {
  Logits,       ///< softmax makes probabilities of them
  BinaryLogit,  ///< the sigmoid makes probabilities of them
  Scores,       ///< the largest, or the sign, tells the class
  Values        ///< the numbers themselves
};

/// What a command knows of its network.
struct NetworkFacts {
  Shape input;  ///< of its samples
  TargetKind targets;
  Outputs outputs = Outputs::Values;
  std::size_t parameters = 0;
};

/// Data and configuration of a run that trains.
struct TrainingRun {
  Configuration configuration;
  std::filesystem::path directory;
  bool resumed = false;
  std::shared_ptr<void> lock;  ///< on the directory: no other process trains in it
  Dataset train;
  Dataset validation;
};

/// Reads the data, and makes the run's directory with `config.json`, or reads both again to resume.
/// Errors: `Error` where data, network and directory do not fit, another process trains there, or
/// nothing can be written; nothing new is left then.
[[nodiscard]] TrainingRun begin_training(const Job& job, const NetworkFacts& facts);

/// Leaves nothing of a new run that failed before there was anything to go on from. One that was
/// resumed stays: it can be again.
void abandon_training(TrainingRun& run);

/// The way from standardized targets to the units of the data, and back; empty for classes.
[[nodiscard]] OutputScale output_scale(const DataDescription& description);
[[nodiscard]] OutputScale standardizing(const DataDescription& description);

/// What the file of a run's best model says of its numbers: `task`, `outputs`, the names of
/// `features`, `classes` or `targets`, for numbers their `units` ("data", or "standardized" where
/// the network has no place for the scale) with `target_means` and `target_deviations`. Lists are
/// JSON.
[[nodiscard]] Metadata model_metadata(const DataDescription& description, const NetworkFacts& facts,
                                      bool scaled);

/// What a run's checkpoint says of its configuration, for `configuration_to_resume`: every field
/// that the rest of the run depends on.
[[nodiscard]] Metadata run_metadata(const Configuration& configuration);

/// True for the metadata of a model that predicts in the units of the data.
[[nodiscard]] bool is_in_units(const Metadata& metadata);

/// Errors: `Error` saying what to do, where a list of augmentations makes samples of other extents:
/// a run validates and predicts with samples as they are.
void expect_same_extents(const Shape& samples, const Shape& augmented);

/// Says what will be trained, on what, how: one line.
/// Errors: `Error` where standard output cannot be written, before much time is spent.
void print_plan(const TrainingRun& run, const NetworkFacts& facts);

/// Writes history and pictures, and says what was reached. `outputs`: of the best model for the
/// validation part, or for the training part where there is none.
void finish_training(const TrainingRun& run, const NetworkFacts& facts, const History& history,
                     std::span<const float> outputs);

/// What the learning rate is looked for with.
struct FindRun {
  Configuration configuration;
  Dataset train;
};

/// Reads the data.
/// Errors: `Error` where data and network do not fit.
[[nodiscard]] FindRun begin_find(const Job& job, const NetworkFacts& facts);

/// Writes the curve and its picture, and says what it suggests.
void finish_find(const Job& job, const LearningRateCurve& curve);

/// The run of a job that evaluates or predicts, and the data in it.
struct Inspection {
  Configuration configuration;
  Dataset data;     ///< as the file has them
  Dataset adapted;  ///< as the network takes them
};
[[nodiscard]] Inspection begin_inspection(const Job& job, const NetworkFacts& facts);

/// The inputs of the sample that a job names.
/// Errors: `Error` where the data have none of that number.
[[nodiscard]] std::span<const float> chosen_sample(const Job& job, const Inspection& inspection);

/// Prints the names of a picture's files.
/// Errors: `Error` where it could not be drawn.
void print_picture(const Picture& picture);

/// Prints metrics, and the loss where there is one.
void print_evaluation(const Inspection& inspection, const NetworkFacts& facts,
                      std::optional<double> loss, std::span<const float> outputs);

/// Writes predictions as CSV: the class and the probability of each, of class maps the class of
/// every position, or values in the units of the training data; into a file that ends in .npz as
/// arrays `classes` and `probabilities` (or `scores`), or `values`.
void write_predictions(const Job& job, const Inspection& inspection, const NetworkFacts& facts,
                       std::span<const float> outputs);

/// Limits the threads of a process for as long as it lives; 0: no limit.
class ThreadLimit {
 public:
  explicit ThreadLimit(int threads);
  ~ThreadLimit();
  ThreadLimit(const ThreadLimit&) = delete;
  ThreadLimit& operator=(const ThreadLimit&) = delete;

 private:
  struct Control;
  std::unique_ptr<Control> control_;
};

/// Errors: `Error` where standard output could not be written.
void expect_said();

/// Runs a command; what it throws becomes one line on standard error, as does standard output that
/// could not be written.
/// Returns the exit status: 0, 1 for an error, 2 for a wrong option.
int guarded(const std::function<void()>& command);

/// The job that a compiled network was started with.
[[nodiscard]] Job job_from_arguments(int argc, char** argv);

/// A number as one would write it: 0.05 for the float nearest to it.
[[nodiscard]] double as_written(float number);

}  // namespace lamina::program
