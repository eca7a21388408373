#include <array>
#include <cstddef>
#include <filesystem>
#include <iterator>
#include <span>
#include <string>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <lamina/io/checkpoint.hpp>

#include "catch.hpp"
#include "errors.hpp"
#include "io/atomic_file.hpp"
#include "io/files.hpp"

namespace test_leftovers_of_others {

namespace {

using namespace lamina::testing;
namespace fs = std::filesystem;

const Bytes content{'w', 'h', 'o', 'l', 'e'};

std::ptrdiff_t entries(const fs::path& directory) {
  return std::distance(fs::directory_iterator(directory), {});
}

/// Another process, in the middle of writing a file.
class Writer {
 public:
  explicit Writer(const fs::path& file) {
    REQUIRE((pipe(begun_.data()) == 0 && pipe(told_.data()) == 0));
    process_ = fork();
    if (process_ == 0) write(file);
    char byte = 0;
    REQUIRE(read(begun_[0], &byte, 1) == 1);
  }
  ~Writer() {
    for (const int end : {begun_[0], begun_[1], told_[0], told_[1]}) close(end);
  }
  Writer(const Writer&) = delete;
  Writer& operator=(const Writer&) = delete;

  /// Lets it put the file in place ('p'), or end at once as one that is killed does ('k').
  /// Returns its exit status.
  int go_on(char with) {
    REQUIRE(::write(told_[1], &with, 1) == 1);
    int status = 0;
    REQUIRE(waitpid(process_, &status, 0) == process_);
    return status;
  }

 private:
  [[noreturn]] void write(const fs::path& path) {
    try {
      lamina::io::AtomicFile file{path};
      file.write(std::as_bytes(std::span(content)));
      char byte = 'b';
      if (::write(begun_[1], &byte, 1) != 1 || read(told_[0], &byte, 1) != 1) _exit(2);
      if (byte == 'k') _exit(0);
      file.commit();
    } catch (const lamina::Error&) {
      _exit(1);
    }
    _exit(0);
  }

  std::array<int, 2> begun_{};
  std::array<int, 2> told_{};
  pid_t process_ = 0;
};

TEST_CASE("leftovers of others: a file that is being written is left alone") {
  const TemporaryDirectory directory;
  Writer writer{directory / "file"};
  for (int i = 0; i < 3; ++i) lamina::remove_leftovers(directory.path());
  CHECK(entries(directory.path()) == 1);
  CHECK(writer.go_on('p') == 0);
  CHECK(read_file(directory / "file") == content);
}

TEST_CASE("leftovers of others: this process's own file is left alone, too") {
  const TemporaryDirectory directory;
  lamina::io::AtomicFile file{directory / "file"};
  file.write(std::as_bytes(std::span(content)));
  lamina::remove_leftovers(directory.path());
  file.commit();
  lamina::remove_leftovers(directory.path());
  CHECK(read_file(directory / "file") == content);
}

TEST_CASE("leftovers of others: what a process that is gone has left is removed") {
  const TemporaryDirectory directory;
  Writer{directory / "file"}.go_on('k');
  CHECK(entries(directory.path()) == 1);
  lamina::remove_leftovers(directory.path());
  CHECK(entries(directory.path()) == 0);
}

TEST_CASE("leftovers of others: names of another machine or start, and what is no file, stay") {
  const TemporaryDirectory directory;
  Writer{directory / "file"}.go_on('k');
  const std::string name = fs::directory_iterator(directory.path())->path().filename().string();
  const std::string mark = ".lamina-";
  REQUIRE(name.starts_with(mark));
  // Another first digit: of a start that was not this one.
  std::string of_another = name;
  of_another[mark.size()] = name[mark.size()] == '0' ? '1' : '0';
  fs::rename(directory / name, directory / of_another);
  write_file(directory / "precious", content);
  fs::create_symlink("precious", directory / name);
  REQUIRE(mkfifo((directory / (name + ".svg")).c_str(), 0600) == 0);
  fs::create_directory(directory / (name + ".png"));
  lamina::remove_leftovers(directory.path());
  CHECK(entries(directory.path()) == 5);
}

}  // namespace

}  // namespace test_leftovers_of_others
