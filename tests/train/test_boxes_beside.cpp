#include <cmath>
#include <tbb/global_control.h>
#include <tbb/task_arena.h>

#include "asked.hpp"
#include "errors.hpp"

// Boxes and key points beside the samples of a data set.

namespace test_boxes_beside {

using namespace lamina;
using namespace lamina::testing;
using augment::Box;
using augment::KeyPoint;

namespace {

constexpr int side = 8;
constexpr std::size_t pixels = side * side;
using Heat = Network<Input<1, side, side>, Flatten, Linear<pixels>, MeanSquaredError>;

/// Images with one bright pixel, a key point there, and boxes: as many as the row modulo 3.
Dataset spots(std::size_t count, std::size_t outputs) {
  std::vector<float> inputs(count * pixels);
  std::vector<std::vector<KeyPoint>> points(count);
  std::vector<std::vector<Box>> boxes(count);
  for (std::size_t i = 0; i < count; ++i) {
    const std::size_t y = i * 5 % side;
    const std::size_t x = i * 3 % side;
    inputs[i * pixels + y * side + x] = 1;
    points[i] = {{.x = static_cast<float>(x), .y = static_cast<float>(y)}};
    boxes[i].assign(i % 3, Box{.left = static_cast<float>(i), .right = static_cast<float>(i + 1)});
  }
  return Dataset(Shape{1, side, side}, std::move(inputs), std::vector<float>(count * outputs),
                 outputs)
      .with_boxes(std::move(boxes))
      .with_points(std::move(points));
}

/// Keeps inputs and targets of every step.
struct Seen {
  std::vector<float> inputs{};
  std::vector<float> targets{};

  void after_step(const auto& state) {
    inputs.insert(inputs.end(), state.batch.inputs.begin(), state.batch.inputs.end());
    targets.insert(targets.end(), state.batch.targets.begin(), state.batch.targets.end());
  }
};

/// The heat map of a key point is the image of its pixel.
const Transform draw_points{[](const auto& sample, Draws&) {
  std::ranges::fill(sample.target, 0.0f);
  for (const KeyPoint& point : *sample.points) {
    const auto at = static_cast<std::size_t>(std::lround(point.y)) * side +
                    static_cast<std::size_t>(std::lround(point.x));
    if (point.visible) sample.target[at] = 1;
  }
}};

}  // namespace

TEST_CASE("boxes: parts, copies and targets keep the lists of their samples", "[fit]") {
  const Dataset data = spots(20, 2);
  const auto same = [&](const Dataset& part, std::vector<std::uint32_t> rows) {
    REQUIRE(part.size() == rows.size());
    for (std::size_t i = 0; i < rows.size(); ++i) {
      CHECK(std::ranges::equal(part.boxes(i), data.boxes(rows[i])));
      CHECK(std::ranges::equal(part.points(i), data.points(rows[i])));
    }
  };
  same(data.slice(7, 3), {7, 8, 9});
  const std::vector<std::uint32_t> rows{4, 19, 4};
  same(data.select(rows), rows);
  same(data.slice(0, 2).with_targets({1, 2}, 1), {0, 1});
  CHECK(data.boxes().size() == 20);
  CHECK(data.boxes(5).size() == 2);
  const Dataset none = curve(3, 1);
  CHECK(none.boxes().empty());
  CHECK(none.points(2).empty());
  CHECK(has(error_of([&] { (void)data.boxes(20); }), "20"));
  CHECK(has(error_of([&] { (void)none.with_boxes({{}, {}}); }), "with_boxes", "3", "2"));
  CHECK(has(error_of([&] { (void)none.with_points({{}}); }), "with_points", "3", "1"));
}

TEST_CASE("boxes: points move with the image and become targets in a later transform", "[fit]") {
  const Dataset data = spots(45, pixels);
  const auto seen = [&](int threads, auto... callbacks) {
    const tbb::global_control limit(tbb::global_control::max_allowed_parallelism, 4);
    tbb::task_arena arena(threads);
    return arena.execute([&] {
      Model<Heat> model{Seed{4}};
      Trainer trainer{model, sgd};
      Seen kept;
      trainer.fit(data, {}, {.epochs = 2, .batch_size = 16}, callbacks..., kept);
      return kept;
    });
  };
  // The image is its own heat map, before and behind moves that put pixels on pixels.
  const Transform mirror{[](const auto& sample, Draws& draws) {
    if (draws.uniform() < 0.5) return;
    const augment::Size size{side, side};
    const auto image = augment::Image::channels_first(sample.input, 1, side, side);
    augment::warp(image, image, augment::horizontal_flip(size));
    augment::warp(*sample.points, augment::horizontal_flip(size));
  }};
  const Seen still = seen(1, draw_points);
  CHECK(still.inputs == still.targets);
  const Seen moved = seen(1, mirror, draw_points);
  CHECK(moved.inputs == moved.targets);
  CHECK(moved.inputs != still.inputs);
  CHECK(seen(4, mirror, draw_points).inputs == moved.inputs);
  CHECK(seen(4, mirror, draw_points).targets == moved.targets);
  // The data set's own lists stay as they are.
  CHECK(std::ranges::equal(data.points(), spots(45, pixels).points()));
}

TEST_CASE("boxes: a transform may make a list longer or shorter", "[fit]") {
  const Dataset data = spots(45, 1);
  using Count = Network<Input<1, side, side>, Flatten, Linear<1>, MeanSquaredError>;
  Model<Count> model{Seed{4}};
  Trainer trainer{model, sgd};
  Seen kept;
  const Transform add{[](const auto& sample, Draws&) { sample.boxes->push_back({}); }};
  const BatchTransform count{[](const auto& batch) {
    for (std::size_t row = 0; row < batch.rows; ++row) {
      batch.target(row)[0] = static_cast<float>(batch.boxes[row].size());
    }
  }};
  trainer.fit(data, {}, {.epochs = 3, .batch_size = 15, .shuffle = false}, add, count, kept);
  REQUIRE(kept.targets.size() == 135);
  for (std::size_t i = 0; i < 135; ++i) {
    CHECK(kept.targets[i] == static_cast<float>(i % 45 % 3 + 1));
  }
}

TEST_CASE("boxes: an Augment list moves them, and augmented keeps them", "[fit]") {
  const Dataset data = spots(12, 1);
  const Dataset made = augmented(data, Augment<Flip<Horizontal, Chance<1.0>>>{}, {.copies = 2});
  REQUIRE(made.points().size() == 24);
  for (std::size_t row = 0; row < 24; ++row) {
    const KeyPoint& point = made.points(row)[0];
    const auto at = static_cast<std::size_t>(point.y) * side + static_cast<std::size_t>(point.x);
    CHECK(made.inputs(row)[at] == 1);
    CHECK(point.x == static_cast<float>(side - 1) - data.points(row % 12)[0].x);
  }
}

}  // namespace test_boxes_beside
