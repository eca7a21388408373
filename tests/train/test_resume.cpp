#include <filesystem>
#include <random>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include "fitting.hpp"
#include "io/files.hpp"

// A run that was stopped and gone on with ends with the bits of one that was not.

namespace test_resume {

using namespace lamina;
using namespace lamina::testing;

namespace {

using Many =
    Network<Input<6>, Standardize, Linear<20, WeightNorm>, LayerNorm<>, ReLU, Dropout<0.2>,
            Residual<Linear<20>, RunningBatchNorm<>, Tanh>, GaussianNoise<0.1>,
            Linear<16, MaxNorm<1.0>>, BatchNorm<>, SiLU, Linear<3>, CrossEntropy<>, L2<1e-3>>;
using Elements = Network<Input<1, 2, 3>, Conv2d<3, Kernel<2>>, LayerNorm<PerElement>, Tanh, Flatten,
                         Linear<3>, CrossEntropy<>>;
using Narrow = Network<Input<6>, Linear<17>, Tanh, Linear<2>, MeanSquaredError>;

/// Runs a fit of 4 epochs and 20 steps: whole, and stopped after `stops` and gone on with.
template <class Network, class Optimizer, class... Callbacks>
void check_resume(const Dataset& data, const Optimizer& optimizer,
                  const std::vector<std::int64_t>& stops, const Callbacks&... callbacks) {
  const TemporaryDirectory directory;
  const FitOptions options{.epochs = 4, .batch_size = 16};
  const Dataset validation = data.slice(0, 30);
  const auto run = [&](Model<Network>& model, const std::string& name, std::int64_t stop) {
    Trainer trainer{model, optimizer};
    auto checkpoint =
        Checkpoint{.directory = directory.path() / name, .every_steps = 2, .resume = true};
    std::tuple<Callbacks...> own{callbacks...};
    return std::apply(
        [&](auto&... each) {
          return trainer.fit(data, validation, options, each..., checkpoint, StopAt{stop});
        },
        own);
  };
  Model<Network> whole{Seed{3}};
  const History expected = run(whole, "whole", -1);
  for (const std::int64_t stop : stops) {
    const std::string name = "stopped" + std::to_string(stop);
    Model<Network> stopped{Seed{3}};
    CHECK_THROWS_AS(run(stopped, name, stop), Interrupted);
    // Everything is in the file, the seed too; before the second save there is none.
    Model<Network> resumed{Seed{stop < 3 ? 3u : 77u}};
    const History history = run(resumed, name, -1);
    CHECK(same_bits(resumed.tensors(), whole.tensors()));
    CHECK(resumed.seed().value == 3);
    REQUIRE(history.epochs.size() == expected.epochs.size());
    for (std::size_t i = 0; i < history.epochs.size(); ++i) {
      CHECK(history.epochs[i].loss == expected.epochs[i].loss);
      CHECK(history.epochs[i].validation_loss == expected.epochs[i].validation_loss);
    }
    CHECK(history.best_epoch == expected.best_epoch);
    Model<Network> best{Seed{5}};
    Model<Network> best_of_whole{Seed{6}};
    load(best, directory.path() / name / "best.safetensors");
    load(best_of_whole, directory.path() / "whole" / "best.safetensors");
    CHECK(same_bits(best.tensors(), best_of_whole.tensors()));
  }
}

const std::vector<std::int64_t> few_stops{1, 7, 10, 19};

}  // namespace

TEST_CASE("resume: after every step, a run goes on with the same bits", "[resume]") {
  std::vector<std::int64_t> every;
  for (std::int64_t step = 1; step <= 20; ++step) every.push_back(step);
  check_resume<Many>(classes(80, 1), sgd, every);
}

TEST_CASE("resume: every optimizer and wrapper goes on", "[resume]") {
  const Dataset data = classes(80, 2);
  check_resume<Net>(data, Adam{}, few_stops);
  check_resume<Elements>(data, Adam{}, few_stops);
  check_resume<Net>(data, AdamW{}, few_stops);
  check_resume<Net>(data, Nadam{}, few_stops);
  check_resume<Net>(data, RmsProp{}, few_stops);
  check_resume<Net>(data, Adagrad{}, few_stops);
  check_resume<Net>(data, Lion{}, few_stops);
  check_resume<Many>(data, Average{Accumulate{ClipByNorm{sgd, 0.5f}, 3}, 0.9f}, few_stops);
}

TEST_CASE("resume: narrow networks go on", "[resume]") {
  check_resume<Narrow>(curve(80, 3), Adam{}, few_stops);
  check_resume<Narrow>(curve(80, 3), Accumulate{Adam{}, 3}, few_stops);
}

TEST_CASE("resume: callbacks go on, too", "[resume]") {
  const Dataset data = classes(80, 4);
  check_resume<Net>(data, sgd, few_stops, OneCycle{.max_learning_rate = 0.2f});
  // No loss falls by 10 after the first: stops at the end of the third epoch.
  check_resume<Net>(data, sgd, {1, 7, 10, 11}, EarlyStopping{.patience = 2, .min_delta = 10});
  // No loss falls by 10: waits an epoch, then halves the rate.
  check_resume<Net>(data, sgd, few_stops,
                    ReduceOnPlateau{.factor = 0.5f, .patience = 1, .min_delta = 10});
  check_resume<Net>(data, sgd, few_stops, WeightedSampling::balanced(data));
  check_resume<Net>(data, sgd, few_stops, Transform{[](const auto& sample, Draws& draws) {
                      for (float& x : sample.input) x += static_cast<float>(draws.normal());
                    }});
}

TEST_CASE("resume: the average of a resumed run is that of a whole one", "[resume]") {
  const TemporaryDirectory directory;
  const Dataset data = classes(64, 5);
  const auto fit = [&](Model<Net>& model, const char* name, int epochs) {
    Trainer trainer{model, Average{sgd, 0.8f}};
    trainer.fit(data, {}, {.epochs = epochs, .batch_size = 16},
                Checkpoint{.directory = directory.path() / name, .resume = true});
    return trainer.average().tensors();
  };
  Model<Net> whole{Seed{1}};
  Model<Net> first{Seed{1}};
  Model<Net> second{Seed{2}};
  const auto expected = fit(whole, "whole", 5);
  fit(first, "parts", 2);
  CHECK(same_bits(fit(second, "parts", 5), expected));
}

TEST_CASE("resume: a run that is over is only given back", "[resume]") {
  const TemporaryDirectory directory;
  const Dataset data = classes(64, 5);
  const auto fit = [&](Model<Net>& model) {
    Trainer trainer{model, sgd};
    const History history =
        trainer.fit(data, {}, {.epochs = 3, .batch_size = 16},
                    Checkpoint{.directory = directory.path() / "run", .resume = true});
    return std::pair{trainer.steps(), history.epochs.size()};
  };
  Model<Net> first{Seed{1}};
  Model<Net> second{Seed{2}};
  CHECK(fit(first) == std::pair{std::int64_t{12}, std::size_t{3}});
  CHECK(fit(second) == std::pair{std::int64_t{12}, std::size_t{3}});
  CHECK(same_bits(first.tensors(), second.tensors()));
}

TEST_CASE("resume: a loss that is not finite is not kept", "[resume]") {
  const TemporaryDirectory directory;
  Model<Curve> model{Seed{1}};
  Trainer trainer{model, Sgd{.learning_rate = 0.01f}};
  const Dataset data = curve(64, 5);
  const auto checkpoint =
      Checkpoint{.directory = directory.path() / "run", .every_steps = 1, .resume = true};
  trainer.fit(data, {}, {.epochs = 2, .batch_size = 16}, Checkpoint{checkpoint});
  const auto good = read_safetensors(checkpoint.last());
  trainer.optimizer().learning_rate = 1e30f;
  trainer.fit(data, {}, {.epochs = 2, .batch_size = 16, .require_finite_loss = false},
              Checkpoint{.directory = checkpoint.directory});
  CHECK(std::isnan(evaluate(model, data).loss));
  CHECK(same_bits(read_safetensors(checkpoint.last()), good));
}

namespace {

/// The trainer's steps of every checkpoint that is written.
struct Saves {
  Checkpoint checkpoint;
  std::vector<std::int64_t> steps;

