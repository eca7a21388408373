#include <charconv>
#include <cmath>
#include <filesystem>
#include <limits>
#include <string>
#include <vector>

#include <lamina/io/naming_file.hpp>
#include <lamina/program/data.hpp>
#include <lamina/program/schedule.hpp>

#include "program/commands.hpp"
#include "program/networks.hpp"
#include "program/optimizers.hpp"

namespace lamina::program {

namespace {

NetworkShape shape_of(const DataDescription& data) {
  return {data.shape, data.outputs, data.task};
}

// Before a compiler says it of a type that nobody has written.
void expect_learnable(const Configuration& options) {
  constexpr std::size_t most = 131'072;  // beyond that something else is the target
  const DataDescription& data = options.description;
  const bool classes = data.task == Task::Classification;
  if (data.outputs >= (classes ? 2u : 1u) && data.outputs <= most) return;
  throw Error(options.data + ": expected " +
              (classes ? "from 2 to 131072 classes" : "from 1 to 131072 targets") + ", found " +
              std::to_string(data.outputs));
}

// Ready networks judge a sample as a whole.
void expect_one_class(const Configuration& options) {
  const Shape& map = options.description.label_shape;
  if (map.positions() == 1 || !is_ready(options.network)) return;
  throw UsageError("--network: " + options.network + " gives one class a sample, " + options.data +
                   " has for each " + lamina::detail::words_of_labels(map) +
                   ": give a type that ends with an image, such as Network<..., Conv2d<classes, "
                   "Kernel<1>>, CrossEntropy<>>");
}

// Its shapes, and that it can be learned.
void look_at_data(Configuration& options) {
  if (options.data.empty()) {
    throw UsageError(
        "--data is required: a CSV or NPZ file, a directory of IDX files, of images or of sounds, "
        "or one of " +
        embedded_names());
  }
  expect_data_options(options);
  options.description = describe_data(open_training_data(options), options);
  expect_learnable(options);
}

void take_network(Configuration& options) {
  NetworkSource source = find_network(options.network, shape_of(options.description));
  options.network_source = std::move(source.code);
  options.network_directory = std::move(source.directory);
  detail::naming_file(options.data, [&] { expect_right(options); });
}

}  // namespace

CLI::Validator at_least(int least) {
  return CLI::Range(least, std::numeric_limits<int>::max())
      .description(std::to_string(least) + " and more");
}

CLI::Validator finite() {
  return {[](const std::string& text) {
            double number = 0;
            return CLI::detail::lexical_cast(text, number) &&
                           std::isfinite(static_cast<float>(number))
                       ? std::string()
                       : "expected a finite number, found " + text;
          },
          ""};
}

CLI::Validator whole_number() {
  return {[](const std::string& text) {
            std::uint64_t number = 0;
            const char* const end = text.data() + text.size();
            const auto [stop, code] = std::from_chars(text.data(), end, number);
            return stop == end && code == std::errc{}
                       ? std::string()
                       : "expected a whole number from 0 to 2^64 - 1, found " + text;
          },
          ""};
}

void expect_not_the_data(const std::filesystem::path& output, const std::string& data) {
  std::error_code code;  // of what is not there, as most outputs are not
  if (!std::filesystem::equivalent(output, data, code)) return;
  throw UsageError("--output: " + output.string() + " would overwrite the data");
}

void expect_picture_name(const std::filesystem::path& output, const std::string& data,
                         const std::filesystem::path& run) {
  if (!output.has_filename()) {
    throw UsageError("--output: expected a name for the files of a picture, found the directory " +
                     output.string());
  }
  for (const char* ending : {".csv", ".svg", ".png", ".gp"}) {
    const std::filesystem::path file = output.string() + ending;
    expect_not_the_data(file, data);
    if (!run.empty()) expect_not_the_run(file, run);
  }
}

CLI::Option* add_augment(CLI::App& command, std::string& augment, const std::string& meaning) {
  return command.add_option("--augment", augment, meaning)->check([](const std::string& text) {
    return text.find_first_not_of(" \t\n") == std::string::npos
               ? std::string("expected items such as Flip<Horizontal>, found none")
               : std::string();
  });
}

void add_drawn_prediction(CLI::App& command, DrawnPrediction& drawn) {
  CLI::Option* augment =
      add_augment(command, drawn.augment,
                  "predict the mean over draws of each sample: the items of an Augment list");
  command.add_option("--draws", drawn.draws, "of each sample")
      ->check(at_least(1))
      ->needs(augment)
      ->capture_default_str();
}

CLI::Option* add_trust(CLI::App& command, bool& trust) {
  return command.add_flag("--trust", trust,
                          "compile the run's code even where it is more than names of lamina's and "
                          "numbers, and was not given here before");
}

void add_network_options(CLI::App& command, Configuration& options) {
  add_data_options(command, options);
  command
      .add_option("--network", options.network,
                  names_of(ready_networks()) +
                      "; a type \"Network<...>\"; or a header with `using Net = ...`")
      ->capture_default_str();
}

void add_training_options(CLI::App& command, Configuration& options) {
  add_network_options(command, options);
  command.add_option("--batch-size", options.batch_size, "samples a step")
      ->check(at_least(2))
      ->capture_default_str();
  command
      .add_option("--optimizer", options.optimizer,
                  names_of(ready_optimizers()) + "; or C++: \"AdamW{.weight_decay = 0.1F}\"")
      ->capture_default_str();
  command
      .add_option("--learning-rate", options.learning_rate,
                  "highest learning rate; the optimizer's own where none is given (see find-lr)")
      ->check(finite())
      ->check(CLI::PositiveNumber);
  command.add_option("--seed", options.seed, "start of all random numbers")
      ->check(whole_number())
      ->capture_default_str();
  command.add_option("--threads", options.threads, "threads at most, 0 for all")
      ->check(at_least(0))
      ->capture_default_str();
}

void complete(Configuration& options) {
  const OptimizerSource optimizer = find_optimizer(options.optimizer);
  static_cast<void>(find_schedule(options.schedule, 1, 1));
  if (!is_ready(options.network)) {
    static_cast<void>(find_network(options.network, {}));  // before the data are read
  }
  look_at_data(options);
  if (options.learning_rate == 0) options.learning_rate = optimizer.learning_rate;
  expect_one_class(options);
  take_network(options);
}

void complete_data(Configuration& options) {
  look_at_data(options);
  options.network = "linear";  // none is compiled; a configuration has one
  take_network(options);
}

}  // namespace lamina::program
