#include <filesystem>
#include <fstream>

#include "errors.hpp"
#include "fitting.hpp"
#include "io/files.hpp"

// A run that goes on has its best model in best.safetensors, or says that it has not.

namespace test_best_model {

using namespace lamina;
using namespace lamina::testing;

namespace {

struct Run {
  TemporaryDirectory directory;
  Dataset data = classes(64, 5);

  [[nodiscard]] std::filesystem::path best() const { return directory / "best.safetensors"; }
  void go(Model<Net>& model, int epochs, bool keep_best = true) const {
    Trainer trainer{model, sgd};
    trainer.fit(data, data, {.epochs = epochs, .batch_size = 16},
                Checkpoint{.directory = directory.path(), .keep_best = keep_best, .resume = true});
  }
};

TEST_CASE("best model: a run does not go on without it", "[resume]") {
  const Run run;
  Model<Net> first{Seed{1}};
  run.go(first, 2);
  const Bytes whole = read_file(run.best());
  Model<Net> model{Seed{2}};
  const auto before = model.tensors();
  const auto refused = [&] {
    const std::string message = error_of([&] { run.go(model, 3); });
    CHECK(same_bits(model.tensors(), before));
    return has(message, "best.safetensors: ");
  };
  std::filesystem::remove(run.best());
  CHECK(refused());
  for (const std::size_t length : {std::size_t{0}, whole.size() / 2, whole.size() - 1}) {
    write_file(run.best(),
               Bytes(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(length)));
    CHECK(refused());
  }
  save(Model<Normed>{Seed{1}}, run.best());  // of another network
  CHECK(refused());
  write_file(run.best(), whole);
  run.go(model, 3);
  CHECK_FALSE(same_bits(model.tensors(), before));
}

TEST_CASE("best model: a run that keeps none goes on without", "[resume]") {
  const Run run;
  Model<Net> model{Seed{1}};
  run.go(model, 2, false);
  run.go(model, 3, false);
  run.go(model, 4, true);  // none was found so far
  CHECK(std::filesystem::exists(run.best()));
  std::filesystem::remove(run.best());
  run.go(model, 5, false);  // and it is not wanted
}

}  // namespace

}  // namespace test_best_model
