#include <cstdio>
#include <utility>

#include "add_gradient.hpp"
#include "errors.hpp"
#include "fitting.hpp"
#include "io/files.hpp"

// What the records of a fit say, and what is chosen and shown by them.

namespace test_fit_records {

using namespace lamina;
using namespace lamina::testing;

namespace {

using Heavy = Network<Input<6>, Linear<20>, ReLU, Linear<3>, CrossEntropy<>, L2<0.5>>;

}  // namespace

TEST_CASE("records: losses and penalties are means over the samples of an epoch", "[fit]") {
  const Dataset ragged = classes(90, 4);  // an epoch is 5 full batches and one of 10
  Model<Heavy> model{Seed{1}};
  // Steps that change nothing: every batch has the same penalty.
  Trainer trainer{model, Sgd{.learning_rate = 1e-20f}};
  const History history = trainer.fit(ragged, ragged, {.epochs = 2, .batch_size = 16});
  for (const EpochRecord& epoch : history.epochs) {
    INFO("epoch " << epoch.epoch);
    CHECK(epoch.penalty == Approx(trainer.penalty()));
    CHECK(epoch.data_loss == Approx(epoch.validation_loss).epsilon(1e-5));
    CHECK(epoch.loss == Approx(epoch.data_loss + epoch.penalty));
  }
}

TEST_CASE("records: the penalty of an epoch falls with the weights", "[fit]") {
  Model<Heavy> model{Seed{1}};
  Trainer trainer{model, Sgd{.learning_rate = 0.01f}};
  const History history = trainer.fit(classes(90, 4), {}, {.epochs = 2, .batch_size = 16});
  CHECK(history.epochs[1].penalty < history.epochs[0].penalty);
}

TEST_CASE("records: the learning rate is that of the epoch's last step", "[fit]") {
  Model<Net> model{Seed{1}};
  Trainer trainer{model, Sgd{.learning_rate = 0.25f}};
  const History history = trainer.fit(classes(80, 4), {}, {.epochs = 3, .batch_size = 16},
                                      StepDecay{.every = 1, .factor = 0.5f});
  CHECK(history.epochs[0].learning_rate == 0.25f);
  CHECK(history.epochs[1].learning_rate == 0.125f);
  CHECK(history.epochs[2].learning_rate == 0.0625f);
}

TEST_CASE("records: without a validation set the best epoch has the lowest training loss",
          "[fit]") {
  Model<Net> model;
  Trainer climbing{model, AddGradient{.learning_rate = 0.5f}};
  const History history = climbing.fit(classes(60, 1), {}, {.epochs = 4, .batch_size = 20});
  REQUIRE(history.epochs[3].loss > history.epochs[0].loss);
  CHECK(history.best_epoch == 0);
}

TEST_CASE("records: of equal epochs the first is the best, and no later one is better", "[fit]") {
  using Bare = Network<Input<6>, Linear<3>, CrossEntropy<>>;
  const Dataset data = classes(40, 5);
  Model<Bare> model;
  Trainer still{model, Sgd{.learning_rate = 1e-30f}};
  const History history = still.fit(data, data, {.epochs = 9, .batch_size = 40, .shuffle = false},
                                    EarlyStopping{.patience = 2});
  CHECK(history.epochs.size() == 3);
  CHECK(history.best_epoch == 0);
}

TEST_CASE("records: an EarlyStopping that is used again begins anew", "[fit]") {
  EarlyStopping stopping{.patience = 3, .monitor = "scripted"};
  const auto epochs_with = [&](const std::vector<double>& scores) {
    Model<Net> model;
    return Trainer(model, sgd)
        .fit(classes(20, 1), classes(20, 2), {.epochs = static_cast<int>(scores.size())},
             Scripted{scores}, stopping)
        .epochs.size();
  };
  CHECK(epochs_with({5, 4, 3}) == 3);  // has waited two epochs
  CHECK(epochs_with({1, 2, 3, 4}) == 4);
  CHECK(epochs_with({5, 4, 3, 2, 1}) == 4);  // has waited long enough
  CHECK(epochs_with({1, 2}) == 2);
}

TEST_CASE("records: a patience of 0 is one of 1", "[fit]") {
  Model<Net> model;
  const History history =
      Trainer(model, sgd)
          .fit(classes(20, 1), classes(20, 2), {.epochs = 4}, Scripted{{1, 2, 2, 3}},
               EarlyStopping{.patience = 0, .monitor = "scripted"});
  CHECK(history.epochs.size() == 3);
}

namespace {

/// A number as the progress bar writes it, behind its name.
std::string shown(const char* name, double number) {
  char text[64];
  std::snprintf(text, sizeof text, "%s %.4f", name, number);
  return text;
}

/// The history of a fit and the lines of its progress bar.
template <class... Callbacks>
std::pair<History, std::string> followed(const Dataset& validation, int epochs,
                                         Callbacks... callbacks) {
  const TemporaryDirectory directory;
  const auto path = directory / "progress.txt";
  std::FILE* file = std::fopen(path.c_str(), "w");
  REQUIRE(file != nullptr);
  Model<Net> model;
  Trainer trainer{model, sgd};
  History history = trainer.fit(classes(20, 1), validation, {.epochs = epochs}, callbacks...,
                                ProgressBar{.out = file, .always = true});
  std::fclose(file);
  const Bytes text = read_file(path);
  return {std::move(history), std::string(text.begin(), text.end())};
}

}  // namespace

TEST_CASE("records: the progress bar shows an epoch's loss with its penalty", "[fit]") {
  const auto [history, lines] = followed({}, 2);
  REQUIRE(history.epochs[0].penalty > 1e-3);
  CHECK(has(lines, shown("epoch 1/2  loss", history.epochs[0].loss)));
  CHECK(has(lines, shown("epoch 2/2  loss", history.epochs[1].loss)));
}

TEST_CASE("records: the progress bar shows a validation where there is one", "[fit]") {
  CHECK(followed({}, 2).second.find("validation") == std::string::npos);
  const auto [history, lines] = followed(classes(20, 2), 1);
  const EpochRecord& epoch = history.epochs[0];
  REQUIRE(epoch.validation_accuracy > 0);
  char accuracy[64];
  std::snprintf(accuracy, sizeof accuracy, "accuracy %.2f %%", 100 * epoch.validation_accuracy);
  CHECK(has(lines, shown("validation loss", epoch.validation_loss), accuracy));
}

TEST_CASE("records: after the last epoch the progress bar shows no time left", "[fit]") {
  const auto is_left_after = [](const std::string& lines, const char* epoch) {
    return lines.find(" left", lines.find(epoch)) != std::string::npos;
  };
  const std::string whole = followed({}, 2).second;
  CHECK(is_left_after(whole, "epoch 1/2"));
  CHECK_FALSE(is_left_after(whole, "epoch 2/2"));
  // No loss falls by 10 after the first.
  const std::string stopped = followed({}, 9, EarlyStopping{.patience = 1, .min_delta = 10}).second;
  CHECK(is_left_after(stopped, "epoch 1/9"));
  CHECK_FALSE(is_left_after(stopped, "epoch 2/9"));
}

}  // namespace test_fit_records
