#include "io/temporary_file.hpp"

#include <atomic>
#include <cerrno>
#include <fcntl.h>
#include <fstream>
#include <string>
#include <sys/file.h>
#include <sys/stat.h>
#include <system_error>
#include <unistd.h>
#include <utility>

#include <lamina/io/checkpoint.hpp>

namespace lamina::io {

namespace {

// Of a machine from one start to the next, in all its containers; empty where it is not told.
std::string this_start() {
  std::ifstream file("/proc/sys/kernel/random/boot_id");
  std::string id;
  file >> id;
  return id.substr(0, id.find('-'));
}

// Short, so that it is possible beside any file; other processes and threads have other names, and
// those of another container, whose process ids may be the same, another count.
std::string unused_name(const char* ending) {
  static std::atomic<unsigned> count{0};
  return temporary_mark + this_start() + "-" + std::to_string(getpid()) + "-" +
         std::to_string(count++) + ending;
}

}  // namespace

bool is_free(int file) {
  return flock(file, LOCK_EX | LOCK_NB) == 0;
}

bool lock_file(int file) {
  return is_free(file) || errno != EWOULDBLOCK;
}

TemporaryFile::TemporaryFile(std::filesystem::path directory, const char* ending)
    : directory_{std::move(directory)} {
  constexpr int attempts = 100;
  for (int attempt = 0; attempt < attempts; ++attempt) {
    if (open_new(unused_name(ending)) || (errno != EEXIST && errno != EWOULDBLOCK)) return;
  }
}

bool TemporaryFile::open_new(const std::string& name) {
  const std::filesystem::path path = directory_ / name;
  const int file = open(path.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
  if (file < 0) return false;
  struct stat found{};
  // Between the two calls another may have taken it for one whose writer is gone.
  if (!lock_file(file) || (fstat(file, &found) == 0 && found.st_nlink == 0)) {
    close(file);
    errno = EWOULDBLOCK;
    return false;
  }
  file_ = file;
  path_ = path;
  return true;
}

TemporaryFile::~TemporaryFile() {
  if (!path_.empty()) unlink(path_.c_str());
  if (file_ >= 0) close(file_);
}

bool TemporaryFile::put(const std::filesystem::path& place) {
  if (rename(path_.c_str(), place.c_str()) != 0) return false;
  path_.clear();
  return true;
}

}  // namespace lamina::io

namespace lamina {

void remove_leftovers(const std::filesystem::path& directory) {
  const std::string start = io::this_start();
  const std::string ours = io::temporary_mark + start + "-";
  if (start.empty()) return;
  std::error_code code;
  for (std::filesystem::directory_iterator entry{directory, code}, end; !code && entry != end;
       entry.increment(code)) {
    if (!entry->path().filename().string().starts_with(ours)) continue;
    const std::string path = entry->path().string();
    // Without O_NONBLOCK a pipe of that name would be waited for.
    const int file = open(path.c_str(), O_WRONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
    if (file < 0) continue;
    struct stat found{};
    if (fstat(file, &found) == 0 && S_ISREG(found.st_mode) && io::is_free(file)) {
      unlink(path.c_str());
    }
    close(file);
  }
}

}  // namespace lamina
