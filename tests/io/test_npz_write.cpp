#include <cstdint>
#include <limits>
#include <string>
#include <vector>

#include <lamina/io/npy.hpp>

#include "catch.hpp"
#include "errors.hpp"
#include "io/files.hpp"
#include "io/zip_files.hpp"
#include "numbers.hpp"

// NPZ files of our own are those that numpy writes: what is in them and how.

namespace test_npz_write {

namespace {

using namespace lamina;
using namespace lamina::testing;
using Floats = std::vector<float>;
using Integers = std::vector<std::int64_t>;

const std::vector<Tensor> arrays{
    {"scalar", {}, Floats{0.5F}},
    {"line", {3}, Integers{-1, 0, std::numeric_limits<std::int64_t>::max()}},
    {"maps", {2, 1, 3}, Integers{0, 1, 2, 2, 1, 0}},
    {"shares", {1, 2, 2}, Floats{0.25F, 1e-45F, -3, std::numeric_limits<float>::max()}},
    {"nothing", {0, 4}, Floats{}}};

TEST_CASE("NPZ: what is written is read again") {
  const TemporaryDirectory directory;
  const auto path = directory.path() / "arrays.npz";
  write_npz(path, arrays);
  const std::vector<Tensor> found = read_npz_arrays(path);
  REQUIRE(found.size() == arrays.size());
  CHECK(same_bits(found, arrays));
  write_npz(directory.path() / "again.npz", arrays);
  CHECK(read_file(directory.path() / "again.npz") == read_file(path));
  write_npz(path, {});
  CHECK(read_npz_arrays(path).empty());
}

TEST_CASE("NPZ: an array that is written has numpy's header") {
  const TemporaryDirectory directory;
  const auto path = directory.path() / "one.npz";
  write_npz(path, std::vector<Tensor>{{"y", {2, 1}, Floats{1, 2}}});
  std::string header = "{'descr': '<f4', 'fortran_order': False, 'shape': (2, 1), }";
  header.resize(117, ' ');
  Bytes expected{0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0, 118, 0};
  expected.insert(expected.end(), header.begin(), header.end());
  expected.push_back('\n');
  expected = expected + Bytes{0, 0, 0x80, 0x3f, 0, 0, 0, 0x40};
  const Bytes file = read_file(path);
  const Bytes packed = deflated(expected);
  CHECK(expected.size() % 64 == 8);
  // Two programs may pack the same bytes in two ways: sizes and checksum are those of these.
  const Bytes size = little_endian(expected.size(), 4);
  const auto sum = crc32_z(0, expected.data(), expected.size());
  const Bytes checksum = little_endian(sum, 4);
  CHECK(std::ranges::search(file, checksum).begin() != file.end());
  CHECK(std::ranges::search(file, size).begin() != file.end());
}

TEST_CASE("NPZ: what cannot be written is an error, and nothing is there") {
  const TemporaryDirectory directory;
  const auto path = directory.path() / "wrong.npz";
  const auto error = [&](const std::vector<Tensor>& wrong) {
    return error_of([&] { write_npz(path, wrong); });
  };
  CHECK(has(error({{"x", {2, 2}, Floats{1, 2, 3}}}), "wrong.npz",
            "expected as many values of array \"x\" as its shape says", "found 3"));
  constexpr std::int64_t wrapping = std::int64_t{1} << 32;
  CHECK(has(error({{"x", {wrapping, wrapping}, Floats{}}}), "found 0"));
  CHECK(has(error({{"x", {-1, -1}, Floats{1}}}), "found 1"));
  CHECK(
      has(error({{"x", {1}, Floats{1}}, {"x", {1}, Floats{2}}}), "wrong.npz", "cannot be written"));
  CHECK_FALSE(std::filesystem::exists(path));
  CHECK(has(error_of([&] { write_npz(directory.path() / "absent" / "x.npz", arrays); }), "absent"));
}

}  // namespace

}  // namespace test_npz_write
