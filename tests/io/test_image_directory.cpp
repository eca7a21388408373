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

TEST_CASE("image directory: folders have the order of their whole paths, as torchvision's") {
  const ImageTree tree;
  for (const char* name : {"a/b/c/1", "a/b/1", "a/b-c/1", "a/b c/1", "a/b0/1", "a/z"}) {
    tree.put(std::string(name) + ".png", "rgb.png");
  }
  Names seen;
  const auto callback = [&](const lamina::ReadProgress& at) {
    seen.push_back(at.file.lexically_relative(tree.directory.path()).parent_path().string());
  };
  (void)tree.read({.progress = callback});
  CHECK(seen == Names{"a", "a/b", "a/b c", "a/b-c", "a/b/c", "a/b0", ""});
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
  std::filesystem::path folder = other.directory / "0";
  for (int i = 1; i < 70; ++i) folder /= std::to_string(i);
  std::filesystem::create_directories(folder);
  CHECK(has(tree.error(), "64 folders within each other"));
}

// Two ways on in each of ten folders: 2^11 - 1 visits a class, of which all but 11 are of folders
// read already; from the second class on, all.
TEST_CASE("image directory: links may lead to folders again, but not in thousands") {
  const ImageTree tree;
  std::filesystem::path folder = tree.directory / ".many";
  for (int i = 0; i < 10; ++i) {
    std::filesystem::create_directories(folder / "0");
    std::filesystem::create_directory_symlink("0", folder / "1");
    folder /= "0";
  }
  const Bytes image = read_file(golden_image("gray_8.png"));
  tree.put(".many/1.png", image);
  const auto add = [&](const char* name) {
    std::filesystem::create_directory_symlink(".many", tree.directory / name);
  };
  add("a");
  add("b");
  CHECK(tree.read().size() == 2);
  add("c");
  CHECK(has(tree.error(), "/c/", "links to at most 4096 folders"));
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
