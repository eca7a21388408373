#include <lamina/augment/geometry.hpp>

#include "images.hpp"

// Geometry against torchvision, OpenCV and albumentations: tests/golden/make_augmentation.py.

namespace test_golden_warps {

using namespace lamina;
using namespace lamina::testing;
using namespace lamina::augment;

namespace {

constexpr Size size{16, 13};

const Golden& golden() {
  static const Golden read("augmentation");
  return read;
}

OwnedImage golden_image() {
  return {3, size.height, size.width, false, golden().floats("image")};
}

/// The warp's image and, where there is one, its mask. Places are off by 4e-6 pixel in float, and
/// neighbours of noise differ by up to 1, in x and in y.
void check(const std::string& name, const Warp& by, const Border& border = Fill{}) {
  INFO(name);
  Worst worst;
  const OwnedImage image = golden_image();
  OwnedImage made{3, by.to().height, by.to().width};
  warp(image.view(), made.view(), by, border);
  compare(worst, made, golden().floats(name), 1e-5, name);
  LAMINA_CHECK_WORST(worst);
}

void check_mask(const std::string& name, const Warp& by) {
  INFO(name);
  const std::vector<Label> mask = golden().labels("mask");
  std::vector<Label> made(static_cast<std::size_t>(by.to().height * by.to().width));
  warp(Mask<const Label>::plane(mask, size.height, size.width),
       Mask<Label>::plane(made, by.to().height, by.to().width), by);
  CHECK(made == golden().labels(name + ".mask"));
}

void check_both(const std::string& name, const Warp& by) {
  check(name, by);
  check_mask(name, by);
}

std::vector<Box> golden_boxes() {
  const auto& edges = golden().floats("boxes");
  std::vector<Box> made;
  for (std::size_t i = 0; i + 3 < edges.size(); i += 4) {
    made.push_back({edges[i], edges[i + 1], edges[i + 2], edges[i + 3], static_cast<Label>(i / 4)});
  }
  return made;
}

void check_boxes(const std::string& name, const Warp& by) {
  INFO(name);
  std::vector<Box> boxes = golden_boxes();
  warp(boxes, by, 0.4f);
  std::vector<Label> labels;
  Worst worst;
  const auto& expected = golden().floats(name + ".boxes");
  for (std::size_t i = 0; i < boxes.size(); ++i) {
    labels.push_back(boxes[i].label);
    const float edges[] = {boxes[i].left, boxes[i].top, boxes[i].right, boxes[i].bottom};
    for (std::size_t edge = 0; edge < 4; ++edge) {
      worst.compare(static_cast<double>(edges[edge]),
                    static_cast<double>(expected.at(4 * i + edge)), 1e-5, name);
    }
  }
  CHECK(labels == golden().labels(name + ".box_labels"));
  LAMINA_CHECK_WORST(worst);
}

void check_points(const std::string& name, const Warp& by) {
  INFO(name);
  const auto& places = golden().floats("points");
  const auto& expected = golden().floats(name + ".points");
  std::vector<KeyPoint> points;
  for (std::size_t i = 0; i < places.size(); i += 2) points.push_back({places[i], places[i + 1]});
  warp(points, by);
  Worst worst;
  for (std::size_t i = 0; i < points.size(); ++i) {
    worst.compare(static_cast<double>(points[i].x), static_cast<double>(expected.at(2 * i)), 1e-5,
                  name);
    worst.compare(static_cast<double>(points[i].y), static_cast<double>(expected.at(2 * i + 1)),
                  1e-5, name);
  }
  LAMINA_CHECK_WORST(worst);
}

const Affine change{
    .degrees = -20, .right = 1.5, .down = -2.25, .scale = 1.25, .x_shear = 12, .y_shear = -7};

}  // namespace

TEST_CASE("rotations are torchvision's, and their masks") {
  for (const int angle : {10, 33, -120}) {
    check_both("rotation_" + std::to_string(angle), rotation(size, angle));
  }
  check("rotation_90", rotation(size, 90));  // nearest would be a tie everywhere
}

TEST_CASE("affine warps are torchvision's, with the angle anticlockwise") {
  check_both("affine", affine(size, change));
}

TEST_CASE("borders are OpenCV's") {
  check("affine_fill", affine(size, change), Fill{0.7f});
  check("affine_reflect", affine(size, change), Reflect{});
  check("affine_edge", affine(size, change), Edge{});
  Affine far = change;
  far.scale = 0.2;
  check("far_reflect", affine(size, far), Reflect{});
}

TEST_CASE("a perspective is torchvision's") {
  check_both("perspective", perspective(size, {{{0, 0}, {12, 0}, {12, 15}, {0, 15}}},
                                        {{{1.5, 2}, {11, 0.5}, {12.5, 13}, {-1, 14.5}}}));
}

TEST_CASE("displacements are torchvision's") {
  const std::span<const float> field = golden().floats("field");
  const std::size_t half = field.size() / 2;
  check_both("elastic", Warp::displacement(size, field.first(half), field.subspan(half)));
}

TEST_CASE("flips and crops are torchvision's and albumentations'") {
  check("horizontal_flip", horizontal_flip(size));
  check("vertical_flip", vertical_flip(size));
  check("crop", crop(size, {3, 2, 7, 9}));
  const Warp padded = crop(size, {-3, 2, 16, 13});
  check("crop_constant", padded, Fill{});
  check("crop_reflect", padded, Reflect{});
  check("crop_edge", padded, Edge{});
  check("center_crop", center_crop(size, {9, 6}));
}

TEST_CASE("other sizes are torchvision's, and their masks nearest-exact") {
  check_both("resize_9", resize(size, {9, 8}));
  check_both("resize_23", resize(size, {23, 31}));
  check("resized_crop", resized_crop(size, {3, 2, 7, 9}, {11, 12}));
}

TEST_CASE("boxes are moved, clipped and dropped as albumentations does") {
  check_boxes("horizontal_flip", horizontal_flip(size));
  check_boxes("vertical_flip", vertical_flip(size));
  check_boxes("crop", crop(size, {3, 2, 7, 9}));
  check_boxes("rotation_10", rotation(size, 10));
  check_boxes("rotation_90", rotation(size, 90));
  check_boxes("resize_9", resize(size, {9, 8}));
}

TEST_CASE("key points are moved as albumentations does") {
  check_points("horizontal_flip", horizontal_flip(size));
  check_points("vertical_flip", vertical_flip(size));
  check_points("crop", crop(size, {3, 2, 7, 9}));
  check_points("rotation_10", rotation(size, 10));
  check_points("rotation_90", rotation(size, 90));
}

TEST_CASE("smooth resizes are torchvision's") {
  const OwnedImage image = golden_image();
  for (const Size to : {Size{5, 7}, Size{23, 6}}) {
    for (const bool last : {false, true}) {
      OwnedImage made{3, to.height, to.width, last};
      smooth_resize((last ? with_channels_last(image) : image).view(), made.view());
      Worst worst;
      const std::string name = "smooth_" + std::to_string(to.height);
      compare(worst, made, golden().floats(name), 1e-6, name);
      LAMINA_CHECK_WORST(worst);
    }
  }
}

}  // namespace test_golden_warps
