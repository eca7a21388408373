#include <bit>
#include <cmath>
#include <filesystem>

#include "errors.hpp"
#include "fitting.hpp"
#include "io/files.hpp"

// What no run can go on with.

namespace test_resume_refused {

using namespace lamina;
using namespace lamina::testing;

TEST_CASE("resume: a file of something else is refused, and nothing is changed", "[resume]") {
  const TemporaryDirectory directory;
  const Dataset data = classes(64, 5);
  const auto checkpoint = [&](const char* name) {
    return Checkpoint{.directory = directory.path() / name, .every_steps = 1, .resume = true};
  };
  const auto refuse = [&](auto& model, auto optimizer, const FitOptions& options, const char* name,
                          auto... parts) {
    Trainer trainer{model, optimizer};
    const auto before = model.tensors();
    const std::string message = error_of([&] { trainer.fit(data, {}, options, checkpoint(name)); });
    CHECK(has(message, "last.safetensors", parts...));
    CHECK(same_bits(model.tensors(), before));
    CHECK(trainer.steps() == 0);
  };
  Model<Net> model{Seed{1}};
  Trainer trainer{model, sgd};
  const FitOptions options{.epochs = 2, .batch_size = 16};
  trainer.fit(data, {}, options, checkpoint("whole"));
  CHECK_THROWS_AS(Trainer(model, sgd).fit(data, {}, options, checkpoint("middle"), StopAt{2}),
                  Interrupted);

  Model<Normed> other{Seed{2}};
  refuse(other, sgd, options, "whole", "model.rates", "expected");
  Model<Net> same{Seed{3}};
  refuse(same, Adam{}, options, "whole", "expected optimizer 'Adam'", "found a run with 'Sgd'");
  // A mean of gradients would be taken for a momentum, an average for nothing.
  const auto averaged = [] { return Average{ClipByNorm{Adam{}, 1.0f}, 0.9f}; };
  Trainer(model, averaged()).fit(data, {}, options, checkpoint("averaged"));
  refuse(same, sgd, options, "averaged", "Average<ClipByNorm<Adam>>");
  refuse(same, Average{Adam{}, 0.9f}, options, "averaged", "'Average<Adam>'",
         "Average<ClipByNorm<Adam>>");
  refuse(same, sgd, {.epochs = 2, .batch_size = 8}, "middle", "64", "8", "16");
  std::filesystem::resize_file(directory.path() / "whole" / "last.safetensors", 1000);
  refuse(same, sgd, options, "whole");
}

TEST_CASE("resume: numbers out of their bounds and other monitors are refused", "[resume]") {
  const TemporaryDirectory directory;
  const Dataset data = classes(64, 5);
  const auto fit = [&](auto... callbacks) {
    Model<Net> model{Seed{1}};
    Trainer trainer{model, sgd};
    trainer.fit(data, data, {.epochs = 2, .batch_size = 16}, callbacks...,
                Checkpoint{.directory = directory.path(), .every_steps = 1, .resume = true});
  };
  const Metrics both{metrics::F1{}, metrics::Accuracy{}};
  const EarlyStopping stopping{.monitor = "f1"};
  CHECK_THROWS_AS(fit(both, stopping, StopAt{6}), Interrupted);
  const auto last = directory.path() / "last.safetensors";
  const std::vector<Tensor> good = read_safetensors(last);
  const auto refuse = [&](const char* name, std::int64_t value) {
    std::vector<Tensor> bad = good;
    for (Tensor& tensor : bad) {
      if (tensor.name == name) tensor.values = std::vector<std::int64_t>{value};
    }
    write_safetensors(last, bad);
    return error_of([&] { fit(both, stopping); });
  };
  for (const std::int64_t step : {-3, 4, 1000}) {
    CHECK(has(refuse("fit.step", step), "bounds", std::to_string(step).c_str()));
  }
  CHECK(has(refuse("fit.epoch", 2), "bounds", "epoch 2"));
  CHECK(has(refuse("fit.epoch", -1), "bounds", "epoch -1"));
  CHECK(has(refuse("history.best_epoch", 7), "bounds", "7"));
  CHECK(has(refuse("fit.seen", 65), "bounds", "65"));
  for (const double rate : {0.999999, 1.0, -0.5, std::nan(""), 1e300}) {
    CHECK(has(refuse("model.rates", std::bit_cast<std::int64_t>(rate)), "last.safetensors",
              "expected a rate", "of random item 0, found"));
  }
  write_safetensors(last, good);
  const Metrics turned{metrics::Accuracy{}, metrics::F1{}};
  CHECK(has(error_of([&] { fit(turned, stopping); }), "metrics", "f1", "accuracy"));
  CHECK(has(error_of([&] { fit(both, EarlyStopping{}); }), "monitor", "f1"));
  fit(both, stopping);
}

}  // namespace test_resume_refused
