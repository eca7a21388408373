#include <filesystem>
#include <tbb/task_arena.h>

#include "asked.hpp"
#include "errors.hpp"
#include "io/image_files.hpp"

// Images that are decoded when they are asked for.

namespace test_asked_images {

using namespace lamina;
using namespace lamina::testing;

TEST_CASE("asked images: images decoded when asked train to the same bits", "[fit]") {
  using Pictures = Network<Input<3, 4, 4>, Flatten, Linear<7>, ReLU, Linear<2>, CrossEntropy<>>;
  const ImageTree tree;
  int count = 0;
  for (const auto& entry : std::filesystem::directory_iterator(golden_image(""))) {
    const std::string name = entry.path().filename().string();
    const std::string end = entry.path().extension().string();
    if (end != ".png" && end != ".jpg") continue;
    if (name == "cmyk.jpg") continue;  // refused
    tree.put((count++ % 2 == 0 ? "a/" : "b/") + name, name);
  }
  REQUIRE(count > 17);  // more than a batch
  const ImageDirectoryOptions options{.image = {.size = {4, 4}, .channels = 3}};
  const Dataset opened = open_image_directory(tree.directory.path(), options);
  CHECK(opened.class_names() == std::vector<std::string>{"a", "b"});
  const Dataset read = tree.read(options);
  CHECK(inputs_of_rows(opened) == std::vector(read.inputs().begin(), read.inputs().end()));
  const auto train = [](const Dataset& data, int threads) {
    tbb::task_arena arena(threads);
    return arena.execute([&] {
      Model<Pictures> model{Seed{4}};
      Trainer trainer{model, sgd};
      trainer.fit(data, data, {.epochs = 2, .batch_size = 8}, add_noise);
      return numbers_of(model);
    });
  };
  CHECK(train(opened, 1) == train(read, 1));
  CHECK(train(opened, 2) == train(read, 1));
}

TEST_CASE("asked images: an image that is gone or damaged is named", "[fit]") {
  const ImageTree tree;
  const std::string name = "rgb.png";
  tree.put("a/1.png", name);
  tree.put("a/2.png", name);
  const auto third = tree.put("b/3.png", name);
  const Dataset data = open_image_directory(tree.directory.path());
  std::vector<float> row(data.features());
  data.read_inputs(2, row);
  Bytes bytes = read_file(third);
  bytes.resize(bytes.size() / 2);
  write_file(third, bytes);
  CHECK(has(error_of([&] { data.read_inputs(2, row); }), "3.png"));
  std::filesystem::remove(third);
  CHECK(has(error_of([&] { data.read_inputs(2, row); }), "3.png"));
  CHECK(has(error_of([&] {
              (void)open_image_directory(tree.directory.path(), {.labels = false, .masks = "a"});
            }),
            "masks"));
}

}  // namespace test_asked_images
