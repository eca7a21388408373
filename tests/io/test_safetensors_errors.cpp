#include <cstddef>
#include <cstdint>
#include <new>
#include <stdexcept>
#include <string>
#include <variant>
#include <vector>

#include <lamina/io/naming_file.hpp>
#include <lamina/io/safetensors.hpp>

#include "catch.hpp"
#include "errors.hpp"
#include "io/files.hpp"

namespace test_safetensors_errors {

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

Bytes little_endian(std::uint64_t number) {
  Bytes bytes;
  for (int i = 0; i < 8; ++i) bytes.push_back(static_cast<std::uint8_t>(number >> (8 * i)));
  return bytes;
}

struct File {
  TemporaryDirectory directory;

  std::vector<Tensor> read(const Bytes& bytes) const {
    write_file(directory / "file", bytes);
    return lamina::read_safetensors(directory / "file");
  }
  std::vector<Tensor> read(const std::string& header, std::size_t data) const {
    return read(little_endian(header.size()) + Bytes(header.begin(), header.end()) +
                Bytes(data, 1));
  }
  std::string error(const Bytes& bytes) const {
    return error_of([&] { (void)read(bytes); });
  }
  std::string error(const std::string& header, std::size_t data) const {
    return error_of([&] { (void)read(header, data); });
  }
  Bytes good() const {
    const std::vector<Tensor> tensors{{"weight", {2, 2}, std::vector<float>{1, 2, 3, 4}},
                                      {"count", {}, std::vector<std::int64_t>{5}}};
    lamina::write_safetensors(directory / "good", tensors);
    return read_file(directory / "good");
  }
};

std::string tensor(const std::string& type, const std::string& shape, const std::string& range) {
  return R"({"dtype":")" + type + R"(","shape":)" + shape + R"(,"data_offsets":)" + range + "}";
}

TEST_CASE("safetensors errors: truncated at every byte") {
  const File file;
  const Bytes whole = file.good();
  for (std::size_t length = 0; length < whole.size(); ++length) {
    INFO("length " << length << " of " << whole.size());
    CHECK(has(file.error(first(whole, length)), (file.directory / "file").string(), "expected",
              "found"));
  }
  CHECK(file.read(whole).size() == 2);
}

TEST_CASE("safetensors errors: one byte too many") {
  const File file;
  CHECK(has(file.error(file.good() + Bytes{0}), "expected 24 bytes of data", "found 25"));
}

TEST_CASE("safetensors errors: the header's length") {
  const File file;
  CHECK(has(file.error({}), "at least 8 bytes", "found 0"));
  CHECK(has(file.error(little_endian(0)), "begin with '{'"));
  CHECK(has(file.error(little_endian(3) + Bytes{'{', '}'}), "at most 2 bytes", "length of 3"));
  CHECK(has(file.error(little_endian(~std::uint64_t{0}) + Bytes{'{', '}'}), "at most 2 bytes"));
  CHECK(has(file.error(little_endian(std::uint64_t{1} << 63) + Bytes(100, 0)), "at most 100"));
}

TEST_CASE("safetensors errors: a header that is no JSON object") {
  const File file;
  CHECK(has(file.error("[]", 0), "begin with '{'"));
  CHECK(has(file.error(" {}", 0), "begin with '{'"));
  CHECK(has(file.error("{", 0), "expected a header in JSON"));
  CHECK(has(file.error("{}x", 0), "expected a header in JSON"));
  CHECK(has(file.error("{\"\xff\":1}", 0), "expected a header in JSON"));
  CHECK(file.read("{}   ", 0).empty());
}

TEST_CASE("safetensors errors: a name given twice") {
  const File file;
  const std::string one = tensor("F32", "[1]", "[0,4]");
  CHECK(has(file.error(R"({"a":)" + one + R"(,"a":)" + one + "}", 4), "'a' twice"));
  CHECK(has(file.error(R"({"a":)" + one + R"(,"\u0061":)" + one + "}", 4), "'a' twice"));
  CHECK(
      has(file.error(R"({"a":{"dtype":"F32","dtype":"F32","shape":[1],"data_offsets":[0,4]}})", 4),
          "'dtype' twice"));
  CHECK(file.read(R"({"a":)" + one + R"(,"b":)" + tensor("F32", "[1]", "[4,8]") + "}", 8).size() ==
        2);
}

TEST_CASE("safetensors errors: members of a tensor") {
  const File file;
  const auto error = [&](const std::string& one) { return file.error(R"({"a":)" + one + "}", 4); };
  CHECK(has(error("7"), "tensor 'a'", "dtype, shape and data_offsets", "no object"));
  CHECK(has(error("{}"), "other members"));
  CHECK(has(error(R"({"dtype":"F32","shape":[1],"data_offsets":[0,4],"x":1})"), "other members"));
  CHECK(has(error(R"({"type":"F32","shape":[1],"data_offsets":[0,4]})"), "found none"));
  CHECK(has(error(R"({"dtype":1,"shape":[1],"data_offsets":[0,4]})"), "found none"));
  CHECK(has(error(R"({"dtype":"F32","shapes":[1],"data_offsets":[0,4]})"), "expected shape"));
  CHECK(has(error(R"({"dtype":"F32","shape":[1],"offsets":[0,4]})"), "expected data_offsets"));
  CHECK(has(error(tensor("F8", "[4]", "[0,4]")), "F32, F64, F16, BF16, I64", "BOOL", "found F8"));
}

TEST_CASE("safetensors errors: shapes") {
  const File file;
  const auto error = [&](const std::string& shape) {
    return file.error(R"({"a":)" + tensor("F32", shape, "[0,4]") + "}", 4);
  };
  for (const char* shape :
       {"1", "[-1]", "[1.0]", "[\"1\"]", "{}", "null", "[1e0]", "[99999999999999999999]"}) {
    INFO(shape);
    CHECK(has(error(shape), "tensor 'a'", "expected shape to be a list of integers"));
  }
  CHECK(has(error("[[1]]"), "at most 3 levels"));
  CHECK(has(error("[2]"), "expected 2 elements of 4 bytes", "found 4 bytes"));
  CHECK(has(error("[0]"), "expected 0 elements"));
  CHECK(has(error("[4611686018427387905,4]"), "2^64"));    // 4 in 64 bits
  CHECK(has(error("[4611686018427387905]"), "elements"));  // 4 bytes in 64 bits
  CHECK(has(error("[9223372036854775808]"), "below 2^63"));
  CHECK(file.read(R"({"a":)" + tensor("F32", "[]", "[0,4]") + "}", 4).size() == 1);
  CHECK(
      file.read(R"({"a":)" + tensor("F32", "[9223372036854775807,9,0]", "[0,0]") + "}", 0).size() ==
      1);
}

TEST_CASE("safetensors errors: offsets") {
  const File file;
  const auto error = [&](const std::string& range) {
    return file.error(R"({"a":)" + tensor("F32", "[1]", range) + "}", 8);
  };
  CHECK(has(error("[0]"), "a begin and an end"));
  CHECK(has(error("[0,4,8]"), "a begin and an end"));
  CHECK(has(error("[4,0]"), "a begin and an end"));
  CHECK(has(error("[8,12]"), "within 8 bytes"));
  CHECK(has(error("[-4,0]"), "expected data_offsets"));
  CHECK(has(error("[18446744073709551612,18446744073709551615]"), "within 8 bytes"));
  CHECK(has(error("[0,5]"), "found 5 bytes"));
  CHECK(has(error("[4,8]"), "begin at byte 0", "found byte 4"));
  CHECK(has(error("[0,4]"), "expected 4 bytes of data", "found 8"));
}

TEST_CASE("safetensors errors: ranges that overlap or leave a gap") {
  const File file;
  const auto two = [&](const std::string& left, const std::string& right) {
    return R"({"a":)" + tensor("F32", "[1]", left) + R"(,"b":)" + tensor("F32", "[1]", right) + "}";
  };
  CHECK(has(file.error(two("[0,4]", "[0,4]"), 8), "tensor 'b'", "begin at byte 4", "byte 0"));
  CHECK(has(file.error(two("[0,4]", "[2,6]"), 8), "begin at byte 4", "byte 2"));
  CHECK(has(file.error(two("[0,4]", "[6,10]"), 10), "begin at byte 4", "byte 6"));
  CHECK(file.read(two("[4,8]", "[0,4]"), 8).at(0).name == "b");
}

TEST_CASE("safetensors errors: metadata") {
  const File file;
  CHECK(file.read(R"({"__metadata__":{"made":"here"}})", 0).empty());
  CHECK(file.read(R"({"__metadata__":{}})", 0).empty());
  CHECK(has(file.error(R"({"__metadata__":{"made":1}})", 0), "'__metadata__'", "strings"));
  CHECK(has(file.error(R"({"__metadata__":"here"})", 0), "'__metadata__'"));
}

TEST_CASE("safetensors errors: metadata given twice") {
  const File file;
  CHECK(has(file.error(R"({"__metadata__":{"a":"1","a":"2"}})", 0), "'a' twice"));
  CHECK(has(file.error(R"({"__metadata__":{},"__metadata__":{}})", 0), "'__metadata__' twice"));
  CHECK(has(file.error(R"({"__metadata__":{"a":{}}})", 0), "'__metadata__'", "strings"));
}

TEST_CASE("safetensors errors: numbers that an integer has no place for") {
  const File file;
  const auto bytes = [&](const std::string& type, const Bytes& data) {
    const std::string header =
        R"({"a":)" + tensor(type, "[1]", "[0," + std::to_string(data.size()) + "]") + "}";
    return little_endian(header.size()) + Bytes(header.begin(), header.end()) + data;
  };
  CHECK(has(file.error(bytes("U64", Bytes(8, 0xff))), "tensor 'a'", "below 2^63"));
  CHECK(has(file.error(bytes("BOOL", {2})), "tensor 'a'", "0 or 1", "found 2"));
}

TEST_CASE("safetensors errors: a hostile name is one line of text, and not all of it") {
  const File file;
  const std::string name = "\\u001b[2J\\n\x7f" + std::string(100'000, 'x');
  const std::string message = file.error("{\"" + name + R"(":7})", 0);
  CHECK(has(message, R"('\x1b[2J\x0a\x7fxxx)", "..."));
  CHECK(message.find_first_of("\x1b\n\x7f") == std::string::npos);
  CHECK(message.size() < 400);
  CHECK(file.error("{\"a\":" + std::string(100'000, 'x') + "}", 0).size() < 400);
}

TEST_CASE("safetensors errors: too little memory names the file") {
  const auto read = [](const auto& error) {
    return error_of([&] { lamina::detail::naming_file("a/model", [&]() -> int { throw error; }); });
  };
  CHECK(has(read(std::bad_alloc{}), "a/model: ", "memory"));
  CHECK(has(read(std::length_error{"vector"}), "a/model: ", "memory"));
  CHECK(read(lamina::Error{"expected"}) == "a/model: expected");
}

TEST_CASE("safetensors errors: a header deeper than any") {
  const File file;
  const std::string deep(1'000'000, '[');
  CHECK(has(file.error(R"({"a":)" + deep, 0), "at most 3 levels"));
  CHECK(has(file.error(R"({"a":{"b":{"c":{}}}})", 0), "at most 3 levels"));
}

TEST_CASE("safetensors errors: what is no file") {
  const File file;
  const auto read = [&](const std::string& name) {
    return error_of([&] { (void)lamina::read_safetensors(file.directory / name); });
  };
  CHECK(has(read("missing"), "missing", "found nothing there"));
  std::filesystem::create_directory(file.directory / "folder");
  CHECK(has(read("folder"), "folder", "found something else"));
}

}  // namespace

}  // namespace test_safetensors_errors
