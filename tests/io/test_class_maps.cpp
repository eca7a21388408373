#include <algorithm>
#include <cstddef>
#include <string>
#include <vector>

#include "catch.hpp"
#include "io/image_files.hpp"

namespace test_class_maps {

namespace {

using namespace lamina::testing;
using lamina::Dataset;
using lamina::ImageDirectoryOptions;
using lamina::Shape;
using Names = std::vector<std::string>;

TEST_CASE("class maps: beside images") {
  const ImageTree tree;
  tree.put("images/a/1.png", "rgb.png");
  tree.put("images/2.png", "palette_8.png");
  tree.put("maps/a/1_m.png", "map_16.png");
  tree.put("maps/2_m.png", "palette_8.png");
  const auto read = [&](ImageDirectoryOptions options) {
    options.masks = tree.directory / "maps";
    options.mask_ending = "_m.png";
    return lamina::read_image_directory(tree.directory / "images", options);
  };
  const auto classes = [](const std::string& name) {
    const auto& values = golden_values().at(name).values;
    return std::get<std::vector<std::int64_t>>(values);
  };
  const Dataset data = read({});
  CHECK(data.size() == 2);
  CHECK(data.label_shape() == Shape{1, 9, 14});
  CHECK(std::ranges::equal(data.labels(0), classes("palette_8.classes")));
  CHECK(std::ranges::equal(data.labels(1), classes("map_16.classes")));
  const Dataset small = read({.image = {.size = {4, 5}}});
  CHECK(small.label_shape() == Shape{1, 4, 5});
  CHECK(std::ranges::equal(small.labels(1), classes("map_16.nearest")));

  const auto error = [&](ImageDirectoryOptions options = {}) {
    return error_of([&] { (void)read(options); });
  };
  CHECK(has(error({.mask_values = {0, 255}}), "2_m.png", "2 mask_values", "at line 0, column 0"));
  CHECK(has(error({.image = {.size = {2, 2}}, .mask_values = {0, 255}}), "at line 2, column 3"));
  CHECK(has(error({.classes = {"ground"}}), "2_m.png: expected class maps of the 1 classes"));
  CHECK(has(error({.labels = false}), "masks or labels = false"));
  for (const char* name : {"maps/2_m.png", "maps/a/1_m.png"}) tree.put(name, "map_binary.png");
  const Dataset binary = read({.classes = {"ground", "road"}, .mask_values = {0, 255}});
  CHECK(binary.classes() == 2);
  CHECK(binary.class_names() == Names{"ground", "road"});
  for (std::size_t i = 0; i < binary.labels(0).size(); ++i) {
    CHECK(binary.labels(0)[i] * 255 == classes("map_binary.classes")[i]);
  }
  tree.put("maps/2_m.png", "rgb.png");
  CHECK(has(error(), "2_m.png", "a palette or of gray, found RGB"));
  tree.put("maps/2_m.png", "gray.jpg");
  CHECK(has(error(), "2_m.png", "expected a PNG file as a class map"));
  std::filesystem::remove(tree.directory / "maps/2_m.png");
  CHECK(has(error(), "maps/2_m.png", "found nothing there"));
  CHECK(has(tree.error({.mask_values = {0}}), "mask_values with masks"));
}

TEST_CASE("class maps: values of class maps of less than a byte are not scaled") {
  const ImageTree tree;
  tree.put("images/1.png", "rgb.png");
  for (const char* name : {"gray_4", "palette_2"}) {
    tree.put("maps/1.png", std::string(name) + ".png");
    const Dataset data =
        lamina::read_image_directory(tree.directory / "images", {.masks = tree.directory / "maps"});
    const auto& expected = golden_values().at(std::string(name) + ".classes").values;
    CHECK(std::ranges::equal(data.labels(), std::get<std::vector<std::int64_t>>(expected)));
  }
}

TEST_CASE("class maps: a map has the size of its image") {
  const ImageTree tree;
  tree.put("images/1.png", "rgb.png");
  Bytes small = read_file(golden_image("gray_8.png"));
  // One line less, with its checksum.
  std::ranges::copy(Bytes{8, 8, 0, 0, 0, 0, 0xec, 0x7a, 0x91, 0x10}, small.begin() + 23);
  tree.put("maps/1.png", small);
  const std::string error = error_of([&] {
    (void)lamina::read_image_directory(tree.directory / "images",
                                       {.masks = tree.directory / "maps"});
  });
  CHECK(has(error, "maps/1.png", "class map of 9 x 14", "images/1.png", "found one of 8 x 14"));
}

}  // namespace

}  // namespace test_class_maps
