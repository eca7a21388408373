#include <algorithm>
#include <bit>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include <lamina/io/safetensors.hpp>

#include "catch.hpp"
#include "errors.hpp"
#include "io/files.hpp"

namespace test_safetensors {

namespace {

using lamina::Tensor;
using lamina::testing::Bytes;
using lamina::testing::error_of;
using lamina::testing::first;
using lamina::testing::has;
using lamina::testing::read_file;
using lamina::testing::TemporaryDirectory;
using lamina::testing::write_file;
using lamina::testing::operator+;

using Floats = std::vector<float>;
using Integers = std::vector<std::int64_t>;

std::vector<Tensor> tensors() {
  return {{"0.weight", {2, 3}, Floats{1, -2.5F, 3e-40F, -0.0F, 1e38F, 6}},
          {"0.bias", {3}, Floats{7, 8, 9}},
          {"1.num_batches_tracked", {}, Integers{(std::int64_t{1} << 40) + 3}},
          {"nothing", {4, 0}, Floats{}}};
}

const Tensor& find(const std::vector<Tensor>& all, const std::string& name) {
  const auto found = std::ranges::find(all, name, &Tensor::name);
  REQUIRE(found != all.end());
  return *found;
}

const Floats& floats(const std::vector<Tensor>& all, const std::string& name) {
  return std::get<Floats>(find(all, name).values);
}

// Bits, so that -0 is not 0 and a NaN is itself.
std::vector<std::uint32_t> bits(const Floats& values) {
  std::vector<std::uint32_t> all;
  for (const float value : values) all.push_back(std::bit_cast<std::uint32_t>(value));
  return all;
}

bool same(const Tensor& left, const Tensor& right) {
  if (left.name != right.name || left.shape != right.shape) return false;
  if (left.values.index() != right.values.index()) return false;
  if (const auto* integers = std::get_if<Integers>(&left.values)) {
    return *integers == std::get<Integers>(right.values);
  }
  return bits(std::get<Floats>(left.values)) == bits(std::get<Floats>(right.values));
}

std::uint64_t header_length(const Bytes& file) {
  std::uint64_t length = 0;
  for (std::size_t i = 8; i-- > 0;) length = length << 8 | file.at(i);
  return length;
}

TEST_CASE("safetensors: what is written is read") {
  const TemporaryDirectory directory;
  lamina::write_safetensors(directory / "file", tensors());
  const auto read = lamina::read_safetensors(directory / "file");
  CHECK(read.size() == 4);
  for (const Tensor& tensor : tensors()) CHECK(same(find(read, tensor.name), tensor));
}

TEST_CASE("safetensors: every float keeps its bits") {
  using Limits = std::numeric_limits<float>;
  const TemporaryDirectory directory;
  const Floats values{0.0F,
                      -0.0F,
                      Limits::denorm_min(),
                      Limits::max(),
                      Limits::lowest(),
                      Limits::infinity(),
                      -Limits::infinity(),
                      Limits::quiet_NaN(),
                      std::bit_cast<float>(0xffc12345U)};
  const std::vector<Tensor> written{{"x", {3, 3}, values}};
  lamina::write_safetensors(directory / "file", written);
  CHECK(same(lamina::read_safetensors(directory / "file").at(0), written[0]));
}

TEST_CASE("safetensors: nothing can be written too") {
  const TemporaryDirectory directory;
  lamina::write_safetensors(directory / "file", {});
  CHECK(lamina::read_safetensors(directory / "file").empty());
}

TEST_CASE("safetensors: same tensors, same bytes") {
  const TemporaryDirectory directory;
  lamina::write_safetensors(directory / "one", tensors());
  lamina::write_safetensors(directory / "two", tensors());
  CHECK(read_file(directory / "one") == read_file(directory / "two"));
}

TEST_CASE("safetensors: data are aligned, integers first") {
  const TemporaryDirectory directory;
  lamina::write_safetensors(directory / "file", tensors());
  const Bytes file = read_file(directory / "file");
  CHECK(header_length(file) % 8 == 0);
  CHECK(file.size() == 8 + header_length(file) + 8 + 4 * (6 + 3));
  const auto read = lamina::read_safetensors(directory / "file");
  CHECK(read.at(0).name == "1.num_batches_tracked");
  CHECK(read.at(1).name == "0.weight");
  CHECK(read.at(2).name == "0.bias");
}

TEST_CASE("safetensors: a file made by Python") {
  const auto read = lamina::read_safetensors(LAMINA_TEST_DIRECTORY "/golden/python.safetensors");
  const float infinity = std::numeric_limits<float>::infinity();
  CHECK(read.size() == 7);
  CHECK(find(read, "0.weight").shape == Integers{2, 3});
  CHECK(bits(floats(read, "0.weight")) == bits({1.5F, -2.25F, 0, 3e38F, -0.0F, 1e-45F}));
  CHECK(find(read, "doubles").shape == Integers{2, 2});
  CHECK(floats(read, "doubles") == Floats{1, -0.1F, infinity, std::ldexp(1.0F, -149)});
  CHECK(find(read, "halves").shape == Integers{2, 2, 2});
  CHECK(bits(floats(read, "halves")) ==
        bits({1, -2, 65504, std::ldexp(1.0F, -14), std::ldexp(1.0F, -24), infinity,
              std::ldexp(1023.0F, -24), -0.0F}));
  CHECK(floats(read, "brains") == Floats{1, -3.140625F, -infinity});
  CHECK(find(read, "1.num_batches_tracked").shape.empty());
  CHECK(std::get<Integers>(find(read, "1.num_batches_tracked").values) ==
        Integers{(std::int64_t{1} << 40) + 7});
  CHECK(find(read, "nothing").shape == Integers{0, 3});
  CHECK(floats(read, "gewicht \xc3\xa4") == Floats{7});
}

TEST_CASE("safetensors: integers and truth values made by Python") {
  const auto read = lamina::read_safetensors(LAMINA_TEST_DIRECTORY "/golden/integers.safetensors");
  const auto ends = [&]<class T>(const std::string& name, T) {
    using Limits = std::numeric_limits<T>;
    CHECK(std::get<Integers>(find(read, name).values) == Integers{Limits::min(), Limits::max(), 3});
  };
  ends("<i8", std::int64_t{});
  ends("<i4", std::int32_t{});
  ends("<i2", std::int16_t{});
  ends("i1", std::int8_t{});
  ends("<u4", std::uint32_t{});
  ends("<u2", std::uint16_t{});
  ends("u1", std::uint8_t{});
  CHECK(std::get<Integers>(find(read, "<u8").values) ==
        Integers{0, std::numeric_limits<std::int64_t>::max(), 3});
  CHECK(std::get<Integers>(find(read, "bool").values) == Integers{0, 1, 1});
}

TEST_CASE("safetensors: metadata are read as they were written") {
  const TemporaryDirectory directory;
  const lamina::Metadata texts{{"classes", R"(["ant", "wo\"lf"])"}, {"", "\n\xc3\xa4"}, {"z", ""}};
  lamina::write_safetensors(directory / "file", tensors(), texts);
  CHECK(lamina::read_metadata(directory / "file") == texts);
  CHECK(lamina::read_safetensors(directory / "file").size() == 4);
  CHECK(lamina::read_metadata(LAMINA_TEST_DIRECTORY "/golden/python.safetensors") ==
        lamina::Metadata{{"made", "by Python"}});
}

TEST_CASE("safetensors: metadata that make no file are errors") {
  const TemporaryDirectory directory;
  const auto error = [&](const lamina::Metadata& texts) {
    return error_of([&] { lamina::write_safetensors(directory / "file", tensors(), texts); });
  };
  CHECK(has(error({{"lamina.crc32.data", "0"}}), "file: ", "reserved", "'lamina.crc32.data'"));
  CHECK(has(error({{"lamina.crc32.", "0"}}), "reserved"));
  CHECK(has(error({{"a", "\xff"}}), "UTF-8"));
  CHECK(std::filesystem::is_empty(directory.path()));
}

TEST_CASE("safetensors: tensors that make no file are errors, before one is made") {
  const TemporaryDirectory directory;
  const auto error = [&](std::vector<Tensor> all) {
    return error_of([&] { lamina::write_safetensors(directory / "file", all); });
  };
  CHECK(has(error({{"a", {1}, Floats{1}}, {"a", {1}, Floats{1}}}), "file: ", "'a' twice"));
  CHECK(has(error({{"", {1}, Floats{1}}}), "found an empty one"));
  CHECK(has(error({{"__metadata__", {1}, Floats{1}}}), "reserved"));
  CHECK(has(error({{"a", {2, 2}, Floats{1}}}), "'a'", "expected 4 values", "found 1"));
  CHECK(has(error({{"a", {}, Integers{}}}), "expected 1 values", "found 0"));
  CHECK(has(error({{"a", {-1}, Floats{1}}}), "found -1"));
  CHECK(has(error({{"a", {std::int64_t{1} << 40, 1 << 30}, Floats{}}}), "2^64"));
  CHECK(has(error({{"\xff", {1}, Floats{1}}}), "UTF-8"));
  CHECK(std::filesystem::is_empty(directory.path()));
}

TEST_CASE("safetensors: a write that fails leaves all as it was") {
  const TemporaryDirectory directory;
  std::filesystem::create_directory(directory / "folder");
  const auto write = [&](const std::filesystem::path& path) {
    return error_of([&] { lamina::write_safetensors(path, tensors()); });
  };
  CHECK(has(write(directory / "folder"), "folder", "cannot be put in place"));
  CHECK(has(write(directory / "missing" / "file"), "missing", "cannot be written"));
  const auto entries = std::filesystem::directory_iterator{directory.path()};
  CHECK(std::distance(begin(entries), end(entries)) == 1);

  write_file(directory / "file", {1, 2, 3});
  const std::vector<Tensor> wrong{{"a", {2}, Floats{1}}};
  CHECK_THROWS(lamina::write_safetensors(directory / "file", wrong));
  CHECK(read_file(directory / "file") == Bytes{1, 2, 3});
}

TEST_CASE("safetensors: a write replaces the file that was there") {
  const TemporaryDirectory directory;
  write_file(directory / "file", Bytes(5000, 1));
  lamina::write_safetensors(directory / "file", tensors());
  CHECK(lamina::read_safetensors(directory / "file").size() == 4);
  const auto entries = std::filesystem::directory_iterator{directory.path()};
  CHECK(std::distance(begin(entries), end(entries)) == 1);
}

}  // namespace

}  // namespace test_safetensors
