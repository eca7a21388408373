#include <algorithm>
#include <chrono>
#include <iomanip>
#include <iostream>
#include <memory>
#include <optional>
#include <string>
#include <tbb/global_control.h>

#include <lamina/lamina.hpp>
#include <lamina/program/describe.hpp>

#include "bench/comparison.hpp"
#include "program/classifier.hpp"
#include "program/commands.hpp"

namespace lamina::program {

namespace {

/// Where Debian's and Ubuntu's package `dataset-fashion-mnist` puts its files.
constexpr const char* default_data = "/usr/share/datasets/fashion-mnist";

struct DemoOptions {
  std::filesystem::path data = default_data;
  int epochs = 20;
  int batch_size = 128;
  int threads = 0;  // at most so many; 0: as many as there are
  std::uint64_t seed = 42;
  bool bench = true;
};

Split read_data(const std::filesystem::path& directory) {
  if (!std::filesystem::is_directory(directory)) {
    throw Error(directory.string() +
                ": expected a directory with the Fashion-MNIST data set, found none; get it with "
                "`apt install dataset-fashion-mnist`, or name a directory of IDX files with "
                "`--data DIR`");
  }
  Split data = read_idx_directory(directory);
  if (data.train.features() != 784 || data.train.classes() > 10 || data.test.classes() > 10) {
    throw Error(directory.string() + ": expected 28 x 28 pixels and 10 classes, found " +
                std::to_string(data.train.shape().height) + " x " +
                std::to_string(data.train.shape().width) + " pixels and " +
                std::to_string(std::max(data.train.classes(), data.test.classes())) + " classes");
  }
  return data;
}

double train(Model<Classifier>& model, const Split& data, const DemoOptions& options) {
  const auto begin = std::chrono::steady_clock::now();
  Trainer trainer{model, Sgd{.learning_rate = 0.1F, .momentum = 0.9F}};
  trainer.fit(data.train, data.test, {.epochs = options.epochs, .batch_size = options.batch_size},
              OneCycle{.max_learning_rate = 0.2F}, ProgressBar{});
  const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - begin;
  return seconds.count();
}

void run_demo(const DemoOptions& options) {
  // First of all, so that what is missing is said before anything long begins.
  const Split data = read_data(options.data);
  std::optional<tbb::global_control> limit;
  if (options.threads > 0) {
    limit.emplace(tbb::global_control::max_allowed_parallelism,
                  static_cast<std::size_t>(options.threads));
  }
  print_description<Classifier>();
  std::cout << "Training on " << data.train.size() << " images from " << options.data.string()
            << ", testing on " << data.test.size() << ":" << std::endl;

  Model<Classifier> model{Seed{options.seed}};
  const double seconds = train(model, data, options);
  std::cout << std::fixed << std::setprecision(2) << "\nTest accuracy "
            << 100 * accuracy(model, data.test) << " % after " << options.epochs << " epochs in "
            << std::setprecision(1) << seconds << " s\n"
            << std::endl;
  if (options.bench) print_comparison(std::cout);
}

}  // namespace

void add_demo(CLI::App& program) {
  const auto options = std::make_shared<DemoOptions>();
  CLI::App* demo = program.add_subcommand(
      "demo", "Train a classifier on Fashion-MNIST, then compare fused with naive code");
  demo->add_option("--data", options->data, "directory with the IDX files, gzip or plain")
      ->capture_default_str();
  demo->add_option("--epochs", options->epochs, "passes over the training images")
      ->check(at_least(1))
      ->capture_default_str();
  demo->add_option("--batch-size", options->batch_size, "images a step")
      ->check(at_least(2))
      ->capture_default_str();
  demo->add_option("--threads", options->threads, "threads at most, 0 for all")
      ->check(at_least(0))
      ->capture_default_str();
  demo->add_option("--seed", options->seed, "start of all random numbers")
      ->check(whole_number())
      ->capture_default_str();
  demo->add_flag("!--no-bench", options->bench, "leave out the comparison with naive code");
  demo->footer(R"(Examples:
  lamina demo
  lamina demo --epochs 5 --no-bench

Prints the classifier's type and plan, trains it, and prints its accuracy on the test images. The
data come with `apt install dataset-fashion-mnist`.)");
  demo->callback([options] { run_demo(*options); });
}

}  // namespace lamina::program
