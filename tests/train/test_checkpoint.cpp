#include <array>
#include <bit>
#include <filesystem>
#include <sys/wait.h>
#include <unistd.h>

#include "errors.hpp"
#include "fitting.hpp"
#include "io/files.hpp"
#include "io/temporary_file.hpp"

// What `Checkpoint` keeps, when, and what of it a run goes on with.

namespace test_checkpoint {

using namespace lamina;
using namespace lamina::testing;

namespace {

const Dataset data = classes(64, 5);

/// A user's own optimizer: makes every parameter infinite or NaN.
struct Break {
  float learning_rate = 1;
  static constexpr int slots = Sgd::slots;
  using Rule = Sgd::Rule;
  [[nodiscard]] Rule rule(std::int64_t step, bool decays) const {
    return Sgd{.learning_rate = INFINITY}.rule(step, decays);
  }
};

/// A fit of a new model.
template <class... Callbacks>
History run(const Dataset& train, const FitOptions& options, Callbacks... callbacks) {
  Model<Net> model{Seed{1}};
  return Trainer(model, sgd).fit(train, data, options, callbacks...);
}

}  // namespace

TEST_CASE("checkpoint: what an update broke is kept in neither file", "[resume]") {
  for (const bool keeps_best : {true, false}) {
    const TemporaryDirectory directory;
    const Checkpoint checkpoint{
        .directory = directory.path(), .every_steps = 1, .keep_best = keeps_best};
    Model<Curve> model{Seed{1}};
    Trainer trainer{model, Break{}};
    // One step, whose loss is that of the parameters before its update.
    const History history =
        trainer.fit(curve(64, 5), {}, {.epochs = 1, .batch_size = 64, .require_finite_loss = false},
                    Checkpoint{checkpoint});
    REQUIRE(std::isfinite(history.epochs[0].loss));
    CHECK_FALSE(std::filesystem::exists(checkpoint.last()));
    CHECK_FALSE(std::filesystem::exists(checkpoint.best()));
  }
}

TEST_CASE("checkpoint: an infinite loss is not kept, even one of finite parameters", "[resume]") {
  const TemporaryDirectory directory;
  const Checkpoint checkpoint{.directory = directory.path(), .every_steps = 1};
  const Dataset far{6, uniform(64 * 6, 5), std::vector<float>(64 * 2, 1e25f), std::size_t{2}};
  Model<Curve> model{Seed{1}};
  Trainer trainer{model, Sgd{.learning_rate = 1e-30f}};
  const History history =
      trainer.fit(far, {}, {.epochs = 1, .batch_size = 16, .require_finite_loss = false},
                  Checkpoint{checkpoint});
  REQUIRE(std::isinf(history.epochs[0].loss));
  REQUIRE(std::isfinite(evaluate(model, curve(64, 5)).loss));
  CHECK_FALSE(std::filesystem::exists(checkpoint.last()));
  CHECK_FALSE(std::filesystem::exists(checkpoint.best()));
}

TEST_CASE("checkpoint: the best file is that of the best epoch, also over a resume", "[resume]") {
  const TemporaryDirectory directory;
  const Checkpoint checkpoint{.directory = directory.path(), .monitor = "scripted", .resume = true};
  const auto best = [&] { return read_safetensors(checkpoint.best()); };
  Model<Net> model{Seed{1}};
  Recorder recorder;
  Trainer(model, sgd)
      .fit(data, data, {.epochs = 3}, Scripted{{2, 1, 3}}, recorder, Checkpoint{checkpoint});
  CHECK(same_bits(best(), recorder.epochs[2]));
  run(data, {.epochs = 5}, Scripted{{2.5, 2.9}}, checkpoint);
  CHECK(same_bits(best(), recorder.epochs[2]));
  run(data, {.epochs = 6}, Scripted{{3.5}}, checkpoint);
  CHECK_FALSE(same_bits(best(), recorder.epochs[2]));
}

TEST_CASE("checkpoint: each file has the metadata that were given for it", "[resume]") {
  const TemporaryDirectory directory;
  const Checkpoint checkpoint{.directory = directory.path(),
                              .metadata = {{"of", "the best"}},
                              .run_metadata = {{"of", "the run"}}};
  run(data, {.epochs = 1}, checkpoint);
  CHECK(read_metadata(checkpoint.best()).at("of") == "the best");
  CHECK(read_metadata(checkpoint.last()).at("of") == "the run");
}

TEST_CASE("checkpoint: without keep_best there is no best file", "[resume]") {
  const TemporaryDirectory directory;
  const Checkpoint checkpoint{.directory = directory.path(), .keep_best = false};
  run(data, {.epochs = 1}, checkpoint);
  CHECK(std::filesystem::exists(checkpoint.last()));
  CHECK_FALSE(std::filesystem::exists(checkpoint.best()));
}

TEST_CASE("checkpoint: a run that kept the best by another monitor is refused", "[resume]") {
  const TemporaryDirectory directory;
  const auto fit = [&](const char* monitor, int epochs) {
    run(data, {.epochs = epochs},
        Checkpoint{.directory = directory.path(), .monitor = monitor, .resume = true});
  };
  fit("validation_accuracy", 1);
  CHECK(has(error_of([&] { fit("", 2); }), "monitor", "validation_accuracy"));
}

TEST_CASE("checkpoint: counts below 0 are refused", "[resume]") {
  const TemporaryDirectory directory;
  const auto refuse = [&](int every_epochs, std::int64_t every_steps) {
    const Checkpoint checkpoint{
        .directory = directory.path(), .every_epochs = every_epochs, .every_steps = every_steps};
    return error_of([&] { run(data, {.epochs = 1}, checkpoint); });
  };
  CHECK(has(refuse(-1, 0), "every_epochs", "-1"));
  CHECK(has(refuse(0, -2), "every_steps", "-2"));
}

TEST_CASE("checkpoint: a run that is stopped early is kept at its end", "[resume]") {
  const TemporaryDirectory directory;
  const Checkpoint checkpoint{.directory = directory.path(), .every_epochs = 100};
  // No loss falls by 10 after the first.
  const History history =
      run(data, {.epochs = 50}, EarlyStopping{.patience = 1, .min_delta = 10}, checkpoint);
  REQUIRE(history.epochs.size() == 2);
  CHECK(std::filesystem::exists(checkpoint.last()));
}

TEST_CASE("checkpoint: a fit removes what a stopped process left in the directory", "[resume]") {
  const TemporaryDirectory directory;
  const pid_t stopped = fork();
  if (stopped == 0) {
    const io::TemporaryFile file(directory.path(), ".tmp");
    _exit(0);  // before the file is put in place or removed
  }
  waitpid(stopped, nullptr, 0);
  REQUIRE_FALSE(std::filesystem::is_empty(directory.path()));
  run(data, {.epochs = 1}, Checkpoint{.directory = directory.path()});
  for (const auto& entry : std::filesystem::directory_iterator(directory.path())) {
    CHECK(entry.path().extension() == ".safetensors");
  }
}

TEST_CASE("checkpoint: other samples and batches are refused within an epoch, not after one",
          "[resume]") {
  const TemporaryDirectory directory;
  const Checkpoint checkpoint{.directory = directory.path(), .every_steps = 1, .resume = true};
  const Dataset fewer = data.slice(0, 60);
  const auto fit = [&](const Dataset& train, int epochs, int batch_size) {
    return run(train, {.epochs = epochs, .batch_size = batch_size}, checkpoint).epochs.size();
  };
  CHECK_THROWS_AS(run(data, {.epochs = 1, .batch_size = 16}, checkpoint, StopAt{2}), Interrupted);
  CHECK(has(error_of([&] { fit(fewer, 1, 16); }), "60", "64"));
  CHECK(has(error_of([&] { fit(data, 1, 8); }), "8", "16"));
  CHECK(fit(data, 1, 16) == 1);
  CHECK(fit(data, 2, 8) == 2);
  CHECK(fit(fewer, 3, 8) == 3);
}

TEST_CASE("checkpoint: a callback that the file does not know begins anew", "[resume]") {
  const TemporaryDirectory directory;
  const Checkpoint checkpoint{.directory = directory.path(), .resume = true};
  run(data, {.epochs = 1}, checkpoint);
  // No loss falls by 10 after the first that is seen, which is that of the second epoch.
  const History history =
      run(data, {.epochs = 9}, EarlyStopping{.patience = 2, .min_delta = 10}, checkpoint);
  CHECK(history.epochs.size() == 4);
}

TEST_CASE("checkpoint: two callbacks of a kind go on with numbers of their own", "[resume]") {
  const TemporaryDirectory directory;
  const auto fit = [&](const std::vector<double>& scores, int epochs) {
    return run(data, {.epochs = epochs}, Scripted{scores},
               EarlyStopping{.patience = 9, .monitor = "loss"},
               EarlyStopping{.patience = 3, .monitor = "scripted"},
               Checkpoint{.directory = directory.path(), .resume = true})
        .epochs.size();
  };
  CHECK(fit({5, 4}, 2) == 2);
  // One epoch has been waited for, two more are.
  CHECK(fit({3, 2, 1}, 5) == 4);
}

namespace {

struct Field {
  const char* name;
  double (*of)(const EpochRecord&);
};

constexpr std::array fields{
    Field{"epoch", [](const EpochRecord& record) { return static_cast<double>(record.epoch); }},
    Field{"loss", [](const EpochRecord& record) { return record.loss; }},
    Field{"data_loss", [](const EpochRecord& record) { return record.data_loss; }},
    Field{"penalty", [](const EpochRecord& record) { return record.penalty; }},
    Field{"validation_loss", [](const EpochRecord& record) { return record.validation_loss; }},
    Field{"validation_accuracy",
          [](const EpochRecord& record) { return record.validation_accuracy; }},
    Field{"learning_rate",
          [](const EpochRecord& record) { return static_cast<double>(record.learning_rate); }},
};

void check_same(const EpochRecord& found, const EpochRecord& expected) {
  for (const Field& field : fields) {
    INFO(field.name << " of epoch " << expected.epoch);
    CHECK(field.of(found) == field.of(expected));
  }
  CHECK(found.metrics == expected.metrics);
  CHECK(found.seconds > 0);
  CHECK(found.samples_per_second > 0);
}

}  // namespace

TEST_CASE("checkpoint: a resumed run has the records, rates and momentum of a whole one",
          "[resume]") {
  const TemporaryDirectory directory;
  const Checkpoint checkpoint{.directory = directory.path(), .every_steps = 1, .resume = true};
  const Dataset ragged = classes(90, 4);  // an epoch is 5 full batches and one of 10
  const auto train = [&](const Sgd& optimizer, auto... callbacks) {
    Model<Net> model{Seed{1}};
    Trainer trainer{model, optimizer};
    const History history =
        trainer.fit(ragged, ragged, {.epochs = 4, .batch_size = 16},
                    StepDecay{.every = 1, .factor = 0.5f}, Metrics{metrics::F1{}}, callbacks...);
    return std::pair{history, model.tensors()};
  };
  const Sgd optimizer{.learning_rate = 0.25f, .momentum = 0.5f};
  // Without a checkpoint, which shall change nothing of the records either.
  const auto [whole, parameters] = train(optimizer);
  CHECK_THROWS_AS(train(optimizer, checkpoint, StopAt{16}), Interrupted);
  const auto [resumed, resumed_parameters] =
      train(Sgd{.learning_rate = 0.75f, .momentum = 0.9f}, checkpoint);
  CHECK(same_bits(resumed_parameters, parameters));
  REQUIRE(resumed.epochs.size() == 4);
  for (std::size_t i = 0; i < 4; ++i) check_same(resumed.epochs[i], whole.epochs[i]);
}

TEST_CASE("checkpoint: the seconds of an epoch are those before and after it was stopped",
          "[resume]") {
  const TemporaryDirectory directory;
  const Checkpoint checkpoint{.directory = directory.path(), .every_steps = 1, .resume = true};
  const FitOptions options{.epochs = 2, .batch_size = 16};
  CHECK_THROWS_AS(run(data, options, checkpoint, StopAt{3}), Interrupted);
  std::vector<Tensor> tensors = read_safetensors(checkpoint.last());
  constexpr double thirty_years = 1e9;
  for (Tensor& tensor : tensors) {
    if (tensor.name != "fit.seconds") continue;
    tensor.values = std::vector{std::bit_cast<std::int64_t>(thirty_years)};
  }
  write_safetensors(checkpoint.last(), tensors);
  const History history = run(data, options, checkpoint);
  CHECK(history.epochs[0].seconds >= thirty_years);
  CHECK(history.epochs[1].seconds < thirty_years);
}

}  // namespace test_checkpoint
