#include <filesystem>
#include <string>
#include <string_view>
#include <sys/stat.h>
#include <thread>

#include "catch.hpp"
#include "errors.hpp"
#include "io/csv_files.hpp"
#include "io/files.hpp"
#include "io/text_file.hpp"

namespace {

using namespace lamina::testing;
using lamina::io::write_text;
namespace fs = std::filesystem;

TEST_CASE("files: a link leads to the file that is written") {
  const TemporaryDirectory directory;
  fs::create_directory(directory / "elsewhere");
  write_text(directory / "elsewhere/file", "before");
  fs::create_symlink("elsewhere/file", directory / "link");
  write_text(directory / "link", "after");
  CHECK(fs::is_symlink(directory / "link"));
  CHECK(read_file(directory / "elsewhere/file") == bytes_of("after"));
  // Under the name that a killed process would have left.
  CHECK(std::distance(fs::directory_iterator(directory / "elsewhere"), {}) == 1);
}

TEST_CASE("files: a pipe is written to") {
  const TemporaryDirectory directory;
  REQUIRE(mkfifo((directory / "pipe").c_str(), 0600) == 0);
  Bytes read;
  std::thread reader([&] { read = read_file(directory / "pipe"); });
  write_text(directory / "pipe", "through");
  reader.join();
  CHECK(read == bytes_of("through"));
  CHECK(fs::is_fifo(directory / "pipe"));
}

TEST_CASE("files: a directory is not overwritten") {
  const TemporaryDirectory directory;
  fs::create_directory(directory / "there");
  CHECK(has(error_of([&] { write_text(directory / "there", "x"); }), "there: cannot be put"));
  CHECK(std::distance(fs::directory_iterator(directory / "there"), {}) == 0);
}

}  // namespace
