#include "program/run_lock.hpp"

#include <cerrno>
#include <fcntl.h>
#include <string>
#include <sys/stat.h>
#include <system_error>
#include <unistd.h>

#include <lamina/core/error.hpp>
#include <lamina/core/printable.hpp>
#include <lamina/io/checkpoint.hpp>

#include "io/temporary_file.hpp"

namespace lamina::program {

namespace {

namespace fs = std::filesystem;

// True where the name means the open file still: whoever ends a run removes it.
bool is_in_place(int file, const fs::path& path) {
  struct stat open_file{};
  struct stat found{};
  return fstat(file, &open_file) == 0 && lstat(path.c_str(), &found) == 0 &&
         open_file.st_ino == found.st_ino && open_file.st_dev == found.st_dev;
}

class RunLock {
 public:
  RunLock(int file, fs::path path) : file_{file}, path_{std::move(path)} {}
  // Removed while it is locked, so that it is not another's that is removed.
  ~RunLock() {
    unlink(path_.c_str());
    close(file_);
  }
  RunLock(const RunLock&) = delete;
  RunLock& operator=(const RunLock&) = delete;

 private:
  int file_;
  fs::path path_;
};

}  // namespace

std::shared_ptr<void> lock_run(const fs::path& directory) {
  const fs::path path = directory / (std::string(io::temporary_mark) + "lock");
  const std::string name = detail::printable_path(directory.string());
  constexpr int attempts = 100;  // another may remove directory or file in between
  for (int attempt = 0; attempt < attempts; ++attempt) {
    make_directory(directory);
    const int file = open(path.c_str(), O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0666);
    if (file < 0 && errno == ENOENT) continue;
    if (file < 0) {
      throw Error(name + ": expected a directory for a run, it cannot be written to: " +
                  std::generic_category().message(errno));
    }
    const bool locked = io::lock_file(file);
    if (locked && is_in_place(file, path)) return std::make_shared<RunLock>(file, path);
    close(file);
    if (!locked) break;
  }
  throw Error(name + ": expected a directory that no other process trains in, found one that does");
}

}  // namespace lamina::program
