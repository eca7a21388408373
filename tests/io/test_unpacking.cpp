#include <cstddef>
#include <string>
#include <vector>

#include "catch.hpp"
#include "io/csv_files.hpp"
#include "io/idx_files.hpp"
#include "io/npy_files.hpp"
#include "io/zip_files.hpp"
#include "laws/allocations.hpp"

// Files that unpack to more than they should, and files that memory does not hold.

namespace test_unpacking {

namespace {

using namespace lamina::testing;
using lamina::ReadOptions;

/// A file of zeros, packed to a thousandth.
constexpr std::size_t zeros = 100'000;

Bytes array_of_zeros() {
  return npy(npy_header("|u1", "(" + std::to_string(zeros) + ",)"), Bytes(zeros, 0));
}

/// Reads with no limit, with that of all its bytes and with one less.
template <class Read>
void check_limit(const std::filesystem::path& path, std::size_t bytes, Read read) {
  INFO(path);
  REQUIRE(std::filesystem::file_size(path) < bytes / 50);
  CHECK_NOTHROW(read(ReadOptions{}));
  CHECK_NOTHROW(read(ReadOptions{.max_bytes = bytes}));
  CHECK(has(error_of([&] { read(ReadOptions{.max_bytes = bytes - 1}); }), path.string(),
            "expected at most " + std::to_string(bytes - 1) + " bytes when unpacked", "max_bytes"));
}

TEST_CASE("unpacking: gzip files give no more than they may") {
  const std::string text = [] {
    std::string rows;
    for (int row = 0; row < 20'000; ++row) rows += "0,0\n";
    return rows;
  }();
  const CsvFile csv(gzip(bytes_of(text)));
  check_limit(csv.path(), text.size(), [&](const ReadOptions& options) {
    (void)csv.read({.max_bytes = options.max_bytes});
  });
  const Bytes array = array_of_zeros();
  const NpyFile file{gzip(array)};
  check_limit(file.path, array.size(),
              [&](const ReadOptions& options) { (void)lamina::read_npy(file.path, options); });
  check_limit(file.path, array.size(), [&](const ReadOptions& options) {
    (void)lamina::read_npy(file.path, file.path, options);
  });
}

TEST_CASE("unpacking: IDX files give no more than they may") {
  const TemporaryDirectory directory;
  const Bytes pixels = big_endian({0x00000803, 1000, 10, 10}) + Bytes(100'000, 0);
  const Bytes marks = labels(Bytes(1000, 0));
  for (const std::string part : {"train", "t10k"}) {
    write_file(directory / (part + "-images-idx3-ubyte.gz"), gzip(pixels));
    write_file(directory / (part + "-labels-idx1-ubyte"), marks);
  }
  const auto images_path = directory / "train-images-idx3-ubyte.gz";
  check_limit(images_path, pixels.size(), [&](const ReadOptions& options) {
    (void)lamina::read_idx(images_path, directory / "train-labels-idx1-ubyte", options);
  });
  check_limit(images_path, pixels.size(), [&](const ReadOptions& options) {
    (void)lamina::read_idx_directory(directory.path(), options);
  });
}

TEST_CASE("unpacking: NPZ files give no more than they may, all arrays together") {
  const Bytes array = array_of_zeros();
  const NpyFile two{zip({{"x.npy", array}, {"y.npy", array}}), "two.npz"};
  check_limit(two.path, 2 * array.size(), [&](const ReadOptions& options) {
    (void)lamina::read_npz(two.path, "", "", options);
  });
  check_limit(two.path, 2 * array.size(), [&](const ReadOptions& options) {
    (void)lamina::read_npz_arrays(two.path, options);
  });
  // What is not read does not count; one array under two names counts once.
  check_limit(two.path, array.size(), [&](const ReadOptions& options) {
    (void)lamina::read_npz_inputs(two.path, "", "", options);
  });
  check_limit(two.path, array.size(), [&](const ReadOptions& options) {
    (void)lamina::read_npz(two.path, "x", "x", options);
  });
}

TEST_CASE("unpacking: a file may always give the bytes that it has itself") {
  const Bytes array = array_of_zeros();
  const NpyFile plain{array};
  CHECK(lamina::read_npy(plain.path, {.max_bytes = 0}).shape.front() == zeros);
  const NpyFile stored{zip({{"x.npy", array, false}}), "stored.npz"};
  CHECK(lamina::read_npz(stored.path, "", "", {.max_bytes = 0}).size() == zeros);
  CHECK(CsvFile("1,2\n3,4\n").read({.max_bytes = 0}).size() == 2);
}

TEST_CASE("unpacking: too little memory names the file") {
  if (!counts_new()) return;
  const std::string name = "expected memory for what the file holds, found too little";
  std::string text;
  for (int row = 0; row < 50'000; ++row) text += "0.25,0.5\n";
  const CsvFile csv(text);
  const NpyFile array{array_of_zeros()};
  const NpyFile archive{zip({{"x.npy", array_of_zeros()}}), "archive.npz"};
  const TemporaryDirectory directory;
  write_file(directory / "images", big_endian({0x00000803, 1000, 10, 10}) + Bytes(100'000, 0));
  write_file(directory / "labels", labels(Bytes(1000, 0)));
  const auto check = [&](const std::filesystem::path& path, auto read) {
    INFO(path);
    CHECK_NOTHROW(read());
    const std::string error = [&] {
      const ScarceMemory scarce{90'000};  // of a file no more than its reader's buffer fits
      return error_of(read);
    }();
    CHECK(has(error, path.string() + ": " + name));
  };
  check(csv.path(), [&] { (void)csv.read(); });
  check(array.path, [&] { (void)lamina::read_npy(array.path); });
  check(array.path, [&] { (void)lamina::read_npy(array.path, array.path); });
  check(archive.path, [&] { (void)lamina::read_npz(archive.path); });
  check(archive.path, [&] { (void)lamina::read_npz_inputs(archive.path); });
  check(archive.path, [&] { (void)lamina::read_npz_arrays(archive.path); });
  check(directory / "images",
        [&] { (void)lamina::read_idx(directory / "images", directory / "labels"); });
}

TEST_CASE("unpacking: a row without an end is refused") {
  std::string text;
  for (int field = 0; field <= 1 << 22; ++field) text += "0,";
  CHECK(has(CsvFile(gzip(bytes_of(text))).error(), ":1: ", "at most 4194304 fields a row"));
}

}  // namespace

}  // namespace test_unpacking
