#include <algorithm>
#include <cmath>
#include <limits>

#include "../errors.hpp"
#include "warped.hpp"

// Masks, boxes and key points go with their images; wrong arguments are refused.

namespace test_warped_labels {

using namespace lamina;
using namespace lamina::testing;
using namespace lamina::augment;

TEST_CASE("the mask of a warped image is the warped mask") {
  const Size size{33, 70};
  const auto positions = static_cast<std::size_t>(size.height * size.width);
  // Blocks of 8 x 8: pixels inside a block have taps of one class.
  std::vector<Label> mask(positions);
  OwnedImage image{1, size.height, size.width};
  for (int y = 0; y < size.height; ++y) {
    for (int x = 0; x < size.width; ++x) {
      const int block = (y / 8 * 5 + x / 8 * 3) % 4;
      mask[static_cast<std::size_t>(y * size.width + x)] = block;
      *image.view().at(0, y, x) = static_cast<float>(block) / 4;
    }
  }
  const std::vector<float> right = uniform(positions, 3, -0.4f, 0.4f);
  const std::vector<float> down = uniform(positions, 4, -0.4f, 0.4f);
  for (const Warp& by : some_warps(size, right, down)) {
    const OwnedImage found = warped(image, by, Edge{});
    const std::vector<Label> classes = warped_mask(mask, by, Edge{});
    std::size_t whole = 0;
    std::size_t wrong = 0;
    for (std::size_t i = 0; i < classes.size(); ++i) {
      const float value = found.values[i] * 4;
      // A mixture of two classes is some other number, or by chance a third class.
      if (value != std::floor(value)) continue;
      ++whole;
      wrong += static_cast<Label>(value) != classes[i] ? 1 : 0;
    }
    CHECK(whole > classes.size() / 3);
    CHECK(wrong == 0);
  }
}

TEST_CASE("masks of 8, 16 and 32 bits are the same, with a fill of their own") {
  const Size size{9, 12};
  const std::vector<Label> mask = some_labels(108, 250, 5);
  const std::vector<std::uint8_t> bytes(mask.begin(), mask.end());
  const std::vector<std::uint16_t> words(mask.begin(), mask.end());
  for (const Warp& by : {rotation(size, 20), horizontal_flip(size), crop(size, {-1, -1, 9, 12})}) {
    const std::vector<Label> expected = warped_mask(mask, by, Fill{}, 255);
    const bool filled = std::count(expected.begin(), expected.end(), 255) > 0;
    CHECK(filled == !by.mirrors());  // a flip leaves nothing out
    auto bytes_found = bytes;
    const auto byte_view = Mask<std::uint8_t>::plane(bytes_found, 9, 12);
    warp(byte_view, byte_view, by, Fill{}, std::uint8_t{255});
    CHECK(std::vector<Label>(bytes_found.begin(), bytes_found.end()) == expected);
    auto words_found = words;
    const auto word_view = Mask<std::uint16_t>::plane(words_found, 9, 12);
    warp(word_view, word_view, by, Fill{}, std::uint16_t{255});
    CHECK(std::vector<Label>(words_found.begin(), words_found.end()) == expected);
  }
}

TEST_CASE("a key point stays on its pixel's colour, and in its pixel's box") {
  const Size size{41, 57};
  const auto positions = static_cast<std::size_t>(size.height * size.width);
  const std::vector<float> right(positions, 1.25f);
  const std::vector<float> down(positions, -2.5f);
  for (const Warp& by : some_warps(size, right, down)) {
    for (const auto& [x, y] : {std::pair{20, 15}, std::pair{35, 30}, std::pair{28, 20}}) {
      // A cone whose top is the key point: the warped image is brightest there.
      OwnedImage image{1, size.height, size.width};
      for (int row = 0; row < size.height; ++row) {
        for (int column = 0; column < size.width; ++column) {
          const auto distance =
              std::hypot(static_cast<float>(column - x), static_cast<float>(row - y));
          *image.view().at(0, row, column) = std::max(0.0f, 1 - distance / 12);
        }
      }
      const OwnedImage found = warped(image, by);
      const auto top = std::max_element(found.values.begin(), found.values.end());
      const auto index = static_cast<int>(top - found.values.begin());
      std::vector<KeyPoint> points{{static_cast<float>(x), static_cast<float>(y)}};
      warp(points, by);
      CHECK(points[0].visible);
      // Half a pixel and a bit: the top may lie between pixels.
      CHECK(std::abs(points[0].x - static_cast<float>(index % found.width)) <= 0.75f);
      CHECK(std::abs(points[0].y - static_cast<float>(index / found.width)) <= 0.75f);
      std::vector<Box> boxes{{static_cast<float>(x), static_cast<float>(y),
                              static_cast<float>(x + 1), static_cast<float>(y + 1)}};
      warp(boxes, by);
      REQUIRE(boxes.size() == 1);
      CHECK(boxes[0].left <= points[0].x + 0.5f);
      CHECK(boxes[0].right >= points[0].x + 0.5f);
      CHECK(boxes[0].top <= points[0].y + 0.5f);
      CHECK(boxes[0].bottom >= points[0].y + 0.5f);
    }
  }
}

TEST_CASE("boxes of which too little is left are dropped") {
  const Size size{10, 10};
  const Warp by = crop(size, {0, 5, 10, 5});
  const Box box{2, 2, 6, 4, 7};  // a quarter stays
  std::vector<Box> boxes{box};
  warp(boxes, by, 0.25f);
  REQUIRE(boxes.size() == 1);
  CHECK(boxes[0] == Box{0, 2, 1, 4, 7});
  boxes = {box};
  warp(boxes, by, 0.26f);
  CHECK(boxes.empty());
  boxes = {{0, 0, 5, 10, 1}};  // nothing, to the edge
  warp(boxes, by);
  CHECK(boxes.empty());
}

TEST_CASE("key points that leave the image stay in the list, not visible") {
  std::vector<KeyPoint> points{{1, 1}, {8, 8}, {8, 8, false}};
  warp(points, crop({10, 10}, {5, 5, 5, 5}));
  CHECK(points == std::vector<KeyPoint>{{-4, -4, false}, {3, 3}, {3, 3, false}});
}

TEST_CASE("places that are no numbers are the border") {
  const Size size{4, 5};
  const float infinite = std::numeric_limits<float>::infinity();
  const std::vector<float> down(20, 0.0f);
  const OwnedImage image = noise_image(1, 4, 5);
  for (const float wrong : {infinite, -infinite, std::nanf(""), 1e30f, -3e9f}) {
    const std::vector<float> right(20, wrong);
    const Warp by = Warp::displacement(size, right, down);
    CHECK(warped(image, by, Fill{0.25f}).values == std::vector<float>(20, 0.25f));
    for (const float value : warped(image, by, Reflect{}).values) CHECK(std::isfinite(value));
    for (const float value : warped(image, by, Edge{}).values) CHECK(std::isfinite(value));
    std::vector<KeyPoint> points{{2, 1}, {0, 3}};
    warp(points, by);
    for (const KeyPoint& point : points) CHECK(!point.visible);
    std::vector<Box> boxes{{1, 1, 3, 2}};
    warp(boxes, by);
    CHECK(boxes.empty());
  }
}

TEST_CASE("key points and boxes that are no numbers are seen through no warp") {
  const Size size{4, 5};
  const std::vector<float> none(20, 0.0f);
  const float infinite = std::numeric_limits<float>::infinity();
  for (const Warp& by : some_warps(size, none, none)) {
    for (const float wrong : {infinite, -infinite, std::nanf("")}) {
      std::vector<KeyPoint> points{{wrong, 2}, {2, wrong}};
      warp(points, by);
      for (const KeyPoint& point : points) CHECK(!point.visible);
      std::vector<Box> boxes{
          {wrong, 1, 3, 2}, {1, wrong, 3, 2}, {1, 1, wrong, 2}, {1, 1, 3, wrong}};
      warp(boxes, by);
      CHECK(boxes.empty());
      CHECK(!by.source({static_cast<double>(wrong), 1}));
    }
  }
}

TEST_CASE("named key points change places where the image is mirrored") {
  const KeyPointSwaps swaps{{"nose", "left_eye", "right_eye"}, {{"right_eye", "left_eye"}}};
  const std::vector<KeyPoint> face{{5, 5}, {3, 2}, {7, 1, false}};
  std::vector<KeyPoint> points = face;
  warp(points, horizontal_flip({10, 10}), swaps);
  CHECK(points == std::vector<KeyPoint>{{4, 5}, {2, 1, false}, {6, 2}});
  points = face;
  warp(points, horizontal_flip({10, 10}).then(vertical_flip({10, 10})), swaps);  // half a turn
  CHECK(points == std::vector<KeyPoint>{{4, 4}, {6, 7}, {2, 8, false}});
  CHECK(has(error_of([] { (void)KeyPointSwaps({"a", "b"}, {{"a", "c"}}); }), "'c'"));
  CHECK(has(error_of([] { (void)KeyPointSwaps({"a", "b"}, {{"a", "a"}}); }), "'a' again"));
  points.pop_back();
  CHECK(has(error_of([&] { swaps.apply(points); }), "expected 3 points", "found 2"));
}

TEST_CASE("wrong arguments of warps are refused") {
  const Size size{8, 6};
  const double nan = std::numeric_limits<double>::quiet_NaN();
  CHECK(has(error_of([&] { (void)rotation(size, nan); }), "finite degrees", "nan"));
  CHECK(has(error_of([&] { (void)scaling(size, 0); }), "scale above 0", "found 0"));
  CHECK(has(error_of([&] { (void)shear(size, 90); }), "-90 and 90", "found 90"));
  CHECK(has(error_of([&] { (void)resize(size, {0, 3}); }), "a size to make", "0 x 3"));
  CHECK(has(error_of([] { (void)horizontal_flip({1, (1 << 24) + 1}); }), "2^24", "1 x 16777217"));
  CHECK(has(error_of([&] { (void)resized_crop(size, {2, 2, 7, 2}, {3, 3}); }), "inside of 8 x 6",
            "7 x 2 at row 2, column 2"));
  const std::array<Point, 4> square{{{0, 0}, {5, 0}, {5, 7}, {0, 7}}};
  const std::array<Point, 4> crossed{{{0, 0}, {5, 7}, {5, 0}, {0, 7}}};
  CHECK(has(error_of([&] { (void)perspective(size, square, crossed); }), "convex", "end"));
  const std::vector<float> few(47);
  CHECK(has(error_of([&] { (void)Warp::displacement(size, few, few); }), "8 x 6", "47 numbers"));
  CHECK(
      has(error_of([&] { (void)rotation(size, 3).then(rotation({6, 8}, 3)); }), "8 x 6", "6 x 8"));

  OwnedImage image{3, 8, 6};
  OwnedImage other{1, 8, 6};
  const Warp by = rotation(size, 5);
  CHECK(has(error_of([&] { warp(image.view(), other.view(), by); }), "3 channels", "found 1"));
  CHECK(has(error_of([&] { warp(image.view(), image.view(), rotation({6, 8}, 5)); }), "6 x 8",
            "found 8 x 6"));
  std::vector<Label> three(18);
  const auto mask = Mask<Label>::channels_first(three, 3, 2, 3);
  CHECK(has(error_of([&] { warp(mask, mask, rotation({2, 3}, 5)); }), "1 channel", "found 3"));
  CHECK(has(error_of([&] { (void)Image::channels_first(image.values, 3, 8, 7); }), "3 channels",
            "8 x 7", "144 values"));
  CHECK(has(error_of([&] { (void)image.view().part({0, 0, 9, 6}); }), "inside of 8 x 6", "9 x 6"));
  std::vector<Box> boxes;
  CHECK(has(error_of([&] { warp(boxes, by, 1.5f); }), "[0, 1]", "1.5"));
}

}  // namespace test_warped_labels
