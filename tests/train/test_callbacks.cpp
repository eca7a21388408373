#include <algorithm>
#include <cstdio>

#include "errors.hpp"
#include "fitting.hpp"

// The callbacks of `fit`: when they are called, and what those of the library do.

namespace test_callbacks {

using namespace lamina;
using namespace lamina::testing;

TEST_CASE("fit: hooks are called for every step and epoch", "[fit]") {
  Model<Net> model;
  Trainer trainer{model, sgd};
  Recorder recorder;
  const Dataset data = classes(50, 3);
  const History history =
      trainer.fit(data, classes(20, 4), {.epochs = 4, .batch_size = 20}, recorder);
  CHECK(recorder.before == 12);
  CHECK(recorder.after == 12);
  CHECK(recorder.epochs.size() == 4);
  REQUIRE(history.epochs.size() == 4);
  for (std::size_t i = 0; i < 4; ++i) CHECK(history.epochs[i].epoch == static_cast<int>(i) + 1);
  CHECK(same_bits(recorder.epochs.back(), model.tensors()));

  Recorder stopping;
  stopping.stop_after = 2;
  CHECK(trainer.fit(data, {}, {.epochs = 9, .batch_size = 50}, stopping).epochs.size() == 2);
  CHECK(stopping.before == 2);
  CHECK(trainer.fit(data, {}, {.epochs = 0}).epochs.empty());
}

TEST_CASE("fit: early stopping restores the best parameters bit for bit", "[fit]") {
  Model<Normed> model{Seed{2}};
  Trainer trainer{model, sgd};
  Recorder recorder;
  // Noise cannot be learned: the validation loss soon rises.
  const Dataset noise{6, uniform(100 * 6, 1), some_labels(100, 3, 2)};
  const Dataset validation{6, uniform(100 * 6, 3), some_labels(100, 3, 4)};
  const History history = trainer.fit(noise, validation, {.epochs = 60, .batch_size = 10}, recorder,
                                      EarlyStopping{.patience = 4});
  REQUIRE(history.epochs.size() < 60);
  CHECK(history.epochs.size() == history.best_epoch + 1 + 4);
  for (const EpochRecord& epoch : history.epochs) {
    CHECK(epoch.validation_loss >= history.epochs[history.best_epoch].validation_loss);
  }
  CHECK(same_bits(model.tensors(), recorder.epochs[history.best_epoch]));
  CHECK(evaluate(model, validation).loss == history.epochs[history.best_epoch].validation_loss);

  // Best is restored when the epochs run out first, too.
  Recorder second;
  const History short_one = trainer.fit(noise, validation, {.epochs = 3, .batch_size = 10}, second,
                                        EarlyStopping{.patience = 50});
  CHECK(same_bits(model.tensors(), second.epochs[short_one.best_epoch]));
}

TEST_CASE("fit: one cycle rises, falls and turns momentum the other way", "[fit]") {
  const OneCycle cycle{.max_learning_rate = 0.5f, .warm_up = 0.25f};
  CHECK(cycle.learning_rate(0) == Approx(0.02));
  CHECK(cycle.learning_rate(0.25f) == Approx(0.5));
  CHECK(cycle.learning_rate(1) == Approx(0.5 / 1e5));
  CHECK(cycle.momentum(0) == Approx(0.95));
  CHECK(cycle.momentum(0.25f) == Approx(0.85));
  CHECK(cycle.momentum(1) == Approx(0.95));

  Model<Net> model;
  Trainer trainer{model, sgd};
  Recorder recorder;
  trainer.fit(classes(100, 3), {}, {.epochs = 4, .batch_size = 10}, cycle, recorder);
  REQUIRE(recorder.rates.size() == 40);
  CHECK(recorder.rates.front() == Approx(0.02));
  CHECK(*std::max_element(recorder.rates.begin(), recorder.rates.end()) == Approx(0.5));
  CHECK(recorder.rates[10] == Approx(0.5));
  CHECK(recorder.rates.back() < 0.01f);
}

namespace {

struct Momenta {
  std::vector<float> seen;
  void before_step(const auto& state) { seen.push_back(state.trainer.optimizer().beta1); }
};

struct Failing {
  void after_epoch(const auto&) { throw Error("enough"); }
};

}  // namespace

TEST_CASE("fit: a schedule's rate and momentum are the optimizer's during that fit alone",
          "[fit]") {
  const OneCycle cycle{.max_learning_rate = 0.5f, .warm_up = 0.25f};
  Model<Net> model;
  Trainer trainer{model, Adam{.learning_rate = 0.125f, .beta1 = 0.5f}};
  Momenta momenta;
  const Dataset data = classes(100, 3);
  trainer.fit(data, {}, {.epochs = 1, .batch_size = 10}, cycle, momenta);
  REQUIRE(momenta.seen.size() == 10);
  for (std::size_t step = 0; step < 10; ++step) {
    CHECK(momenta.seen[step] == Approx(cycle.momentum(0.1f * static_cast<float>(step))));
  }
  CHECK(trainer.optimizer().learning_rate == 0.125f);
  CHECK(trainer.optimizer().beta1 == 0.5f);
  CHECK(error_of([&] { trainer.fit(data, {}, {}, cycle, Failing{}); }) == "enough");
  CHECK(trainer.optimizer().learning_rate == 0.125f);
  CHECK(trainer.optimizer().beta1 == 0.5f);
}

namespace {

/// The epochs that a fit runs with these scores.
std::size_t epochs_with(const std::vector<double>& scores, EarlyStopping stopping) {
  Model<Net> model;
  Trainer trainer{model, sgd};
  stopping.monitor = "scripted";
  return trainer
      .fit(classes(20, 1), classes(20, 2), {.epochs = static_cast<int>(scores.size())},
           Scripted{scores}, stopping)
      .epochs.size();
}

}  // namespace

TEST_CASE("fit: early stopping follows its monitor, patience and min_delta", "[fit]") {
  CHECK(epochs_with({1, 2, 3, 4, 5}, {.patience = 1}) == 5);
  CHECK(epochs_with({1, 2, 2, 3, 3}, {.patience = 1}) == 3);
  CHECK(epochs_with({5, 4, 3, 6, 5, 4, 3}, {.patience = 3}) == 7);
  CHECK(epochs_with({5, 4, 3, 2, 6}, {.patience = 3}) == 4);
  CHECK(epochs_with({1, 1.5, 2, 2.5}, {.patience = 2, .min_delta = 0.6}) == 4);
  CHECK(epochs_with({1, 1.5, 1.6, 9}, {.patience = 2, .min_delta = 0.6}) == 3);
  CHECK(epochs_with({NAN, NAN, 1}, {.patience = 2}) == 2);
}

TEST_CASE("fit: a monitor that nobody measures is refused before the first step", "[fit]") {
  Model<Net> model;
  Trainer trainer{model, sgd};
  const auto refuse = [&](const Dataset& validation, const char* monitor) {
    return error_of(
        [&] { trainer.fit(classes(20, 1), validation, {}, EarlyStopping{.monitor = monitor}); });
  };
  CHECK(has(refuse(classes(20, 2), "f1"), "f1", "validation_loss", "validation_accuracy"));
  CHECK(has(refuse({}, "validation_loss"), "validation_loss", "loss"));
  CHECK(trainer.steps() == 0);
}

TEST_CASE("fit: a schedule sees every step and its rate is the step's", "[fit]") {
  struct Line {
    float learning_rate(const Moment& moment) const {
      return moment.base_learning_rate * static_cast<float>(moment.step) +
             static_cast<float>(moment.epoch * 1000 + moment.epochs * 10000) +
             static_cast<float>(moment.steps);
    }
  };
  Model<Net> model;
  Trainer trainer{model, Sgd{.learning_rate = 1e-20f}};
  Recorder recorder;
  trainer.optimizer().learning_rate = 0.5f;
  trainer.fit(classes(40, 1), {}, {.epochs = 2, .batch_size = 20}, Line{}, recorder);
  CHECK(recorder.rates == std::vector<float>{20004, 20004.5f, 21005, 21005.5f});
}

TEST_CASE("fit: the progress bar is quiet where nobody looks", "[fit]") {
  const auto said = [](bool always) {
    std::FILE* file = std::tmpfile();
    Model<Net> model;
    Trainer trainer{model, sgd};
    trainer.fit(classes(40, 1), classes(20, 2), {.epochs = 3}, Scripted{{0.25, 0.5, 0.75}},
                ProgressBar{.out = file, .always = always});
    std::string text(static_cast<std::size_t>(std::ftell(file)), ' ');
    std::rewind(file);
    REQUIRE(std::fread(text.data(), 1, text.size(), file) == text.size());
    std::fclose(file);
    return text;
  };
  CHECK(said(false).empty());
  const std::string lines = said(true);
  CHECK(std::count(lines.begin(), lines.end(), '\n') == 3);
  CHECK(has(lines, "epoch 1/3", "loss", "validation loss", "accuracy", "scripted 0.7500",
            "samples/s", "left"));
  CHECK(lines.find('\r') == std::string::npos);
}

namespace {

/// A model that is lost at the end of the first epoch and found again before the second.
struct LostOnce {
  std::vector<Monitored> seen;
  std::vector<float> kept;

