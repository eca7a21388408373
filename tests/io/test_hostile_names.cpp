#include <algorithm>
#include <string>
#include <vector>

#include <lamina/io/csv.hpp>
#include <lamina/io/idx.hpp>
#include <lamina/io/npy.hpp>
#include <lamina/io/safetensors.hpp>

#include "catch.hpp"
#include "errors.hpp"
#include "io/files.hpp"

namespace test_hostile_names {

namespace {

using namespace lamina::testing;

const std::string hostile = "\x1b]0;owned\x07\n\r\u009b2J\xff";
const std::string endless = hostile + std::string(100'000, 'x');

Bytes bytes_of(const std::string& text) {
  return {text.begin(), text.end()};
}

/// Writes a file and returns what a reader says of it: one line without control characters.
template <class Read>
std::string said_of(const std::string& name, const Bytes& content, const Read& read) {
  const TemporaryDirectory directory;
  write_file(directory / name, content);
  const std::string message = error_of([&] { read(directory / name); });
  INFO(message.substr(0, 300));
  CHECK(std::all_of(message.begin(), message.end(),
                    [](char each) { return static_cast<unsigned char>(each) >= 0x20; }));
  CHECK(message.find("\u009b") == std::string::npos);
  CHECK(message.find('\xff') == std::string::npos);
  CHECK(message.find('\x7f') == std::string::npos);
  CHECK(message.size() < 1000);
  return message;
}

const auto csv = [](const auto& path) { (void)lamina::read_csv(path); };
const auto npz = [](const auto& path) { (void)lamina::read_npz(path, "", "none"); };
const auto safetensors = [](const auto& path) { (void)lamina::read_safetensors(path); };

TEST_CASE("hostile names: files") {
  const std::string name = "a\x1b[2J\nb";
  CHECK(has(said_of(name, {}, csv), "a\\x1b[2J\\x0ab"));
  CHECK(has(said_of(name, {}, npz), "a\\x1b[2J\\x0ab"));
  CHECK(has(said_of(name, {}, safetensors), "a\\x1b[2J\\x0ab"));
  said_of(name, {}, [](const auto& path) { (void)lamina::read_idx(path, path); });
  said_of(name, {}, [](const auto& path) { (void)lamina::read_npy(path); });
  said_of(name, {}, [](const auto& path) { (void)lamina::read_idx_directory(path); });
  said_of(name, {}, [](const auto& path) { lamina::write_safetensors(path / "below", {}); });
}

TEST_CASE("hostile names: columns and values of CSV") {
  for (const std::string& text : {hostile, endless}) {
    const std::string quoted = '"' + text + '"';
    said_of("file", bytes_of(quoted + ",b\n1,2\nx,3\n"), csv);
    said_of("file", bytes_of("a,b\n1,2\n" + quoted + ",3\n"), csv);
    said_of("file", bytes_of("a,b\n1,1.5\n2," + quoted + "\n"), csv);
    said_of("file", bytes_of(quoted + "," + quoted + "\n1,2\n"), csv);
    said_of("file", bytes_of(quoted + ",b\n1,2\n"),
            [](const auto& path) { (void)lamina::read_csv(path, {.target = "none"}); });
  }
}

TEST_CASE("hostile names: arrays of NPZ") {
  const Bytes golden = read_file(LAMINA_TEST_DIRECTORY "/golden/npy/named.npz");
  std::string archive(golden.begin(), golden.end());
  for (std::size_t at = 0; (at = archive.find("x.npy", at)) != std::string::npos;) {
    archive[at] = '\x1b';
  }
  said_of("file", bytes_of(archive), npz);  // libzip reads it as a letter of code page 437
}

TEST_CASE("hostile names: tensors and texts of safetensors") {
  for (const std::string& name :
       {std::string(R"(\u001b[2J\n\u009b)"), R"(\u001b)" + std::string(100'000, 'x')}) {
    const std::vector<std::string> headers{
        R"({")" + name + R"(":{"dtype":"F32","shape":[2],"data_offsets":[0,4]}})",
        R"({"a":{"dtype":")" + name + R"(","shape":[2],"data_offsets":[0,4]}})",
        R"({")" + name + R"(":1,")" + name + R"(":2})",
        R"({"a":")" + name,
    };
    for (const std::string& header : headers) {
      const std::string length{static_cast<char>(header.size() & 255U),
                               static_cast<char>(header.size() >> 8U & 255U),
                               static_cast<char>(header.size() >> 16U),
                               0,
                               0,
                               0,
                               0,
                               0};
      said_of("file", bytes_of(length + header + "1234"), safetensors);
    }
  }
}

}  // namespace

}  // namespace test_hostile_names
