#include <vector>

#include <lamina/lamina.hpp>

#include "errors.hpp"
#include "io/files.hpp"
#include "numbers.hpp"

// Models are values: moved, swapped, assigned to. One that was moved from has no parameters, and
// whatever needs them throws.

namespace test_moved_from {

using namespace lamina;
using namespace lamina::testing;

namespace {

using Net = Network<Input<4>, Standardize, Linear<24>, BatchNorm<>, ReLU, Dropout<0.2>, Linear<3>,
                    MeanSquaredError>;

const std::string says = "Model: expected one with parameters, found one that was moved from";

}  // namespace

TEST_CASE("moved-from model: whatever needs its parameters throws", "[objects]") {
  const TemporaryDirectory directory;
  Model<Net> model{Seed{1}};
  Trainer trainer{model, Sgd{}};
  const auto inputs = uniform(20, 1);
  const auto targets = uniform(15, 2);
  std::vector<float> outputs(15);
  const auto tensors = model.tensors();
  const Model<Net> taken = std::move(model);
  // NOLINTBEGIN: what was moved from is used
  CHECK(error_of([&] { model.predict(inputs, outputs); }) == says);
  CHECK(error_of([&] { static_cast<void>(model.freeze()); }) == says);
  CHECK(error_of([&] { model.fit_standardize(inputs); }) == says);
  CHECK(error_of([&] { static_cast<void>(model.is_standardized()); }) == says);
  CHECK(error_of([&] { static_cast<void>(model.tensors()); }) == says);
  CHECK(error_of([&] { static_cast<void>(model.file_tensors()); }) == says);
  CHECK(error_of([&] { model.assign(tensors); }) == says);
  CHECK(error_of([&] { model.scale_outputs({{1, 1, 1}, {0, 0, 0}}); }) == says);
  CHECK(error_of([&] { static_cast<void>(model.block()); }) == says);
  CHECK(error_of([&] { trainer.step(inputs, targets); }) == says);
  CHECK(error_of([&] { trainer.fit(Dataset{4, inputs, targets, 3}, {}); }) == says);
  CHECK(error_of([&] { save(model, directory.path() / "model.safetensors"); }) == says);
  CHECK(error_of([&] { Model<Net>(model).predict(inputs, outputs); }) == says);
  CHECK(trainer.steps() == 0);
  model = taken;
  // NOLINTEND
  CHECK(same_bits(model.tensors(), tensors));
  CHECK(trainer.step(inputs, targets) > 0);
}

TEST_CASE("moved-from model: models swap, with their rates and seeds", "[objects]") {
  Model<Net> one{Seed{1}};
  Model<Net> two{Seed{2}};
  one.set_rate<4>(0.5);
  const auto first = one.tensors();
  const auto second = two.tensors();
  std::swap(one, two);
  CHECK(same_bits(one.tensors(), second));
  CHECK(same_bits(two.tensors(), first));
  CHECK(two.rate<4>() == 0.5);
  CHECK(one.seed().value == 2);
}

}  // namespace test_moved_from
