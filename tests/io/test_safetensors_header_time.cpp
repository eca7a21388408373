#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include <lamina/lamina.hpp>

#include "catch.hpp"
#include "errors.hpp"
#include "io/files.hpp"

// Headers that are large and good. Readers whose time grows with the square of the number of
// tensors took seven minutes for these.

namespace test_safetensors_header_time {

namespace {

using namespace lamina;
using lamina::testing::Bytes;
using lamina::testing::error_of;
using lamina::testing::has;
using lamina::testing::TemporaryDirectory;
using lamina::testing::write_file;

constexpr std::size_t many = 100'000;

Bytes with_header(const std::string& header) {
  Bytes bytes;
  for (int i = 0; i < 8; ++i) {
    bytes.push_back(static_cast<std::uint8_t>(std::uint64_t{header.size()} >> (8 * i)));
  }
  bytes.insert(bytes.end(), header.begin(), header.end());
  return bytes;
}

std::string many_empty_tensors() {
  std::string header = "{";
  for (std::size_t i = 0; i < many; ++i) {
    header += (i > 0 ? ",\"t" : "\"t") + std::to_string(i) +
              R"(":{"dtype":"F32","shape":[0],"data_offsets":[0,0]})";
  }
  return header + "}";
}

TEST_CASE("safetensors header time: 100,000 tensors are read") {
  const TemporaryDirectory directory;
  write_file(directory / "file", with_header(many_empty_tensors()));
  CHECK(read_safetensors(directory / "file").size() == many);
}

TEST_CASE("safetensors header time: 100,000 tensors that a model does not have") {
  const TemporaryDirectory directory;
  write_file(directory / "file", with_header(many_empty_tensors()));
  Model<Network<Input<2>, Linear<1>, MeanSquaredError>> model;
  const std::string message = error_of([&] { load(model, directory / "file"); });
  CHECK(has(message, "file: ", "'0.weight'", "'t0'", "more"));
  CHECK(message.size() < 4000);
}

TEST_CASE("safetensors header time: a model of 100,000 tensors, most of them given twice") {
  std::vector<Tensor> tensors(many, Tensor{"0.bias", {1}, std::vector<float>{1}});
  Model<Network<Input<2>, Linear<1>, MeanSquaredError>> model;
  CHECK(has(error_of([&] { model.assign(tensors); }), "'0.bias'", "several"));
}

TEST_CASE("safetensors header time: a header that ends at a NUL is refused") {
  const TemporaryDirectory directory;
  using namespace std::string_literals;
  for (const std::string& header : {"{}\0"s, "{}\0}"s, "{}  \0\0\0\0"s, "{\0}"s}) {
    write_file(directory / "file", with_header(header));
    CHECK(has(error_of([&] { (void)read_safetensors(directory / "file"); }),
              "file: ", "a byte of zero"));
  }
}

}  // namespace

}  // namespace test_safetensors_header_time
