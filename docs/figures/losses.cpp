// What networks are asked for: smoothed labels, outliers, rare classes, mixed samples.

#include <algorithm>
#include <cmath>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "figures.hpp"

namespace lamina::figures {

namespace {

constexpr std::size_t classes = 10;

template <class Loss>
using Classifier = Network<Input<784>, Linear<128>, ReLU, Linear<classes>, Loss>;

/// What a classifier says of one image, and whether it is right.
struct Answer {
  double confidence;   ///< the largest probability
  double probability;  ///< of the true class
  Label said;
  Label truth;
};

template <class Net>
std::vector<Answer> answers(const Model<Net>& model, const Dataset& data) {
  std::vector<float> logits(data.size() * classes);
  model.predict(data.inputs(), logits);
  std::vector<Answer> all;
  for (std::size_t row = 0; row < data.size(); ++row) {
    const float* at = logits.data() + row * classes;
    const float* largest = std::max_element(at, at + classes);
    double total = 0;
    for (std::size_t i = 0; i < classes; ++i)
      total += std::exp(static_cast<double>(at[i] - *largest));
    const Label truth = data.labels()[row];
    all.push_back({1 / total, std::exp(static_cast<double>(at[truth] - *largest)) / total,
                   static_cast<Label>(largest - at), truth});
  }
  return all;
}

/// Accuracy, confidence and what a wrong probability costs, as rows of a table.
void add_answers(const char* name, const std::vector<Answer>& all, Results& table) {
  double right = 0;
  double confidence = 0;
  double cost = 0;
  for (const Answer& answer : all) {
    right += answer.said == answer.truth ? 1 : 0;
    confidence += answer.confidence;
    cost -= std::log(std::max(answer.probability, 1e-12));
  }
  const auto count = static_cast<double>(all.size());
  table.add(name, "test accuracy", right / count);
  table.add(name, "mean confidence", confidence / count);
  table.add(name, "negative log-likelihood", cost / count);
}

/// How often a classifier is right among answers of about the same confidence.
void add_reliability(const char* name, const std::vector<Answer>& all, Results& curve) {
  constexpr int bins = 8;
  for (int bin = 0; bin < bins; ++bin) {
    const double low = 0.2 + 0.1 * bin;
    double right = 0;
    double count = 0;
    for (const Answer& answer : all) {
      if (answer.confidence < low || answer.confidence >= low + 0.1 + 1e-9 * bin) continue;
      right += answer.said == answer.truth ? 1 : 0;
      count += 1;
    }
    if (count >= 30) curve.add(low + 0.05, name, right / count);
  }
}

template <class Loss>
void train_smoothed(const char* name, const Split& data, Results& curve, Results& table) {
  for (const std::uint64_t seed : seeds) {
    const auto trained = train<Classifier<Loss>>(seed, data, Sgd{}, {.epochs = 20},
                                                 OneCycle{.max_learning_rate = 0.1f});
    const std::vector<Answer> all = answers(trained.model, data.test);
    add_reliability(name, all, curve);
    add_answers(name, all, table);
  }
}

/// A line through four features; a share of the targets is 20 too large.
Dataset line(int count, double outliers, std::uint64_t seed) {
  std::mt19937_64 engine(seed);
  std::normal_distribution<float> normal;
  std::uniform_real_distribution<double> uniform;
  std::vector<float> inputs;
  std::vector<float> targets;
  for (int i = 0; i < count; ++i) {
    float target = 1;
    for (int j = 0; j < 4; ++j) {
      inputs.push_back(normal(engine));
      target += (j % 2 == 0 ? 1.0f : -1.0f) * inputs.back();
    }
    const float noise = outliers > 0 ? 0.3f * normal(engine) : 0.0f;
    targets.push_back(target + noise + (uniform(engine) < outliers ? 20.0f : 0.0f));
  }
  return Dataset(4, std::move(inputs), std::move(targets), 1);
}

template <class Loss>
void fit_line(const char* name, Results& errors) {
  using Net = Network<Input<4>, Linear<1>, Loss>;
  for (const double share : {0.01, 0.1, 0.2, 0.3, 0.4}) {
    for (const std::uint64_t seed : seeds) {
      const Split data{line(2000, share, seed), line(1000, 0, 99)};
      const auto trained = train<Net>(seed, data, Sgd{}, {.epochs = 40, .batch_size = 64},
                                      OneCycle{.max_learning_rate = 0.02f});
      std::vector<float> outputs(data.test.size());
      trained.model.predict(data.test.inputs(), outputs);
      double squares = 0;
      for (std::size_t i = 0; i < outputs.size(); ++i) {
        const double error = static_cast<double>(outputs[i] - data.test.targets()[i]);
        squares += error * error;
      }
      errors.add(100 * share, name, std::sqrt(squares / static_cast<double>(outputs.size())));
    }
  }
}

constexpr Label rare = 6;  // shirts, which look like T-shirts

/// The images with one in twenty of the shirts.
Dataset with_rare_shirts(const Dataset& data) {
  std::vector<float> inputs;
  std::vector<Label> labels;
  int shirts = 0;
  for (std::size_t row = 0; row < data.size(); ++row) {
    if (data.labels()[row] == rare && shirts++ % 20 != 0) continue;
    const auto pixels = data.inputs(row);
    inputs.insert(inputs.end(), pixels.begin(), pixels.end());
    labels.push_back(data.labels()[row]);
  }
  return Dataset(data.shape(), std::move(inputs), std::move(labels));
}

template <class Loss>
void train_rare(const char* name, const Split& data, Results& table) {
  for (const std::uint64_t seed : seeds) {
    const auto trained = train<Classifier<Loss>>(seed, data, Sgd{}, {.epochs = 10},
                                                 OneCycle{.max_learning_rate = 0.05f});
    double shirts = 0;
    double found = 0;
    double right = 0;
    const std::vector<Answer> all = answers(trained.model, data.test);
    for (const Answer& answer : all) {
      shirts += answer.truth == rare ? 1 : 0;
      found += answer.truth == rare && answer.said == rare ? 1 : 0;
      right += answer.truth == answer.said ? 1 : 0;
    }
    table.add(name, "shirts found in %", 100 * found / shirts);
    table.add(name, "accuracy in %", 100 * right / static_cast<double>(all.size()));
  }
}

using Soft = Classifier<CrossEntropy<SoftTargets>>;

/// One epoch on convex combinations of pairs, with a share from Beta(alpha, alpha); 0 mixes
/// nothing.
void mixed_epoch(Trainer<Soft, Sgd>& trainer, const Dataset& data, double alpha,
                 std::mt19937_64& engine) {
  constexpr std::size_t batch = 128;
  std::uniform_int_distribution<std::size_t> any(0, data.size() - 1);
  std::gamma_distribution<double> gamma(alpha > 0 ? alpha : 1.0);
  std::vector<float> inputs(batch * data.features());
  std::vector<float> targets(batch * classes);
  for (std::size_t step = 0; step < data.size() / batch; ++step) {
    std::fill(targets.begin(), targets.end(), 0.0f);
    for (std::size_t row = 0; row < batch; ++row) {
      const std::size_t a = any(engine);
      const std::size_t b = any(engine);
      const double one = gamma(engine);
      const double other = gamma(engine);
      const auto share = static_cast<float>(alpha > 0 ? one / (one + other) : 1.0);
      const auto first = data.inputs(a);
      const auto second = data.inputs(b);
      for (std::size_t i = 0; i < first.size(); ++i) {
        inputs[row * first.size() + i] = share * first[i] + (1 - share) * second[i];
      }
      targets[row * classes + static_cast<std::size_t>(data.labels()[a])] += share;
      targets[row * classes + static_cast<std::size_t>(data.labels()[b])] += 1 - share;
    }
    trainer.step(inputs, targets);
  }
}

}  // namespace

void label_smoothing(const Place& place) {
  const Split data = images(place, 10'000);
  Results curve("confidence");
  Results table("loss");
  train_smoothed<CrossEntropy<>>("CrossEntropy<>", data, curve, table);
  train_smoothed<CrossEntropy<LabelSmoothing<0.05>>>("LabelSmoothing<0.05>", data, curve, table);
  train_smoothed<CrossEntropy<LabelSmoothing<0.1>>>("LabelSmoothing<0.1>", data, curve, table);
  curve.save_csv(place.results / "label_smoothing.csv");
  table.save_markdown(place.results / "label_smoothing.md", {.digits = 3});
}

void outliers(const Place& place) {
  Results errors("outliers in %");
  fit_line<MeanSquaredError>("MeanSquaredError", errors);
  fit_line<MeanAbsoluteError>("MeanAbsoluteError", errors);
  fit_line<Huber<1.0>>("Huber<1.0>", errors);
  fit_line<Loss<[](auto x, auto t) { return log(1.0 + (x - t) * (x - t)); }>>("Loss: log(1 + d^2)",
                                                                              errors);
  errors.save_csv(place.results / "outliers.csv");
  errors.save_markdown(place.results / "outliers.md", {.digits = 2});
}

void rare_classes(const Place& place) {
  Split data = images(place, 20'000);
  data.train = with_rare_shirts(data.train);
  Results table("loss");
  train_rare<CrossEntropy<>>("CrossEntropy<>", data, table);
  train_rare<CrossEntropy<ClassWeights<1, 1, 1, 1, 1, 1, 20, 1, 1, 1>>>(
      "ClassWeights<..., 20, ...>", data, table);
  table.save_markdown(place.results / "rare_classes.md", {.digits = 1});
}

void mixup(const Place& place) {
  const Split data = images(place, 10'000);
  constexpr int epochs = 20;
  Results table("alpha");
  for (const double alpha : {0.0, 0.2, 0.5}) {
    for (const std::uint64_t seed : seeds) {
      Model<Soft> model{Seed{seed}};
      Trainer trainer{model, Sgd{.momentum = 0.9f}};
      std::mt19937_64 engine(seed);
      for (int epoch = 0; epoch < epochs; ++epoch) {
        trainer.optimizer().learning_rate =
            0.1f * (1 - static_cast<float>(epoch) / static_cast<float>(epochs));
        mixed_epoch(trainer, data.train, alpha, engine);
      }
      const std::string name = alpha == 0 ? "0 (no mixup)" : alpha < 0.3 ? "0.2" : "0.5";
      add_answers(name.c_str(), answers(model, data.test), table);
    }
  }
  table.save_markdown(place.results / "mixup.md", {.digits = 3});
}

}  // namespace lamina::figures
