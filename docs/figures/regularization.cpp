// What keeps a network from learning its training data by heart: penalties, decay, constraints.

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>
#include <random>
#include <string>
#include <variant>
#include <vector>

#include "figures.hpp"

namespace lamina::figures {

namespace {

/// An array of a model by its name.
template <class Net>
std::vector<float> array_of(const Model<Net>& model, const std::string& name) {
  for (const Tensor& tensor : model.tensors()) {
    if (tensor.name == name) return std::get<0>(tensor.values);
  }
  throw Error("expected an array " + name);
}

/// Minimizes on the whole data set at once, with a learning rate that falls to 0.
template <class Net, class Optimizer>
Model<Net> minimize(std::uint64_t seed, const Dataset& data, Optimizer optimizer, int steps) {
  Model<Net> model{Seed{seed}};
  Trainer trainer{model, optimizer};
  for (int step = 0; step < steps; ++step) {
    trainer.optimizer().learning_rate =
        optimizer.learning_rate * (1 - static_cast<float>(step) / static_cast<float>(steps));
    trainer.step(data.inputs(), data.targets());
  }
  return model;
}

constexpr int features = 40;
constexpr int relevant = 8;

float true_weight(int feature) {
  if (feature >= relevant) return 0;
  return (feature % 2 == 0 ? 1.0f : -1.0f) * (2.0f - 0.2f * static_cast<float>(feature));
}

/// Samples of which 8 of 40 features matter.
Dataset sparse_samples(int count, float noise, std::uint64_t seed) {
  std::mt19937_64 engine(seed);
  std::normal_distribution<float> normal;
  std::vector<float> inputs;
  std::vector<float> targets;
  for (int i = 0; i < count; ++i) {
    float target = 0;
    for (int j = 0; j < features; ++j) {
      inputs.push_back(normal(engine));
      target += inputs.back() * true_weight(j);
    }
    targets.push_back(target + noise * normal(engine));
  }
  return Dataset(features, std::move(inputs), std::move(targets), 1);
}

template <class... Penalties>
void fit_sparse(const char* name, Results& weights, Results& table) {
  using Net = Network<Input<features>, Linear<1, NoBias>, MeanSquaredError, Penalties...>;
  const Dataset test = sparse_samples(2000, 0, 99);
  for (std::uint64_t seed = 1; seed <= 5; ++seed) {
    const Dataset data = sparse_samples(60, 2, seed);
    const Model<Net> model = minimize<Net>(seed, data, Sgd{.learning_rate = 0.05f}, 4000);
    const std::vector<float> learned = array_of(model, "0.weight");
    double zeros = 0;
    for (int j = 0; j < features; ++j) {
      const float weight = learned[static_cast<std::size_t>(j)];
      if (seed == 1) weights.add(j, name, static_cast<double>(weight));
      if (j >= relevant && std::abs(weight) < 0.01f) zeros += 1;
    }
    table.add(name, "error of new samples", evaluate(model, test).loss);
    table.add(name, "of 32 useless weights at 0", zeros);
  }
}

/// A quadratic cost whose Hessian has these eigenvalues, along directions that are no axes.
constexpr std::array<double, 8> eigenvalues{0.001, 0.004, 0.016, 0.06, 0.25, 1, 4, 10};
constexpr double decay = 0.1;

/// The component of the direction k along the axis j: a reflection, so orthonormal.
double direction(std::size_t k, std::size_t j) {
  return (k == j ? 1.0 : 0.0) - 2.0 / static_cast<double>(eigenvalues.size());
}

Dataset quadratic_samples() {
  constexpr std::size_t size = eigenvalues.size();
  constexpr int count = 64;
  std::vector<float> inputs;
  std::vector<float> targets;
  for (int i = 0; i < count; ++i) {
    std::array<double, size> along{};
    double target = 0;
    for (std::size_t k = 0; k < size; ++k) {
      // Cosines of whole periods are orthogonal; the mean of their squares is 1/2, and the mean
      // squared error has the Hessian 2 X^T X / count.
      along[k] = std::sqrt(eigenvalues[k]) *
                 std::cos(2 * std::numbers::pi * i * static_cast<double>(k + 1) / count);
      target += along[k];  // the best weight is 1 along each direction
    }
    for (std::size_t j = 0; j < size; ++j) {
      double value = 0;
      for (std::size_t k = 0; k < size; ++k) value += along[k] * direction(k, j);
      inputs.push_back(static_cast<float>(value));
    }
    targets.push_back(static_cast<float>(target));
  }
  return Dataset(static_cast<int>(size), std::move(inputs), std::move(targets), 1);
}

template <class... Decay>
void fit_quadratic(const char* name, Results& results) {
  using Net = Network<Input<static_cast<int>(eigenvalues.size())>, Linear<1, NoBias>,
                      MeanSquaredError, Decay...>;
  const Model<Net> model =
      minimize<Net>(1, quadratic_samples(), Sgd{.learning_rate = 0.15f}, 20'000);
  const std::vector<float> learned = array_of(model, "0.weight");
  for (std::size_t k = 0; k < eigenvalues.size(); ++k) {
    double along = 0;
    for (std::size_t j = 0; j < learned.size(); ++j) {
      along += direction(k, j) * static_cast<double>(learned[j]);
    }
    results.add(eigenvalues[k], name, along);
  }
}

/// Callback: the longest row of weights of a layer after each epoch.
struct LongestRow {
  Results* results;
  const char* column;

  template <class State>
  void after_epoch(State& state) {
    const std::vector<float> weights = array_of(state.trainer.model(), "0.weight");
    constexpr std::size_t inputs = 784;
    double longest = 0;
    for (std::size_t row = 0; row < weights.size() / inputs; ++row) {
      double squared = 0;
      for (std::size_t i = 0; i < inputs; ++i) {
        const double weight = static_cast<double>(weights[row * inputs + i]);
        squared += weight * weight;
      }
      longest = std::max(longest, std::sqrt(squared));
    }
    results->add(static_cast<double>(state.epoch + 1), column, longest);
  }
};

template <class... Constraints>
void fit_constrained(const char* name, const Split& data, Results& norms, Results& table) {
  using Net = Network<Input<784>, Linear<128, Constraints...>, ReLU, Dropout<0.5>,  //
                      Linear<10>, CrossEntropy<>>;
  for (const std::uint64_t seed : seeds) {
    const auto trained = train<Net>(seed, data, Sgd{}, {.epochs = 10}, LongestRow{&norms, name},
                                    OneCycle{.max_learning_rate = 0.05f});
    const std::vector<float> weights = array_of(trained.model, "0.weight");
    table.add(name, "test accuracy in %", 100 * trained.history.epochs.back().validation_accuracy);
    table.add(name, "smallest weight",
              static_cast<double>(*std::min_element(weights.begin(), weights.end())));
  }
}

}  // namespace

void penalties(const Place& place) {
  Results weights("feature");
  Results table("penalty");
  for (int j = 0; j < features; ++j) weights.add(j, "truth", static_cast<double>(true_weight(j)));
  fit_sparse<>("none", weights, table);
  fit_sparse<L2<0.5>>("L2<0.5>", weights, table);
  fit_sparse<L1<0.8>>("L1<0.8>", weights, table);
  fit_sparse<ElasticNet<0.8, 0.1>>("ElasticNet<0.8, 0.1>", weights, table);
  fit_sparse<Penalty<[](auto w) { return log(1.0 + 10.0 * w * w); }, 0.5>>(
      "Penalty: log(1 + 10 w^2) / 2", weights, table);
  weights.save_csv(place.results / "penalties.csv");
  table.save_markdown(place.results / "penalties.md", {.digits = 2});
}

void weight_decay(const Place& place) {
  Results results("eigenvalue");
  fit_quadratic<L2<decay>>("L2<0.1>", results);
  fit_quadratic<WeightDecay<decay>>("WeightDecay<0.1>", results);
  for (const double value : eigenvalues) {
    results.add(value, "l / (l + lambda)", value / (value + decay));
  }
  results.save_csv(place.results / "weight_decay.csv");
  results.save_markdown(place.results / "weight_decay.md", {.digits = 5});
}

void constraints(const Place& place) {
  const Split data = images(place, 10'000);
  Results norms("epoch");
  Results table("constraint of the hidden layer");
  fit_constrained<>("none", data, norms, table);
  fit_constrained<MaxNorm<1.5>>("MaxNorm<1.5>", data, norms, table);
  fit_constrained<UnitNorm>("UnitNorm", data, norms, table);
  fit_constrained<NonNegative>("NonNegative", data, norms, table);
  norms.save_csv(place.results / "constraints.csv");
  table.save_markdown(place.results / "constraints.md", {.digits = 2});
}

}  // namespace lamina::figures