  void after_step(auto& state) {
    auto& trained = state.trainer.model().block().trained;
    if (state.epoch > 0 || state.step + 1 < state.steps) return;
    kept.assign(trained.data(), trained.data() + trained.size());
    std::fill_n(trained.data(), trained.size(), NAN);
  }
  void after_epoch(auto& state) {
    for (const char* monitor : {"validation_accuracy", "accuracy", "loss"}) {
      seen.push_back(state.monitored(monitor));
    }
    if (state.epoch > 0) return;
    std::copy(kept.begin(), kept.end(), state.trainer.model().block().trained.data());
  }
};

}  // namespace

TEST_CASE("fit: an epoch that ends with NaN is no best one, whatever its accuracy", "[fit]") {
  std::vector<Label> labels(40, 0);  // which the first class would be right for
  const Dataset zeros(6, uniform(40 * 6, 1), labels);
  Model<Net> model;
  Trainer trainer{model, sgd};
  LostOnce lost;
  const History history =
      trainer.fit(zeros, zeros, {.epochs = 3, .batch_size = 10, .require_finite_loss = false},
                  Metrics{metrics::Accuracy{}}, lost);
  REQUIRE(lost.seen.size() == 9);
  for (std::size_t i = 0; i < 9; ++i) CHECK(std::isnan(lost.seen[i].score) == (i < 3));
  CHECK(history.epochs[0].validation_accuracy == 0);
  CHECK(history.epochs[0].metrics[0] == 0);
  CHECK(history.epochs[2].validation_accuracy > 0.5);
  CHECK(history.best_epoch > 0);
}

TEST_CASE("fit: an error of one's own is better when it is lower", "[fit]") {
  Model<Curve> model;
  Trainer trainer{model, sgd};
  const metrics::Mean error{
      "distance", [](const EvaluatedRow& row) { return std::abs(row.outputs[0] - row.targets[0]); },
      false};
  const auto best = EarlyStopping{.patience = 100, .monitor = "distance"};
  const History history = trainer.fit(curve(60, 1), curve(20, 3), {.epochs = 5, .batch_size = 10},
                                      Metrics{error}, EarlyStopping{best});
  double least = INFINITY;
  for (const EpochRecord& epoch : history.epochs) least = std::min(least, epoch.metrics[0]);
  metrics::Mean again = error;
  evaluate(model, curve(20, 3), again);
  CHECK(again.value() == least);
}

TEST_CASE("fit: metrics have names and numbers of their own", "[fit]") {
  Model<Net> model;
  Trainer trainer{model, sgd};
  const Dataset data = classes(40, 1);
  using metrics::ClassAverage;
  Metrics measured{metrics::Accuracy{}, metrics::ConfusionMatrix{}, metrics::F1{},
                   metrics::F1{ClassAverage::Weighted}, metrics::ConfusionMatrix{}};
  const History history = trainer.fit(data, data, {.epochs = 1, .batch_size = 10}, measured);
  std::vector<std::string> names;
  for (const MetricColumn& column : history.metrics) names.push_back(column.name);
  CHECK(names ==
        std::vector<std::string>{"accuracy", "accuracy_2", "f1", "f1_weighted", "accuracy_3"});
  CHECK(history.epochs[0].metrics[1] == history.epochs[0].validation_accuracy);
  CHECK(measured.get<3>().value() == history.epochs[0].metrics[3]);
}

TEST_CASE("fit: numbers of callbacks that make no sense are refused before the first step",
          "[fit]") {
  Model<Curve> model;
  Trainer trainer{model, sgd};
  const auto refuse = [&](auto callback) {
    return error_of([&] { trainer.fit(curve(20, 1), curve(20, 2), {}, callback); });
  };
  CHECK(has(refuse(EarlyStopping{.patience = -1}), "patience", "-1"));
  CHECK(has(refuse(EarlyStopping{.min_delta = -0.1}), "min_delta", "-0.1"));
  CHECK(has(refuse(EarlyStopping{.min_delta = NAN}), "min_delta", "nan"));
  CHECK(has(refuse(ReduceOnPlateau{.min_delta = -1}), "min_delta", "-1"));
  // Floats are no classes: their accuracy would be NaN in every epoch.
  CHECK(has(refuse(EarlyStopping{.monitor = "validation_accuracy"}), "loss, validation_loss,"));
  CHECK(trainer.steps() == 0);
}

namespace {

/// A sampler that does anything with its order.
template <class Change>
struct Sample {
  Change change;
  void order(std::vector<std::uint32_t>& order, std::uint64_t, std::int64_t) const {
    change(order);
  }
};
template <class Change>
Sample(Change) -> Sample<Change>;

}  // namespace

TEST_CASE("fit: a sampler that names samples which are not there is refused", "[fit]") {
  Model<Net> model;
  Trainer trainer{model, sgd};
  const auto refuse = [&](const auto& sampler) {
    return error_of([&] { trainer.fit(classes(20, 1), {}, {}, sampler); });
  };
  CHECK(has(refuse(Sample{[](auto& order) { order.resize(10); }}), "sampler", "20", "10"));
  CHECK(has(refuse(Sample{[](auto& order) { order.clear(); }}), "sampler", "20", "0"));
  CHECK(has(refuse(Sample{[](auto& order) { order[3] = 20; }}), "sampler", "20"));
  CHECK(trainer.steps() == 0);
  trainer.fit(classes(20, 1), {}, {.epochs = 1}, Sample{[](auto& order) { order[3] = 19; }});
  CHECK(trainer.steps() == 1);
}

}  // namespace test_callbacks
