#include <lamina/lamina.hpp>

#include "errors.hpp"
#include "numbers.hpp"

// Metrics against scikit-learn's, and on what scikit-learn does not have.

namespace test_metrics {

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
void check(const Golden& golden, const std::string& name, const M& metric = M{}) {
  static_assert(Metric<M>);
  const M found = measured(golden, name, metric);
  INFO(name << " " << found.name());
  // Stored as F32.
  CHECK(found.value() == Approx(golden.floats(name + "." + found.name())[0]).epsilon(1e-6));
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

TEST_CASE("metrics: those that weigh classes by their rows are scikit-learn's", "[metrics]") {
  const Golden golden("metrics");
  for (const std::string name : {"five", "absent", "two"}) {
    check(golden, name, metrics::Precision{metrics::ClassAverage::Weighted});
    check(golden, name, metrics::Recall{metrics::ClassAverage::Weighted});
    check(golden, name, metrics::F1{metrics::ClassAverage::Weighted});
  }
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

TEST_CASE("metrics: the top of a single logit is its accuracy, the top two are everything",
          "[metrics]") {
  const Golden golden("metrics");
  const auto top = [&](std::size_t k) {
    return measured(golden, "binary", metrics::TopK{k}).value();
  };
  CHECK(top(1) == measured<metrics::Accuracy>(golden, "binary").value());
  CHECK(top(2) == 1);
  CHECK(has(error_of([] { metrics::TopK{0}; }), "TopK", "at least 1", "found 0"));
}

TEST_CASE("metrics: what is not a number is in no top and has no area", "[metrics]") {
  const std::vector<float> nowhere{NAN, NAN, NAN};
  const std::vector<float> somewhere{0.5f, NAN, 0.25f};
  const auto right = [](const std::vector<float>& outputs, Label label, std::size_t k) {
    metrics::TopK top{k};
    top.add({.outputs = outputs, .label = label, .targets = {}});
    return top.value() == 1;
  };
  for (Label label = 0; label < 3; ++label) CHECK_FALSE(right(nowhere, label, 2));
  CHECK_FALSE(right(somewhere, 0, 1));  // PyTorch's order: NaN is above every number
  CHECK(right(somewhere, 0, 2));

  metrics::RocAuc area;
  for (int i = 0; i < 100; ++i) {
    const std::vector<float> outputs{0.01f * static_cast<float>(i * 37 % 100),
                                     i % 3 == 0 ? NAN : 0.5f};
    area.add({.outputs = outputs, .label = i % 2, .targets = {}});
  }
  CHECK(std::isnan(area.value()));
}

TEST_CASE("metrics: far logits of two classes have an order", "[metrics]") {
  // Their softmax is 1 in double, all the same.
  metrics::RocAuc area;
  for (const int i : {1, 2, 3, 4}) {
    const std::vector<float> outputs{0, 100.0f * static_cast<float>(i)};
    area.add({.outputs = outputs, .label = i > 2 ? 1 : 0, .targets = {}});
  }
  CHECK(area.value() == 1);
}

TEST_CASE("metrics: classes that a confusion matrix does not have are refused", "[metrics]") {
  const std::vector<float> outputs{0, 2, 1};
  metrics::ConfusionMatrix confusion;
  confusion.add({.outputs = outputs, .label = 2, .targets = {}});
  const auto add = [&](Label label) {
    return error_of([&] { confusion.add({.outputs = outputs, .label = label, .targets = {}}); });
  };
  CHECK(has(add(3), "ConfusionMatrix", "below 3", "found 3"));
  CHECK(has(error_of([&] { static_cast<void>(confusion.at(0, 3)); }), "below 3", "found 3"));
  CHECK(has(error_of([&] { static_cast<void>(confusion.at(3, 0)); }), "below 3", "found 3"));
  CHECK(confusion.at(2, 1) == 1);
  CHECK(confusion.value() == 0);
}

TEST_CASE("metrics: a data set that does not fit leaves them as they were", "[metrics]") {
  using Net = Network<Input<6>, Linear<3>, CrossEntropy<>>;
  const Model<Net> model{Seed{1}};
  metrics::ConfusionMatrix confusion;
  evaluate(model, Dataset(6, uniform(30, 1), some_labels(5, 3, 2)), confusion);
  const double before = confusion.value();
  REQUIRE_FALSE(std::isnan(before));
  const Dataset narrow(5, uniform(25, 1), some_labels(5, 3, 2));
  CHECK(has(error_of([&] { evaluate(model, narrow, confusion); }), "6 features"));
  CHECK(confusion.value() == before);
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

TEST_CASE("metrics: outputs that are NaN choose no class", "[metrics]") {
  const std::vector<std::vector<float>> outputs{
      {1, 0, 0}, {NAN, NAN, NAN}, {0.5f, NAN, 0.25f}, {0, 1, NAN}};
  const std::vector<Label> labels{0, 0, 0, 1};
  metrics::Accuracy accuracy;
  metrics::ConfusionMatrix confusion;
  metrics::Recall recall;
  for (std::size_t row = 0; row < 4; ++row) {
    const EvaluatedRow evaluated{.outputs = outputs[row], .label = labels[row], .targets = {}};
    CHECK((evaluated.predicted_class() == EvaluatedRow::no_class) == (row > 0));
    accuracy.add(evaluated);
    confusion.add(evaluated);
    recall.add(evaluated);
  }
  CHECK(accuracy.value() == 0.25);
  CHECK(confusion.value() == 0.25);
  CHECK(confusion.at(0, 0) == 1);
  CHECK(confusion.unclassified(0) == 2);
  CHECK(confusion.unclassified(1) == 1);
  CHECK(confusion.recall(0) == Approx(1.0 / 3));
  CHECK(recall.value() == Approx(1.0 / 6));
  CHECK(confusion.precision(0) == 1);
  confusion.reset();
  confusion.add({.outputs = outputs[0], .label = 0, .targets = {}});
  CHECK(confusion.unclassified(0) == 0);
  const float nan = NAN;
  CHECK(EvaluatedRow{.outputs = {&nan, 1}, .label = 0, .targets = {}}.predicted_class() ==
        EvaluatedRow::no_class);
}

}  // namespace test_metrics
