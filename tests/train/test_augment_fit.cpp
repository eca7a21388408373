#include <algorithm>
#include <cmath>

#include "errors.hpp"
#include "fitting.hpp"
#include "threads.hpp"

// Lists of items, CutMix and test-time augmentation as a fit and a model use them.

namespace test_augment_fit {

using namespace lamina;
using namespace lamina::testing;

namespace {

using Images =
    Network<Input<1, 6, 6>, Conv2d<4, Kernel<3>>, ReLU, Flatten, Linear<3>, CrossEntropy<>>;

Dataset images(std::size_t size, int side) {
  std::vector<Label> labels(size);
  for (std::size_t i = 0; i < size; ++i) labels[i] = static_cast<Label>(i % 3);
  return {Shape{1, side, side}, uniform(size * static_cast<std::size_t>(side * side), 1, 0, 1),
          std::move(labels)};
}

/// Keeps the inputs of every step.
struct Seen {
  std::vector<std::vector<float>> inputs;

  void after_step(const auto& state) {
    inputs.emplace_back(state.batch.inputs.begin(), state.batch.inputs.end());
  }
};

using Crops = Augment<RandomCrop<6, Padding<1>>, Flip<Horizontal>>;

std::vector<Tensor> trained(int threads, const std::vector<int>& epochs) {
  return on_threads(threads, [&] {
    Model<Images> model{Seed{3}};
    Trainer trainer{model, Adam{}};
    for (const int count : epochs) {
      trainer.fit(images(50, 8), images(9, 6), {.epochs = count, .batch_size = 16}, Crops{},
                  Augment<Noise<0.1>>{});
    }
    return model.tensors();
  });
}

bool same(const std::vector<Tensor>& a, const std::vector<Tensor>& b) {
  return std::ranges::equal(a, b, [](const Tensor& x, const Tensor& y) {
    return x.name == y.name && x.values == y.values;
  });
}

/// Images whose values are all their row's number, and targets alike.
TrainingBatch<float> numbered(std::vector<float>& inputs, std::vector<float>& targets,
                              std::size_t rows) {
  inputs.resize(rows * 36);
  targets.assign(rows * rows, 0);
  for (std::size_t row = 0; row < rows; ++row) {
    std::fill_n(inputs.begin() + static_cast<std::ptrdiff_t>(row) * 36, 36,
                static_cast<float>(row));
    targets[row * rows + row] = 1;
  }
  SampleLayout layout{.shape = {1, 6, 6}, .target_shape = Shape{static_cast<int>(rows)}};
  layout.target_is_label = false;
  return {inputs, targets, rows, layout, 5, 2};
}

}  // namespace

TEST_CASE("augment: a fit trains on what the list makes of larger images", "[fit]") {
  const Dataset data = images(20, 8);
  Model<Images> model{Seed{3}};
  Trainer trainer{model, Adam{}};
  Seen seen;
  trainer.fit(data, {}, {.epochs = 1, .batch_size = 16, .shuffle = false}, Augment<CenterCrop<6>>{},
              Transform{[](const auto& sample, Draws&) {
                CHECK(sample.input.size() == 36);
                CHECK(sample.shape == Shape{1, 6, 6});
                for (float& x : sample.input) x += 1;
              }},
              seen);
  REQUIRE(seen.inputs.size() == 2);
  for (std::size_t row = 0; row < 20; ++row) {
    for (std::size_t i = 0; i < 36; ++i) {
      const float pixel = data.inputs(row)[(i / 6 + 1) * 8 + i % 6 + 1];
      CHECK(seen.inputs[row / 16][row % 16 * 36 + i] == pixel + 1);
    }
  }
}

TEST_CASE("augment: the same for any threads, and for a fit in parts", "[fit]") {
  const auto expected = trained(1, {3});
  CHECK(same(expected, trained(4, {3})));
  CHECK(same(expected, trained(2, {1, 2})));
}

TEST_CASE("augment: data that do not fit behind the list do not begin to train", "[fit]") {
  Model<Images> model{Seed{3}};
  Trainer trainer{model, Adam{}};
  const Dataset large = images(20, 8);
  const auto fit = [&](auto list) { trainer.fit(large, {}, {.epochs = 1}, list); };
  CHECK(has(error_of([&] { fit(Augment<Flip<Horizontal>>{}); }), "samples of 36 features",
            "found 64"));
  CHECK(has(error_of([&] { fit(Augment<CenterCrop<5>>{}); }), "found 25"));
  CHECK(has(error_of([&] { fit(Augment<RandomCrop<9>>{}); }), "RandomCrop<9>"));
  CHECK(has(error_of([&] { trainer.fit(images(9, 6), {}, {.epochs = 1}, CutMix{}); }), "one_hot"));
  CHECK(has(error_of([] { CutMix{.alpha = 0}.before_fit(0); }), "alpha above 0"));
  CHECK(trainer.steps() == 0);
}

TEST_CASE("augment: CutMix mixes targets by the area of what it pastes", "[fit]") {
  constexpr std::size_t rows = 64;
  std::vector<float> inputs, targets;
  CutMix{}.transform(numbered(inputs, targets, rows));
  int mixed = 0;
  double share = 0;
  for (std::size_t row = 0; row < rows; ++row) {
    const auto pixels = std::span(inputs).subspan(row * 36, 36);
    for (std::size_t other = 0; other < rows; ++other) {
      const auto count = std::ranges::count(pixels, static_cast<float>(other));
      CHECK(targets[row * rows + other] == Approx(static_cast<double>(count) / 36).margin(1e-6));
    }
    const auto own = std::ranges::count(pixels, static_cast<float>(row));
    mixed += own < 36 ? 1 : 0;
    share += static_cast<double>(own) / 36;
  }
  CHECK(mixed > 40);
  // Half of the area without what edges cut off, which leaves about a quarter to paste.
  CHECK(share / rows > 0.5);
  CHECK(share / rows < 0.95);
}

TEST_CASE("augment: CutMix pastes class maps with their images", "[fit]") {
  constexpr std::size_t rows = 16;
  std::vector<float> inputs, targets;
  const TrainingBatch<float> images = numbered(inputs, targets, rows);
  std::vector<Label> maps(inputs.begin(), inputs.end());
  const SampleLayout layout{.shape = {1, 6, 6}, .target_shape = {1, 6, 6}};
  CutMix{}.transform(TrainingBatch<Label>{images.inputs, maps, rows, layout, 5, 2});
  CHECK(
      std::ranges::equal(maps, inputs, {}, [](Label label) { return static_cast<float>(label); }));
  std::size_t mixed = 0;
  for (std::size_t i = 0; i < inputs.size(); ++i) {
    mixed += inputs[i] != static_cast<float>(i / 36) ? 1 : 0;
  }
  CHECK(mixed > inputs.size() / 10);
}

TEST_CASE("augment: predictions of draws are the mean of their probabilities", "[fit]") {
  const Model<Images> model{Seed{3}};
  const Dataset data = images(7, 8);
  const auto probabilities = [&](std::span<const float> logits) {
    std::vector<double> found;
    double total = 0;
    for (const float x : logits) total += std::exp(static_cast<double>(x));
    for (const float x : logits) found.push_back(std::exp(static_cast<double>(x)) / total);
    return found;
  };
  constexpr int draws = 5;
  const auto found = predict_augmented(model, data, Crops{}, {.seed = Seed{9}, .draws = draws});
  const Dataset copies = augmented(data, Crops{}, {.seed = Seed{9}, .copies = draws});
  std::vector<float> logits(copies.size() * 3);
  model.predict(copies.inputs(), std::span<float>(logits));
  for (std::size_t row = 0; row < data.size(); ++row) {
    std::vector<double> mean(3);
    for (std::size_t draw = 0; draw < draws; ++draw) {
      const std::size_t at = (draw * data.size() + row) * 3;
      const auto one = probabilities(std::span(logits).subspan(at, 3));
      for (std::size_t i = 0; i < 3; ++i) mean[i] += one[i] / draws;
    }
    const auto of_found = probabilities(std::span(found).subspan(row * 3, 3));
    for (std::size_t i = 0; i < 3; ++i) CHECK(of_found[i] == Approx(mean[i]).epsilon(1e-5));
  }
  CHECK(has(error_of([&] { (void)predict_augmented(model, data, Crops{}, {.draws = 0}); }),
            "1 draw"));
}

}  // namespace test_augment_fit
