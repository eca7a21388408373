#include <algorithm>
#include <cstddef>
#include <random>
#include <stdexcept>
#include <string>
#include <vector>

#include "catch.hpp"
#include "io/image_files.hpp"

namespace test_image_directory {

namespace {

using namespace lamina::testing;
using lamina::Dataset;
using lamina::ImageDirectoryOptions;
using lamina::Label;
using lamina::Shape;
using Names = std::vector<std::string>;
using Labels = std::vector<Label>;

Labels labels_of(const Dataset& data) {
  return {data.labels().begin(), data.labels().end()};
}

bool same(const Dataset& data, std::size_t row, const std::string& golden) {
  return std::ranges::equal(data.inputs(row), floats(golden_values().at(golden)));
}

TEST_CASE("image directory: folders are classes in the order of names, files in theirs") {
  const ImageTree tree;
  tree.put("wolf/b/1.png", "rgb.png");
  tree.put("wolf/c.PNG", "interlaced.png");
  tree.put("ant/2.png", "rgb_opacity.png");
  tree.put("ant/10.png", "palette_8.png");
  tree.put("ant/notes.txt", Bytes{'x'});
  tree.put("ant/.hidden.png", "gray_8.png");
  tree.put(".cache/1.png", "gray_8.png");
  tree.put("readme.md", Bytes{'x'});
  const Dataset data = tree.read();
  CHECK(data.shape() == Shape{3, 9, 14});
  CHECK(data.class_names() == Names{"ant", "wolf"});
  CHECK(labels_of(data) == Labels{0, 0, 1, 1});
  CHECK(same(data, 0, "palette_8"));
  CHECK(same(data, 1, "rgb_opacity"));
  CHECK(same(data, 2, "interlaced"));
  CHECK(same(data, 3, "rgb"));
}

TEST_CASE("image directory: labels of another directory, or none") {
  const ImageTree tree;
  tree.put("wolf/1.png", "rgb.png");
  CHECK(labels_of(tree.read({.classes = {"ant", "wolf"}})) == Labels{1});
  CHECK(has(tree.error({.classes = {"ant", "bee"}}), "wolf: ", "2 classes given",
            "\"ant\", \"bee\""));
  CHECK(has(tree.error({.classes = {"wolf", "wolf"}}), "each class once", "\"wolf\" twice"));
  tree.put("2.png", "interlaced.png");
  const Dataset data = tree.read({.labels = false});
  CHECK_FALSE(data.has_labels());
  CHECK(same(data, 0, "interlaced"));
  CHECK(same(data, 1, "rgb"));
  CHECK(has(tree.error({.classes = {"wolf"}, .labels = false}), "classes with labels"));
}

TEST_CASE("image directory: images of one size and kind, unless they are made so") {
  const ImageTree tree;
  tree.put("a/1.png", "rgb.png");
  tree.put("b/2.png", "gray_8.png");
  CHECK(has(tree.error(), "2.png: expected an image of RGB", "1.png", ".channels", "one of gray"));
  const Dataset gray = tree.read({.image = {.channels = 1}});
  CHECK(same(gray, 0, "rgb.gray"));
  CHECK(same(gray, 1, "gray_8"));
  tree.put("b/2.png", lamina::testing::read_file(golden_image("../make_images.py")));
  CHECK(has(tree.error(), "2.png: expected a PNG or JPEG file", "found"));
}

TEST_CASE("image directory: class maps beside images") {
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

TEST_CASE("image directory: values of class maps of less than a byte are not scaled") {
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

TEST_CASE("image directory: a map has the size of its image") {
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

TEST_CASE("image directory: folders that hold nothing to read say so") {
  const ImageTree tree;
  CHECK(has(tree.error(), "one folder a class", "found no folder", ".labels = false"));
  CHECK(has(tree.error({.labels = false}), "images (.png, .jpg, .jpeg), found none"));
  tree.put("a/1.png", "rgb.png");
  std::filesystem::create_directory(tree.directory / "b");
  CHECK(has(tree.error(), "/b: expected images (.png, .jpg, .jpeg), found none"));
  tree.put("b/1.gif", Bytes{'G'});
  CHECK(has(tree.error(), "1.gif", "a format that is not read"));
  const auto error = [](const std::filesystem::path& path) {
    return error_of([&] { (void)lamina::read_image_directory(path); });
  };
  CHECK(has(error(tree.directory / "none"), "none: expected a directory", "found nothing there"));
  CHECK(has(error(tree.directory / "a/1.png"), "expected a directory, found something else"));
}

TEST_CASE("image directory: links are followed, round ones refused") {
  const ImageTree tree;
  const ImageTree other;
  other.put("1.png", "rgb.png");
  std::filesystem::create_directory_symlink(other.directory.path(), tree.directory / "a");
  CHECK(same(tree.read(), 0, "rgb"));
  std::filesystem::create_directory_symlink(tree.directory / "a", other.directory / "round");
  CHECK(has(tree.error(), "a/round", "a link that leads back to",
            other.directory.path().filename().string()));
  std::filesystem::remove(other.directory / "round");
  std::filesystem::create_symlink("2.png", other.directory / "2.png");
  CHECK(has(tree.error(), "2.png", "cannot be read"));
  std::filesystem::remove(other.directory / "2.png");
  // Two ways on in each folder: 2^30 in all.
  std::filesystem::path folder = other.directory / "0";
  std::filesystem::create_directory(folder);
  for (int i = 1; i < 70; ++i) folder /= std::to_string(i);
  std::filesystem::create_directories(folder);
  CHECK(has(tree.error(), "64 folders within each other"));
}

TEST_CASE("image directory: no more bytes than allowed") {
  const ImageTree tree;
  tree.put("a/1.png", "rgb.png");
  tree.put("a/2.png", "rgb.png");
  constexpr std::uint64_t bytes = 2 * 3 * 9 * 14 * 4;
  CHECK(tree.read({.max_bytes = bytes}).size() == 2);
  CHECK(has(tree.error({.max_bytes = bytes - 1}), "at most 3023 bytes", "2 images", "1512"));
}

TEST_CASE("image directory: says how far it is, and stops for what the callback throws") {
  const ImageTree tree;
  tree.put("a/1.png", "rgb.png");
  tree.put("b/2.png", "rgb.png");
  Names seen;
  const auto callback = [&](const lamina::ReadProgress& at) {
    seen.push_back(std::to_string(at.done) + "/" + std::to_string(at.total) + " " +
                   at.file.filename().string());
  };
  (void)tree.read({.progress = callback});
  CHECK(seen == Names{"0/2 1.png", "1/2 2.png", "2/2 "});
  const auto stop = [](const lamina::ReadProgress&) { throw std::runtime_error("stop"); };
  CHECK_THROWS_AS(tree.read({.progress = stop}), std::runtime_error);
}

TEST_CASE("image directory: changed bytes are refused, or read as an image of the same extents") {
  std::mt19937 random{1};
  for (const char* name : {"rgb.png", "palette_2.png", "rgb_420.jpg", "progressive.jpg"}) {
    const Bytes whole = read_file(golden_image(name));
    const ImageTree tree;
    for (int round = 0; round < 300; ++round) {
      Bytes changed = whole;
      changed[random() % whole.size()] ^= static_cast<std::uint8_t>(1U << (random() % 8));
      tree.put("a/1.png", changed);
      try {
        const Dataset data = tree.read({.image = {.size = {3, 4}, .channels = 3}});
        CHECK(data.inputs().size() == 36);
        CHECK(std::ranges::all_of(data.inputs(), [](float v) { return v >= 0 && v <= 1; }));
      } catch (const lamina::Error& error) {
        CHECK(has(error.what(), "1.png: expected"));
      }
    }
  }
}

}  // namespace

}  // namespace test_image_directory
