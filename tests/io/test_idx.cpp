#include <algorithm>
#include <cstddef>
#include <vector>

#include <lamina/io/idx.hpp>

#include "catch.hpp"
#include "io/idx_files.hpp"

namespace test_idx {

namespace {

using namespace lamina::testing;
using lamina::Dataset;
using lamina::Label;
using lamina::Shape;

TEST_CASE("IDX: images and labels") {
  const Pair pair;
  const Dataset data = pair.read();
  CHECK(data.size() == 3);
  CHECK(data.shape() == Shape{1, 2, 2});
  CHECK(data.features() == 4);
  CHECK(data.has_labels());
  CHECK(data.classes() == 8);
  const std::vector<Label> expected{4, 0, 7};
  CHECK(std::ranges::equal(data.labels(), expected));
  for (std::size_t i = 0; i < 12; ++i) {
    CHECK(data.inputs()[i] == static_cast<float>(i * 5) / 255.0F);
  }
}

TEST_CASE("IDX: bytes 0 and 255 are 0 and 1") {
  Pair pair;
  pair.images_file = big_endian({0x803, 1, 1, 2}) + Bytes{0, 255};
  pair.labels_file = labels({0});
  const Dataset data = pair.read();
  CHECK(data.shape() == Shape{1, 1, 2});
  CHECK(data.inputs()[0] == 0.0F);
  CHECK(data.inputs()[1] == 1.0F);
}

TEST_CASE("IDX: gzip or plain, whatever the name says") {
  Pair pair;
  const Dataset plain = pair.read();
  pair.images_file = gzip(pair.images_file);
  CHECK(same(pair.read(), plain));
  pair.labels_file = gzip(pair.labels_file);
  CHECK(same(pair.read(), plain));
}

TEST_CASE("IDX: gzip in several members is one content") {
  Pair pair;
  const Dataset plain = pair.read();
  const Bytes whole = pair.images_file;
  pair.images_file = gzip(first(whole, 7)) + gzip({}) + gzip(Bytes(whole.begin() + 7, whole.end()));
  CHECK(same(pair.read(), plain));
}

TEST_CASE("IDX: files larger than every buffer") {
  Pair pair;
  pair.images_file = images(300, 50, 100);  // 1.5 MB
  pair.labels_file = labels(Bytes(300, 1));
  const Dataset plain = pair.read();
  CHECK(plain.size() == 300);
  CHECK(plain.inputs().back() == static_cast<float>(pair.images_file.back()) / 255.0F);
  pair.images_file = gzip(pair.images_file);
  CHECK(same(pair.read(), plain));
}

TEST_CASE("IDX: the four files of a directory") {
  const TemporaryDirectory directory;
  write_file(directory / "train-images-idx3-ubyte", images(3, 2, 2));
  write_file(directory / "train-labels-idx1-ubyte.gz", gzip(labels({4, 0, 7})));
  write_file(directory / "t10k-images-idx3-ubyte.gz", gzip(images(2, 2, 2)));
  const auto read = [&] { return lamina::read_idx_directory(directory.path()); };
  CHECK(has(error_of(read), directory.path().string(), "t10k-labels-idx1-ubyte.gz"));

  write_file(directory / "t10k-labels-idx1-ubyte", labels({1, 2}));
  const lamina::Split split = read();
  CHECK(split.train.size() == 3);
  CHECK(split.test.size() == 2);
  CHECK(split.test.labels()[1] == 2);

  write_file(directory / "t10k-images-idx3-ubyte.gz", gzip(images(2, 2, 3)));
  CHECK(has(error_of(read), "t10k-images", "expected images of 2 x 2", "found 2 x 3"));
  CHECK(has(error_of([] { (void)lamina::read_idx_directory("/nowhere"); }), "/nowhere",
            "train-images-idx3-ubyte"));
}

}  // namespace

}  // namespace test_idx