  void before_fit(auto& state) { checkpoint.before_fit(state); }
  void save(auto& state) {
    checkpoint.save(state);
    if (std::filesystem::remove(checkpoint.last())) steps.push_back(state.trainer.steps());
  }
};

}  // namespace

TEST_CASE("resume: steps between checkpoints are counted over epochs", "[resume]") {
  const TemporaryDirectory directory;
  const auto saves = [&](int every_epochs, std::int64_t every_steps) {
    Model<Net> model{Seed{1}};
    Trainer trainer{model, sgd};
    Saves kept{
        {.directory = directory.path(), .every_epochs = every_epochs, .every_steps = every_steps},
        {}};
    trainer.fit(classes(40, 1), {}, {.epochs = 3, .batch_size = 10}, kept);
    return kept.steps;
  };
  using Steps = std::vector<std::int64_t>;
  CHECK(saves(0, 5) == Steps{5, 10, 12});
  CHECK(saves(0, 4) == Steps{4, 8, 12});
  CHECK(saves(1, 3) == Steps{3, 4, 6, 8, 9, 12});
  CHECK(saves(2, 0) == Steps{8, 12});
  CHECK(saves(0, 0).empty());
}

namespace {

/// Asks for the end of a run in a step.
struct AskAt {
  std::int64_t step;
  void after_step(auto& state) {
    if (state.trainer.steps() == step) state.stop = true;
  }
};

}  // namespace

TEST_CASE("resume: a run that was asked to stop ends its epoch, and may be given more",
          "[resume]") {
  const TemporaryDirectory directory;
  const Dataset data = classes(64, 5);
  const auto run = [&](Model<Net>& model, const char* name, std::int64_t ask, std::int64_t stop) {
    Trainer trainer{model, sgd};
    return trainer
        .fit(data, data, {.epochs = 5, .batch_size = 16}, AskAt{ask},
             Checkpoint{.directory = directory.path() / name, .every_steps = 1, .resume = true},
             StopAt{stop})
        .epochs.size();
  };
  Model<Net> whole{Seed{1}};
  CHECK(run(whole, "whole", 6, -1) == 2);
  Model<Net> killed{Seed{1}};
  CHECK_THROWS_AS(run(killed, "killed", 6, 8), Interrupted);
  Model<Net> resumed{Seed{9}};
  CHECK(run(resumed, "killed", -1, -1) == 2);
  CHECK(same_bits(resumed.tensors(), whole.tensors()));
  CHECK(run(resumed, "killed", -1, -1) == 5);
}

TEST_CASE("resume: patience that ran out stays so, and more of it helps", "[resume]") {
  const TemporaryDirectory directory;
  const Dataset data = classes(64, 5);
  const auto run = [&](int patience) {
    Model<Net> model{Seed{1}};
    Trainer trainer{model, sgd};
    // No loss falls by 10 after the first.
    return trainer
        .fit(data, data, {.epochs = 9, .batch_size = 16},
             EarlyStopping{.patience = patience, .min_delta = 10},
             Checkpoint{.directory = directory.path(), .resume = true})
        .epochs.size();
  };
  CHECK(run(2) == 3);
  CHECK(run(2) == 3);
  CHECK(run(4) == 5);
}

namespace {

struct SayStep {
  void after_step(auto&) const {
    if (write(STDOUT_FILENO, ".", 1) != 1) throw Interrupted{};
  }
};

}  // namespace

// The process that the next test kills: says every step, and keeps two checkpoints an epoch.
TEST_CASE("resume: to be killed", "[.][killed]") {
  const char* directory = std::getenv("LAMINA_KILLED_RUN");
  if (directory == nullptr) return;  // hidden tests run, too, where a tag asks for this file
  Model<Many> model{Seed{9}};
  Trainer trainer{model, Adam{}};
  trainer.fit(classes(160, 7), classes(40, 8), {.epochs = 6, .batch_size = 16},
              EarlyStopping{.patience = 50},
              Checkpoint{.directory = directory, .every_steps = 5, .resume = true}, SayStep{});
  save(model, std::filesystem::path(directory) / "final.safetensors");
}

namespace {

/// Starts the run above in a process of its own and kills it after `steps` steps, wherever it is
/// then. True where it ended by itself before.
bool run_and_kill(const std::filesystem::path& directory, int steps) {
  int ends[2];
  REQUIRE(pipe(ends) == 0);
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, ends[1], STDOUT_FILENO);
  posix_spawn_file_actions_addclose(&actions, ends[0]);
  setenv("LAMINA_KILLED_RUN", directory.c_str(), 1);
  char program[] = "/proc/self/exe";
  char test[] = "resume: to be killed";
  char* arguments[] = {program, test, nullptr};
  pid_t process = 0;
  // The link must be read here: to the process that is started it would be itself.
  const std::string self = std::filesystem::read_symlink(program).string();
  REQUIRE(posix_spawn(&process, self.c_str(), &actions, nullptr, arguments, environ) == 0);
  posix_spawn_file_actions_destroy(&actions);
  close(ends[1]);
  char said = 0;
  int seen = 0;
  while (seen < steps && read(ends[0], &said, 1) == 1) seen += said == '.' ? 1 : 0;
  kill(process, SIGKILL);
  int status = 0;
  waitpid(process, &status, 0);
  close(ends[0]);
  return WIFEXITED(status);
}

}  // namespace

TEST_CASE("resume: killed at many moments, a run ends with the same bits", "[resume]") {
  const TemporaryDirectory directory;
  REQUIRE(run_and_kill(directory.path() / "whole", 1'000'000));
  std::mt19937 random{5};
  int kills = 0;
  for (int i = 0;
       i < 25 && !run_and_kill(directory.path() / "killed", 1 + static_cast<int>(random() % 9));
       ++i) {
    ++kills;
  }
  CHECK(kills >= 5);
  run_and_kill(directory.path() / "killed", 1'000'000);
  for (const char* name : {"final.safetensors", "best.safetensors"}) {
    CHECK(same_bits(read_safetensors(directory.path() / "killed" / name),
                    read_safetensors(directory.path() / "whole" / name)));
  }
}

}  // namespace test_resume
