#include <iomanip>
#include <iostream>
#include <sstream>
#include <utility>

#include <lamina/core/printable.hpp>
#include <lamina/io/checkpoint.hpp>
#include <lamina/io/history_file.hpp>
#include <lamina/plot/confusion.hpp>
#include <lamina/plot/curves.hpp>
#include <lamina/program/session.hpp>

#include "program/counted.hpp"
#include "program/fitting.hpp"
#include "program/measures.hpp"
#include "program/run_lock.hpp"
#include "program/samples.hpp"
#include "program/table.hpp"

namespace lamina::program {

namespace {

namespace fs = std::filesystem;

// A network may have more outputs than the data have classes: others may have them.
void widen(DataDescription& description, const NetworkFacts& facts) {
  if (description.task != Task::Classification) return;
  // A label that does not count is no class.
  if (facts.targets.ignored != -1) description.outputs = description.class_names.size();
  description.outputs = std::max(description.outputs, facts.targets.classes());
}

void expect_same_data(const Dataset& data, const Configuration& run, const fs::path& directory) {
  const DataDescription found = describe_data(data, run);
  const DataDescription& then = run.description;
  if (found.samples == then.samples && found.shape == then.shape &&
      checksum_of(data) == then.checksum && found.feature_names == then.feature_names &&
      found.class_names == then.class_names) {
    return;
  }
  throw Error(detail::printable_path((directory / "config.json").string()) +
              ": data: " + detail::printable_path(run.data) + ": expected the " +
              samples_text(then.samples, then.shape) + " that the run began with, found " +
              samples_text(found.samples, found.shape) + ", or other numbers or names");
}

std::string description_text(const TrainingRun& run) {
  const DataDescription& data = run.configuration.description;
  std::ostringstream text;
  text << samples_text(run.train.size(), data.shape);
  if (data.task == Task::Classification) {
    text << (run.train.labels_a_sample() > 1 ? " with maps of " : " in ")
         << counted(data.outputs, "class");
  }
  if (data.task == Task::Regression) {
    text << " and " << counted(data.outputs, "target");
  }
  if (run.validation.empty()) return text.str() + ", without validation";
  text << ", validating on " << run.validation.size();
  return text.str();
}

// Two may have found the directory unused.
void begin_directory(TrainingRun& run) {
  run.configuration.data = absolute_data(run.configuration.data);
  run.lock = lock_run(run.directory);
  expect_new_run(run.directory);
  try {
    write_configuration(run.configuration, run.directory);
  } catch (...) {
    abandon_training(run);
    throw;
  }
}

}  // namespace

TrainingRun begin_training(const Job& job, const NetworkFacts& facts) {
  TrainingRun run{
      .configuration = job.resume ? configuration_to_resume(job.run) : job.configuration,
      .directory = job.run,
      .resumed = job.resume,
      .lock = job.resume ? lock_run(job.run) : nullptr,
      .train = {},
      .validation = {}};
  Configuration& options = run.configuration;
  if (job.resume) expect_network(options.description, facts, job.run);
  const Dataset data = open_training_data(options);
  if (job.resume) {
    expect_same_data(data, options, job.run);
  } else {
    expect_new_run(job.run);
    options.description = describe_data(data, options);
    options.description.checksum = checksum_of(data);
    if (is_csv(options.data)) options.description.feature_fills = fills_of(data, options.table);
  }
  widen(options.description, facts);
  expect_fitting(adapt(data, options.description, facts.targets), facts, options.data);
  const Split parts = split_validation(data, options.validation, Seed{options.seed});
  if (!job.resume) standardize_targets(parts.train, options.description);
  run.train = adapt(parts.train, options.description, facts.targets);
  run.validation = adapt(parts.test, options.description, facts.targets);
  if (!job.resume) begin_directory(run);
  return run;
}

// The configuration goes last: a process that is killed in between leaves a run that goes on.
void abandon_training(TrainingRun& run) {
  std::error_code code;  // nothing can be done about it
  if (run.resumed || run.lock == nullptr || fs::exists(run.directory / "last.safetensors", code)) {
    return;
  }
  fs::remove(run.directory / "best.safetensors", code);
  fs::remove(run.directory / "config.json", code);
  run.lock.reset();
  fs::remove(run.directory, code);  // where it is empty
}

void expect_same_extents(const Shape& samples, const Shape& augmented) {
  if (augmented == samples) return;
  throw Error("--augment: expected a list that keeps the extents of samples, " +
              sample_text(samples) + ", found one that gives " + sample_text(augmented) +
              "; a run validates and predicts with samples as they are: crop to their extents, as "
              "RandomCrop<32, Padding<4>> does of 32 x 32, or give the data other extents "
              "(--image-size)");
}

void print_plan(const TrainingRun& run, const NetworkFacts& facts) {
  const Configuration& options = run.configuration;
  std::cout << "Training " << options.network << " (" << facts.parameters << " parameters) on "
            << description_text(run) << "; " << options.epochs << " epochs in batches of "
            << options.batch_size << ", " << options.optimizer << " with learning rate "
            << options.learning_rate << " (" << options.schedule << "), seed " << options.seed;
  if (!options.augment.empty()) std::cout << ", augmented by " << options.augment;
  std::cout << '\n';
  expect_said();
}

void finish_training(const TrainingRun& run, const NetworkFacts& facts, const History& history,
                     std::span<const float> outputs) {
  const Configuration& options = run.configuration;
  const DataDescription& data = options.description;
  const Dataset& seen = run.validation.empty() ? run.train : run.validation;
  const fs::path pictures = run.directory / "pictures";
  make_directory(pictures);
  remove_leftovers(pictures);  // of a process that was killed while it drew
  write_csv(history, run.directory / "history.csv");
  write_json(history, run.directory / "history.json");
  std::vector<Picture> drawn{plot_history(history, pictures / "history")};
  if (data.task == Task::Classification) {
    const metrics::ConfusionMatrix counts = count_confusions(outputs, seen, facts, data);
    const bool named = data.class_names.size() == counts.classes();
    drawn.push_back(plot_confusion(counts.counts(), counts.classes(),
                                   named ? data.class_names : std::vector<std::string>{},
                                   pictures / "confusion"));
  }
  std::cout << "Best epoch " << history.best_epoch + 1 << " of " << history.epochs.size() << ", "
            << (run.validation.empty() ? "training" : "validation") << " samples:\n"
            << measures_text(measure(outputs, seen, facts, data))
            << "Run directory: " << run.directory.string() << std::endl;
  for (const Picture& picture : drawn) {
    if (picture.missing.empty()) continue;
    std::cerr << picture.missing << '\n';
    break;
  }
}

FindRun begin_find(const Job& job, const NetworkFacts& facts) {
  FindRun run{.configuration = job.configuration, .train = {}};
  Configuration& options = run.configuration;
  const Dataset data = open_training_data(options);
  options.description = describe_data(data, options);
  standardize_targets(data, options.description);
  run.train = adapt(data, options.description, facts.targets);
  expect_fitting(run.train, facts, options.data);
  return run;
}

void finish_find(const Job& job, const LearningRateCurve& curve) {
  const Picture picture = plot_learning_rates(curve, job.output);
  std::cout << std::setprecision(2) << "Learning rates, after " << curve.losses.size()
            << " steps:\n  valley    " << curve.valley
            << "  (the top of a cycle: --learning-rate)\n  steepest  " << curve.steepest
            << "  (for a rate that is kept: --schedule constant)\n"
            << "Curve: " << picture.data.string();
  if (picture.missing.empty()) std::cout << ", " << picture.svg.string();
  std::cout << std::endl;
  if (!picture.missing.empty()) std::cerr << picture.missing << '\n';
}

Inspection begin_inspection(const Job& job, const NetworkFacts& facts) {
  Inspection found{.configuration = read_configuration(job.run), .data = {}, .adapted = {}};
  const Configuration& run = found.configuration;
  const bool with_targets = job.command == "evaluate";
  expect_network(run.description, facts, job.run);
  found.data = open_new_data(job.data, run, with_targets, facts.targets.ignored);
  if (!with_targets) return found;
  found.adapted = adapt(found.data, run.description, facts.targets);
  if (facts.targets.labels) {
    expect_fitting_maps(found.adapted, facts, job.data);
  } else if (found.adapted.labels_a_sample() > 1) {
    expect_fitting(found.adapted, facts, job.data);
  }
  return found;
}

std::span<const float> chosen_sample(const Job& job, const Inspection& inspection) {
  if (job.sample < inspection.data.size()) return inspection.data.inputs(job.sample);
  throw UsageError("--sample: expected one of the " + counted(inspection.data.size(), "sample") +
                   " of " + job.data + ", counted from 0, found " + std::to_string(job.sample));
}

void print_picture(const Picture& picture) {
  if (!picture.missing.empty()) throw Error(picture.missing);
  std::cout << picture.svg.string() << '\n' << picture.png.string() << std::endl;
}

void print_evaluation(const Inspection& inspection, const NetworkFacts& facts,
                      std::optional<double> loss, std::span<const float> outputs) {
  const DataDescription& data = inspection.configuration.description;
  std::vector<Measure> measures;
  if (loss) measures.push_back({"loss", *loss});
  for (Measure& each : measure(outputs, inspection.adapted, facts, data)) {
    measures.push_back(std::move(each));
  }
  std::cout << counted(inspection.data.size(), "sample") << ":\n"
            << measures_text(measures) << std::flush;
}

}  // namespace lamina::program
