// How steps are made: optimizers, clipped gradients, accumulated ones, averaged weights.

#include <algorithm>
#include <cmath>
#include <limits>
#include <random>
#include <sstream>
#include <utility>
#include <variant>
#include <vector>

#include "figures.hpp"

namespace lamina::figures {

namespace {

using Classifier = Network<Input<784>, Linear<64>, ReLU, Linear<10>, CrossEntropy<>>;

/// The runs of an optimizer at the learning rate that ends with the lowest training loss.
template <class Optimizer>
void best_rate(const char* name, const Split& data, std::vector<float> rates, Results& losses,
               Results& table) {
  double best = std::numeric_limits<double>::infinity();
  float best_rate = 0;
  std::vector<History> best_runs;
  for (const float rate : rates) {
    double sum = 0;
    std::vector<History> runs;
    for (const std::uint64_t seed : seeds) {
      Optimizer optimizer;
      optimizer.learning_rate = rate;
      runs.push_back(train<Classifier>(seed, data, optimizer, {.epochs = 6}).history);
      sum += runs.back().epochs.back().loss;
    }
    if (sum < best) {
      best = sum;
      best_rate = rate;
      best_runs = runs;
    }
  }
  std::ostringstream row;
  row << name << " at " << best_rate;
  for (const History& run : best_runs) {
    for (const EpochRecord& epoch : run.epochs) losses.add(epoch.epoch, name, epoch.loss);
    table.add(row.str(), "training loss", run.epochs.back().loss);
    table.add(row.str(), "test accuracy", run.epochs.back().validation_accuracy);
  }
}

/// SGD with the momentum that most people give it.
struct Momentum : Sgd {
  Momentum() { momentum = 0.9f; }
};

/// A smooth function of four numbers; some targets of the training data are far off.
Dataset heavy_tailed(int count, bool with_outliers, std::uint64_t seed) {
  std::mt19937_64 engine(seed);
  std::normal_distribution<float> normal;
  std::uniform_real_distribution<float> uniform;
  std::vector<float> inputs;
  std::vector<float> targets;
  for (int i = 0; i < count; ++i) {
    float sum = 0;
    for (int j = 0; j < 4; ++j) {
      inputs.push_back(normal(engine));
      sum += std::sin(2 * inputs.back());
    }
    const bool outlier = with_outliers && uniform(engine) < 0.01f;
    targets.push_back(sum / 2 + (outlier ? 100 * normal(engine) : 0));
  }
  return Dataset(4, std::move(inputs), std::move(targets), 1);
}

template <class Optimizer>
void sweep_clipping(const char* name, Optimizer optimizer, Results& losses) {
  using Net = Network<Input<4>, Linear<64>, Tanh, Linear<64>, Tanh, Linear<1>, MeanSquaredError>;
  for (const float rate : {0.001f, 0.003f, 0.01f, 0.03f, 0.1f, 0.3f}) {
    for (const std::uint64_t seed : seeds) {
      const Split data{heavy_tailed(4000, true, seed), heavy_tailed(2000, false, 99)};
      optimizer.learning_rate = rate;
      const auto trained = train<Net>(seed, data, optimizer, {.epochs = 10, .batch_size = 32});
      losses.add(static_cast<double>(rate), name, trained.history.epochs.back().validation_loss);
    }
  }
}

template <class Net, class Optimizer>
std::vector<float> after_updates(const Split& data, Optimizer optimizer, std::size_t batch,
                                 std::size_t steps) {
  Model<Net> model{Seed{1}};
  Trainer trainer{model, optimizer};
  for (std::size_t step = 0; step < steps; ++step) {
    const Dataset rows = data.train.slice(step * batch, batch);
    trainer.step(rows.inputs(), rows.labels());
  }
  std::vector<float> numbers;
  for (const Tensor& tensor : model.tensors()) {
    const auto& values = std::get<0>(tensor.values);
    numbers.insert(numbers.end(), values.begin(), values.end());
  }
  return numbers;
}

/// Callback: the accuracy of the averaged weights after each epoch.
struct AverageAccuracy {
  const Dataset* test;
  Results* results;

  template <class State>
  void after_epoch(State& state) {
    results->add(state.epoch + 1, "average of the weights",
                 100 * accuracy(state.trainer.average(), *test));
    results->add(state.epoch + 1, "the weights themselves",
                 100 * state.history.epochs.back().validation_accuracy);
  }
};

}  // namespace

void optimizers(const Place& place) {
  const Split data = images(place, 10'000);
  Results losses("epoch");
  Results table("optimizer");
  best_rate<Sgd>("Sgd", data, {0.1f, 0.3f, 1.0f}, losses, table);
  best_rate<Momentum>("Sgd, momentum 0.9", data, {0.03f, 0.1f, 0.3f}, losses, table);
  best_rate<Adagrad>("Adagrad", data, {0.01f, 0.03f, 0.1f}, losses, table);
  best_rate<RmsProp>("RmsProp", data, {0.001f, 0.003f, 0.01f}, losses, table);
  best_rate<Adam>("Adam", data, {0.003f, 0.01f, 0.03f}, losses, table);
  best_rate<Nadam>("Nadam", data, {0.001f, 0.003f, 0.01f}, losses, table);
  best_rate<Lion>("Lion", data, {0.001f, 0.003f, 0.01f}, losses, table);
  losses.save_csv(place.results / "optimizers.csv");
  table.save_markdown(place.results / "optimizers.md", {.digits = 3});
}

void clipping(const Place& place) {
  const Sgd plain{.momentum = 0.9f};
  Results losses("learning rate");
  sweep_clipping("Sgd", plain, losses);
  sweep_clipping("ClipByNorm{Sgd, 1}", ClipByNorm{plain, 1.0f}, losses);
  sweep_clipping("ClipByValue{Sgd, 0.1}", ClipByValue{plain, 0.1f}, losses);
  losses.save_csv(place.results / "clipping.csv");
  losses.save_markdown(place.results / "clipping.md", {.digits = 3});
}

void accumulation(const Place& place) {
  const Split data = images(place, 12'800);
  const Sgd optimizer{.learning_rate = 0.1f, .momentum = 0.9f};
  const auto whole = after_updates<Classifier>(data, optimizer, 128, 100);
  const auto parts = after_updates<Classifier>(data, Accumulate{optimizer, 4}, 32, 400);
  const auto small = after_updates<Classifier>(data, optimizer, 32, 400);
  Results table("against 100 steps of 128 samples");
  const auto compare = [&](const char* name, const std::vector<float>& others) {
    double largest = 0;
    for (std::size_t i = 0; i < whole.size(); ++i) {
      largest = std::max(largest, static_cast<double>(std::abs(whole[i] - others[i])));
    }
    table.add(name, "largest difference of a weight", largest);
  };
  compare("Accumulate{Sgd, 4}, 400 steps of 32", parts);
  compare("Sgd, 400 steps of 32", small);
  table.save_markdown(place.results / "accumulation.md", {.digits = 7});
}

void averaging(const Place& place) {
  const Split data = images(place, 20'000);
  Results results("epoch");
  for (const std::uint64_t seed : seeds) {
    train<Classifier>(seed, data, Average{Sgd{.learning_rate = 0.3f}, 0.998f},
                      {.epochs = 8, .batch_size = 32}, AverageAccuracy{&data.test, &results});
  }
  results.save_csv(place.results / "averaging.csv");
  results.save_markdown(place.results / "averaging.md", {.digits = 1});
}

}  // namespace lamina::figures
