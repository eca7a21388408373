#include <lamina/lamina.hpp>

#include "errors.hpp"
#include "numbers.hpp"

// Metrics against scikit-learn's, and on what scikit-learn does not have.

using namespace lamina;
using namespace lamina::testing;

namespace {

/// Rows of a golden case, shown to a metric; what it finds.
template <class M>
M measured(const Golden& golden, const std::string& name, M metric = M{}) {
  const bool regression = name == "regression";
  const bool one_logit = name == "binary";
  const auto& outputs = golden.floats(name + (regression ? ".outputs" : ".logits"));
  std::vector<Label> labels;
  std::vector<float> targets;
  if (regression || one_logit) {
    targets = golden.floats(name + ".targets");
  } else {
    labels = golden.labels(name + ".labels");
  }
  const std::size_t rows = regression  ? targets.size() / 3
                           : one_logit ? targets.size()
                                       : labels.size();
  const std::size_t width = outputs.size() / rows;
  metric.add({{outputs.data(), width}, 0, {}});  // forgotten by the reset
  metric.reset();
  for (std::size_t row = 0; row < rows; ++row) {
    EvaluatedRow evaluated{.outputs = {outputs.data() + row * width, width}, .targets = {}};
    if (labels.empty()) {
      evaluated.targets = std::span(targets).subspan(row * width, width);
    } else {
      evaluated.label = labels[row];
    }
    metric.add(evaluated);
  }
  return metric;
}

template <class M>
void check(const Golden& golden, const std::string& name) {
  static_assert(Metric<M>);
  const M metric = measured<M>(golden, name);
  INFO(name << " " << metric.name());
  // Stored as F32.
  CHECK(metric.value() == Approx(golden.floats(name + "." + metric.name())[0]).epsilon(1e-6));
}

}  // namespace

TEST_CASE("metrics: those of classes are scikit-learn's", "[metrics]") {
  const Golden golden("metrics");
  for (const std::string name : {"five", "absent", "two", "binary"}) {
    check<metrics::Accuracy>(golden, name);
    check<metrics::Precision>(golden, name);
    check<metrics::Recall>(golden, name);
    check<metrics::F1>(golden, name);
    check<metrics::ConfusionMatrix>(golden, name);
    if (name != "absent") check<metrics::RocAuc>(golden, name);
  }
  for (const std::string name : {"five", "absent", "two"}) {
    const auto confusion = measured<metrics::ConfusionMatrix>(golden, name);
    const auto expected = golden.labels(name + ".confusion");
    REQUIRE(confusion.counts().size() == expected.size());
    for (std::size_t i = 0; i < expected.size(); ++i) CHECK(confusion.counts()[i] == expected[i]);
  }
  CHECK(std::isnan(measured<metrics::RocAuc>(golden, "absent").value()));
}

TEST_CASE("metrics: those of regressions are scikit-learn's", "[metrics]") {
  const Golden golden("metrics");
  check<metrics::R2>(golden, "regression");
  check<metrics::MeanAbsoluteError>(golden, "regression");
  check<metrics::RootMeanSquaredError>(golden, "regression");
}

TEST_CASE("metrics: the top one is the accuracy, the top of all is everything", "[metrics]") {
  const Golden golden("metrics");
  const auto top = [&](std::size_t k) {
    return measured(golden, "five", metrics::TopK{k}).value();
  };
  CHECK(top(1) == measured<metrics::Accuracy>(golden, "five").value());
  CHECK(top(5) == 1);
  for (std::size_t k = 1; k < 5; ++k) CHECK(top(k) < top(k + 1));
}

TEST_CASE("metrics: without rows nothing is known", "[metrics]") {
  const auto empty = [](auto metric) {
    metric.reset();
    return std::isnan(metric.value());
  };
  CHECK(empty(metrics::Accuracy{}));
  CHECK(empty(metrics::TopK{}));
  CHECK(empty(metrics::ConfusionMatrix{}));
  CHECK(empty(metrics::Precision{}));
  CHECK(empty(metrics::Recall{}));
  CHECK(empty(metrics::F1{}));
  CHECK(empty(metrics::RocAuc{}));
  CHECK(empty(metrics::R2{}));
  CHECK(empty(metrics::MeanAbsoluteError{}));
  CHECK(empty(metrics::RootMeanSquaredError{}));
}

TEST_CASE("metrics: an evaluation and a fit fill them", "[metrics]") {
  using Net = Network<Input<6>, Linear<17>, ReLU, Linear<3>, CrossEntropy<>>;
  constexpr std::size_t size = 1500;  // more than an evaluation predicts at once
  const auto inputs = uniform(size * 6, 1);
  std::vector<Label> labels;
  for (std::size_t i = 0; i < size; ++i) labels.push_back(inputs[i * 6] > 0 ? 2 : 0);
  const Dataset data(6, inputs, labels);
  Model<Net> model{Seed{1}};
  Trainer trainer{model, Adam{}};
  const auto certainty = [](const EvaluatedRow& row) {
    return *std::max_element(row.outputs.begin(), row.outputs.end());
  };
  Metrics measured{metrics::Accuracy{}, metrics::F1{}, metrics::Mean{"certainty", certainty}};
  const History history = trainer.fit(data, data, {.epochs = 3}, measured,
                                      EarlyStopping{.patience = 9, .monitor = "f1"});
  REQUIRE(history.metrics.size() == 3);
  CHECK(history.metrics[1].name == "f1");
  REQUIRE(history.epochs.back().metrics.size() == 3);
  for (const EpochRecord& epoch : history.epochs) {
    CHECK(epoch.metrics[0] == epoch.validation_accuracy);
  }
  CHECK(measured.get<metrics::F1>().value() == history.epochs.back().metrics[1]);

  metrics::ConfusionMatrix confusion;
  metrics::Mean own{"certainty", certainty};
  const Evaluation evaluation = evaluate(model, data, confusion, own);
  CHECK(confusion.value() == evaluation.accuracy);
  std::vector<float> outputs(size * 3);
  model.predict(data.inputs(), outputs);
  double sum = 0;
  for (std::size_t i = 0; i < size; ++i) {
    sum += static_cast<double>(*std::max_element(&outputs[i * 3], &outputs[i * 3] + 3));
  }
  CHECK(own.value() == Approx(sum / size));
  CHECK(evaluate(model, data).loss == evaluation.loss);
}
