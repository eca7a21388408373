#include <algorithm>
#include <cmath>

#include "errors.hpp"
#include "fitting.hpp"

// How the samples of different networks lie, and what lists of items make of them.

namespace test_augment_layouts {

using namespace lamina;
using namespace lamina::testing;

namespace {

using Mirror = Augment<Flip<Horizontal, Chance<1.0>>>;

std::vector<float> counted(std::size_t count) {
  std::vector<float> made(count);
  for (std::size_t i = 0; i < count; ++i) made[i] = static_cast<float>(i);
  return made;
}

/// What the first step of a fit with some callbacks gets.
template <class Net, class... Callbacks>
void seen_by(const Dataset& data, std::vector<float>& inputs, std::vector<float>& targets,
             const Callbacks&... callbacks) {
  Model<Net> model{Seed{1}};
  Trainer trainer{model, Sgd{.learning_rate = 0}};
  trainer.fit(data, {}, {.epochs = 1, .shuffle = false}, callbacks...,
              BatchTransform{[&](const auto& batch) {
                inputs.assign(batch.inputs.begin(), batch.inputs.end());
                targets.assign(batch.targets.begin(), batch.targets.end());
              }});
}

}  // namespace

TEST_CASE("augment: channels last are moved as a fit moves them, targets too", "[augment]") {
  using Net = Network<Input<3, 2, 2>, ChannelsLast, Flatten, Linear<12>, MeanSquaredError>;
  const Dataset data(Shape{3, 2, 2}, counted(12), counted(12), 12);
  std::vector<float> inputs, targets;
  seen_by<Net>(data, inputs, targets, Mirror{});
  CHECK(inputs == std::vector<float>{3, 4, 5, 0, 1, 2, 9, 10, 11, 6, 7, 8});
  CHECK(targets == inputs);
  CHECK(std::ranges::equal(augmented<Net>(data, Mirror{}).inputs(), inputs));
  CHECK(std::ranges::equal(augmented<Net>(data, Mirror{}).targets(), inputs));
}

TEST_CASE("augment: shares of classes are no image", "[augment]") {
  using Net = Network<Input<1, 4>, Flatten, Linear<4>, CrossEntropy<SoftTargets>>;
  const Dataset data = one_hot(Dataset(Shape{1, 1, 4}, counted(8), std::vector<Label>{1, 3})
                                   .named({.classes = {"a", "b", "c", "cat"}}),
                               4);
  std::vector<float> inputs, targets;
  seen_by<Net>(data, inputs, targets,
               Augment<Only<Classes<"cat">, Flip<Horizontal, Chance<1.0>>>>{});
  CHECK(inputs == std::vector<float>{0, 1, 2, 3, 7, 6, 5, 4});
  CHECK(targets == std::vector<float>{0, 1, 0, 0, 0, 0, 0, 1});
}

TEST_CASE("augment: targets at positions are cut with their images", "[augment]") {
  using Net = Network<Input<1, 4, 4>, Conv2d<2, Kernel<3>, Padding<1>>, MeanSquaredError>;
  const Dataset data(Shape{1, 6, 6}, counted(36), counted(72), 72);
  std::vector<float> inputs, targets;
  seen_by<Net>(data, inputs, targets, Augment<CenterCrop<4>>{});
  CHECK(inputs[0] == 7);
  CHECK((targets.size() == 32 && targets[0] == 7 && targets[16] == 36 + 7));
  CHECK(has(error_of([&] { seen_by<Net>(data, inputs, targets, Augment<CenterCrop<5>>{}); }),
            "16 features, found 25"));
  CHECK(has(
      error_of([&] { seen_by<Net>(data, inputs, targets, Augment<CenterCrop<Extents{2, 8}>>{}); }),
      "(1, 4, 4) behind all changes, found (1, 2, 8)"));
  CHECK(has(error_of([&] { seen_by<Net>(data, inputs, targets); }), "found 36"));
}

TEST_CASE("augment: a network that standardizes other extents than the data's", "[augment]") {
  using Net = Network<Input<1, 4, 4>, Standardize, Flatten, Linear<2>, MeanSquaredError>;
  const Dataset data(Shape{1, 6, 6}, uniform(72, 1), counted(4), 2);
  Model<Net> model{Seed{1}};
  Trainer trainer{model, Sgd{}};
  const auto fit = [&] { trainer.fit(data, {}, {.epochs = 1}, Augment<RandomCrop<4>>{}); };
  CHECK(has(error_of(fit), "fit_standardize(augmented("));
  CHECK(trainer.steps() == 0);
  model.fit_standardize(augmented(data, Augment<CenterCrop<4>>{}));
  fit();
  CHECK(trainer.steps() == 1);
}

TEST_CASE("augment: sure predictions stay finite", "[augment]") {
  using Net = Network<Input<1, 2, 2>, Flatten, Linear<1>, BinaryCrossEntropy<>>;
  Model<Net> model{Seed{1}};
  const float scale = 1e4f;
  Dataset data(Shape{1, 2, 2}, {scale, scale, scale, scale, -scale, -scale, -scale, -scale},
               std::vector<Label>{0, 0});
  std::vector<float> alone(2);
  model.predict(data.inputs(), std::span<float>(alone));
  const auto drawn = predict_augmented(model, data, Augment<>{}, {.draws = 3});
  REQUIRE(std::abs(alone[0]) > 800);
  for (std::size_t i = 0; i < 2; ++i) CHECK(drawn[i] == Approx(alone[i]).epsilon(1e-5));
}

}  // namespace test_augment_layouts
