#include <fcntl.h>
#include <filesystem>
#include <iterator>
#include <string>
#include <sys/stat.h>
#include <thread>
#include <unistd.h>

#include <lamina/io/history_file.hpp>

#include "catch.hpp"
#include "errors.hpp"
#include "io/files.hpp"

namespace test_atomic_file {

namespace {

using namespace lamina::testing;
namespace fs = std::filesystem;

/// Writes a file as all of the library's outputs are.
void write(const fs::path& path, double loss) {
  lamina::History history;
  history.epochs.push_back({.epoch = 1, .loss = loss, .metrics = {}});
  write_csv(history, path);
}

Bytes written(double loss) {
  const TemporaryDirectory directory;
  write(directory / "file", loss);
  return read_file(directory / "file");
}

std::ptrdiff_t entries(const fs::path& directory) {
  return std::distance(fs::directory_iterator(directory), {});
}

TEST_CASE("files: a link leads to the file that is written") {
  const TemporaryDirectory directory;
  fs::create_directory(directory / "elsewhere");
  write(directory / "elsewhere/file", 1);
  fs::create_symlink("elsewhere/file", directory / "link");
  write(directory / "link", 2);
  CHECK(fs::is_symlink(directory / "link"));
  CHECK(read_file(directory / "elsewhere/file") == written(2));
  CHECK(entries(directory / "elsewhere") == 1);  // no temporary file is left
}

TEST_CASE("files: a link to no file leads to where it will be") {
  const TemporaryDirectory directory;
  fs::create_symlink("file", directory / "link");
  write(directory / "link", 5);
  CHECK(fs::is_symlink(directory / "link"));
  CHECK(read_file(directory / "file") == written(5));
  fs::create_symlink("loop", directory / "loop");
  write(directory / "loop", 5);  // means nothing, and is replaced
  CHECK(read_file(directory / "loop") == written(5));
}

TEST_CASE("files: a descriptor is written to where it stands") {
  const TemporaryDirectory directory;
  const int file = open((directory / "file").c_str(), O_RDWR | O_CREAT, 0600);
  REQUIRE(::write(file, "first ", 6) == 6);
  write("/proc/self/fd/" + std::to_string(file), 6);
  fs::create_symlink("/dev/fd/" + std::to_string(file), directory / "link");
  write(directory / "link", 7);
  close(file);
  Bytes wanted{'f', 'i', 'r', 's', 't', ' '};
  for (const Bytes& part : {written(6), written(7)}) {
    wanted.insert(wanted.end(), part.begin(), part.end());
  }
  CHECK(read_file(directory / "file") == wanted);
  CHECK(has(error_of([&] { write("/dev/fd/" + std::to_string(file), 8); }), "cannot be written"));
}

TEST_CASE("files: a pipe is written to") {
  const TemporaryDirectory directory;
  REQUIRE(mkfifo((directory / "pipe").c_str(), 0600) == 0);
  Bytes read;
  std::thread reader([&] { read = read_file(directory / "pipe"); });
  write(directory / "pipe", 3);
  reader.join();
  CHECK(read == written(3));
  CHECK(fs::is_fifo(directory / "pipe"));
}

TEST_CASE("files: a directory is not overwritten") {
  const TemporaryDirectory directory;
  fs::create_directory(directory / "there");
  CHECK(has(error_of([&] { write(directory / "there", 4); }), "there: cannot be put"));
  CHECK(entries(directory / "there") == 0);
  CHECK(entries(directory.path()) == 1);
}

}  // namespace

}  // namespace test_atomic_file
