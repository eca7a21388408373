#pragma once

#include <lamina/lamina.hpp>

#include "numbers.hpp"

/// Networks, data and callbacks for tests of `fit`.
namespace lamina::testing {

using Net = Network<Input<6>, Linear<17>, ReLU, Dropout<0.2>, Linear<3>, CrossEntropy<>, L2<1e-3>>;
using Normed = Network<Input<6>, Linear<17>, BatchNorm<>, ReLU, Linear<3>, CrossEntropy<>>;
using Curve = Network<Input<6>, Linear<17>, Tanh, Linear<2>, MeanSquaredError>;

inline Dataset classes(std::size_t size, unsigned seed) {
  auto inputs = uniform(size * 6, seed);
  std::vector<Label> labels(size);
  for (std::size_t i = 0; i < size; ++i) {
    labels[i] = inputs[i * 6] > 0.3f ? 2 : inputs[i * 6 + 1] > 0 ? 1 : 0;
  }
  return {6, std::move(inputs), std::move(labels)};
}

inline Dataset curve(std::size_t size, unsigned seed) {
  return {6, uniform(size * 6, seed), uniform(size * 2, seed + 1), std::size_t{2}};
}

/// Counts its hooks, and keeps the tensors of every epoch.
struct Recorder {
  std::vector<std::vector<Tensor>> epochs;
  std::vector<float> rates;
  int before = 0;
  int after = 0;
  int stop_after = 1000;

  void before_step(auto& state) {
    ++before;
    CHECK(before == after + 1);
    rates.push_back(state.trainer.optimizer().learning_rate);
  }
  void after_step(auto& state) {
    ++after;
    CHECK(std::isfinite(state.mean_loss));
  }
  void after_epoch(auto& state) {
    epochs.push_back(state.trainer.model().tensors());
    CHECK(state.history.epochs.size() == epochs.size());
    state.stop = static_cast<int>(epochs.size()) >= stop_after;
  }
};

/// Ends the process of a fit in the middle: what is not in files is lost.
struct Interrupted {};

struct StopAt {
  std::int64_t step;

  void after_step(auto& state) {
    if (state.trainer.steps() == step) throw Interrupted{};
  }
};

/// A number of every epoch, as a metric of the validation: the scores of a script.
struct Scripted {
  std::vector<double> scores;
  bool higher_is_better = true;
  mutable std::size_t epoch = 0;

  void enter(History& history) { history.metrics.push_back({"scripted", higher_is_better}); }
  void reset() {}
  void add(const auto&) {}
  void record(std::vector<double>& numbers) const { numbers.push_back(scores[epoch++]); }
};

inline const Sgd sgd{.learning_rate = 0.1f, .momentum = 0.9f};

}  // namespace lamina::testing
