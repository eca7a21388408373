#include "fitting.hpp"

// The callbacks of `fit`: when they are called, and what those of the library do.

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
  Model<Net> second;
  Trainer adam{second, Adam{}};
  adam.fit(classes(100, 3), {}, {.epochs = 1, .batch_size = 10}, cycle);
  CHECK(adam.optimizer().beta1 > 0.85f);
}
