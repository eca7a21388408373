#include <cstddef>
#include <cstdint>
#include <random>
#include <string>
#include <utility>

#include "catch.hpp"
#include "io/idx_files.hpp"

namespace test_idx_errors {

namespace {

using namespace lamina::testing;
using lamina::Dataset;

TEST_CASE("IDX errors: truncated at every byte") {
  const bool packed = GENERATE(false, true);
  const bool cut_images = GENERATE(false, true);
  Pair pair;
  Bytes& file = cut_images ? pair.images_file : pair.labels_file;
  const Bytes whole = packed ? gzip(file) : file;
  for (std::size_t length = 0; length < whole.size(); ++length) {
    file = first(whole, length);
    INFO("length " << length << " of " << whole.size());
    CHECK(has(pair.error(), cut_images ? "images: " : "labels: "));
  }
  file = whole;
  CHECK(pair.try_read().has_value());
}

TEST_CASE("IDX errors: messages name file, expected and found") {
  Pair pair;
  pair.images_file.pop_back();
  CHECK(has(pair.error(), (pair.directory / "images").string(), "expected 12 bytes", "3 x 2 x 2",
            "found 11"));
  pair.images_file = {0, 0};
  CHECK(has(pair.error(), "magic number", "found 2"));
  pair.images_file = first(images(3, 2, 2), 10);
  CHECK(has(pair.error(), "extent 1", "found 2"));
}

TEST_CASE("IDX errors: one byte too many") {
  Pair pair;
  pair.images_file.push_back(0);
  CHECK(has(pair.error(), "images", "expected 12 bytes", "found more"));
  pair.images_file = gzip(pair.images_file);
  CHECK(has(pair.error(), "images", "expected 12 bytes", "found more in the gzip data"));
  pair.images_file = gzip(images(3, 2, 2)) + Bytes{0};
  CHECK(has(pair.error(), "images", "expected the end of the gzip data"));
  pair.images_file = images(3, 2, 2);
  pair.labels_file.push_back(0);
  CHECK(has(pair.error(), "labels", "expected 3 bytes", "found more"));
}

TEST_CASE("IDX errors: files of another kind") {
  Pair pair;
  std::swap(pair.images_file, pair.labels_file);
  CHECK(has(pair.error(), "labels", "expected IDX labels", "2049", "found magic number 2051"));
  pair.labels_file = labels({4, 0, 7});
  CHECK(has(pair.error(), "images", "expected IDX images", "2051", "found magic number 2049"));
  pair.images_file = images(3, 2, 2);
  pair.images_file[2] = 0x0d;  // floats
  CHECK(has(pair.error(), "images", "found magic number 3331"));
}

TEST_CASE("IDX errors: headers that claim more than there is") {
  Pair pair;
  constexpr std::uint32_t most = 0xffffffff;
  pair.images_file = big_endian({0x803, most, 2, 2}) + Bytes(12, 1);
  CHECK(has(pair.error(), "expected 17179869180 bytes", "found 12"));
  pair.images_file = gzip(pair.images_file);
  CHECK(has(pair.error(), "expected 17179869180 bytes", "found 12"));
  pair.images_file = big_endian({0x803, most, most, most}) + Bytes(12, 1);
  CHECK(has(pair.error(), "at most 2147483647 values", "4294967295 x 4294967295"));
  pair.images_file = big_endian({0x803, 3, 0x10000, 0x10000});  // 2^32, 0 in 32 bits
  CHECK(has(pair.error(), "at most 2147483647 values"));
  pair.images_file = images(3, 2, 2);
  pair.labels_file = big_endian({0x801, most, 1});
  CHECK(has(pair.error(), "labels", "expected 4294967295 bytes", "found 4"));
}

TEST_CASE("IDX errors: headers that claim nothing") {
  Pair pair;
  pair.images_file = big_endian({0x803, 3, 0, 2});
  CHECK(has(pair.error(), "images", "1 and more", "3 x 0 x 2"));
  pair.images_file = big_endian({0x803, 0, 2, 2});
  CHECK(has(pair.error(), "images", "1 and more", "0 x 2 x 2"));
}

TEST_CASE("IDX errors: as many labels as images") {
  Pair pair;
  pair.labels_file = labels({4, 0});
  CHECK(has(pair.error(), "images", "labels", "each of 3 images", "found 2"));
}

TEST_CASE("IDX errors: corrupted plain files are refused or have the size they say") {
  Pair pair;
  const Bytes whole = pair.images_file;
  std::mt19937 random{1};
  for (int round = 0; round < 500; ++round) {
    pair.images_file = whole;
    pair.images_file[random() % whole.size()] ^= static_cast<std::uint8_t>(1U << (random() % 8));
    if (const auto data = pair.try_read()) CHECK(data->inputs().size() == 12);
  }
}

TEST_CASE("IDX errors: corrupted gzip files are refused or read right") {
  Pair pair;
  const Dataset right = pair.read();
  const Bytes whole = gzip(pair.images_file);
  std::mt19937 random{2};
  int refused = 0;
  for (int round = 0; round < 500; ++round) {
    pair.images_file = whole;
    pair.images_file[random() % whole.size()] ^= static_cast<std::uint8_t>(1U << (random() % 8));
    const auto data = pair.try_read();
    if (data) CHECK(same(*data, right));  // the flip was in the time or system of the header
    refused += data ? 0 : 1;
  }
  CHECK(refused > 250);
}

TEST_CASE("IDX errors: corrupted gzip data say so") {
  Pair pair;
  pair.images_file = gzip(images(300, 5, 5));
  pair.images_file[pair.images_file.size() - 6] ^= 1;  // the checksum
  CHECK(has(pair.error(), "images", "gzip data are corrupted"));
}

TEST_CASE("IDX errors: what is no file") {
  const TemporaryDirectory directory;
  const auto read = [&](const std::string& name) {
    (void)lamina::read_idx(directory / name, directory / name);
  };
  CHECK(has(error_of([&] { read("missing"); }), "missing", "found nothing there"));
  std::filesystem::create_directory(directory / "folder");
  CHECK(has(error_of([&] { read("folder"); }), "folder", "found something else"));
}

}  // namespace

}  // namespace test_idx_errors
