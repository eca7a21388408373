#include "program/demo.hpp"

#include <algorithm>
#include <chrono>
#include <iomanip>
#include <iostream>
#include <optional>
#include <string>
#include <tbb/global_control.h>

#include <lamina/lamina.hpp>

#include "bench/comparison.hpp"
#include "program/classifier.hpp"
#include <lamina/program/describe.hpp>

namespace lamina::program {

namespace {

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

}  // namespace

void run_describe() {
  std::cout << type_text(Classifier{}) << "\n\n" << describe<Classifier>() << '\n';
}

void run_demo(const DemoOptions& options) {
  // First of all, so that what is missing is said before anything long begins.
  const Split data = read_data(options.data);
  std::optional<tbb::global_control> limit;
  if (options.threads > 0) {
    limit.emplace(tbb::global_control::max_allowed_parallelism,
                  static_cast<std::size_t>(options.threads));
  }
  run_describe();
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

}  // namespace lamina::program
