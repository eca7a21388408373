#include "io/atomic_file.hpp"

#include <atomic>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <fcntl.h>
#include <system_error>
#include <unistd.h>
#include <utility>

#include <lamina/core/error.hpp>
#include <lamina/core/printable.hpp>
#include <lamina/io/checkpoint.hpp>

namespace lamina::io {

namespace {

// Short, so that a long file name does not become too long; distinct among processes and threads.
std::string temporary_name() {
  static std::atomic<unsigned> count{0};
  return ".lamina-" + std::to_string(getpid()) + "-" + std::to_string(count++) + ".tmp";
}

}  // namespace

AtomicFile::AtomicFile(std::filesystem::path path) : path_{std::move(path)} {
  namespace fs = std::filesystem;
  std::error_code code;
  const fs::file_type type = fs::status(path_, code).type();  // of what a link means
  if (type == fs::file_type::fifo || type == fs::file_type::character ||
      type == fs::file_type::socket) {
    file_ = open(path_.c_str(), O_WRONLY | O_CLOEXEC);
  } else {
    if (type == fs::file_type::regular && fs::is_symlink(path_, code)) path_ = fs::canonical(path_);
    open_beside();
  }
  if (file_ < 0) fail("cannot be written");
}

void AtomicFile::open_beside() {
  directory_ = path_.has_parent_path() ? path_.parent_path() : std::filesystem::path{"."};
  // A crash may have left a file of the same name behind; another name is as good.
  for (int attempt = 0; attempt < 100 && file_ < 0; ++attempt) {
    temporary_ = directory_ / temporary_name();
    file_ = open(temporary_.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
    if (file_ < 0 && errno != EEXIST) break;
  }
}

AtomicFile::~AtomicFile() {
  if (file_ >= 0) close(file_);
  if (!temporary_.empty()) unlink(temporary_.c_str());
}

void AtomicFile::fail(const char* what) const {
  const std::error_code code{errno, std::generic_category()};
  throw Error(detail::printable_path(path_.string()) + ": " + what + ": " + code.message());
}

void AtomicFile::write(std::span<const std::byte> bytes) {
  while (!bytes.empty()) {
    const ssize_t written = ::write(file_, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) fail("cannot be written");
    bytes = bytes.subspan(static_cast<std::size_t>(written));
  }
}

void AtomicFile::commit() {
  const bool beside = !temporary_.empty();
  if (beside && fsync(file_) != 0) fail("cannot be flushed to the disk");
  if (close(std::exchange(file_, -1)) != 0) fail("cannot be closed");
  if (!beside) return;
  if (rename(temporary_.c_str(), path_.c_str()) != 0) fail("cannot be put in place");
  temporary_.clear();
  sync_directory();
}

// Makes the new name last through a loss of power. Some file systems refuse to sync a directory;
// the file itself is complete by then, so that is no error.
void AtomicFile::sync_directory() const {
  const int directory = open(directory_.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (directory < 0) return;
  fsync(directory);
  close(directory);
}

}  // namespace lamina::io

namespace lamina {

namespace {

bool is_gone(const std::string& process) {
  if (process.empty() || process.find_first_not_of("0123456789") != std::string::npos) return false;
  return kill(static_cast<pid_t>(std::strtol(process.c_str(), nullptr, 10)), 0) != 0 &&
         errno == ESRCH;
}

}  // namespace

void make_directory(const std::filesystem::path& directory) {
  std::error_code code;
  std::filesystem::create_directories(directory, code);
  if (code)
    throw Error(detail::printable_path(directory.string()) + ": cannot be made: " + code.message());
}

void remove_leftovers(const std::filesystem::path& directory) {
  const std::string start = ".lamina-";
  std::error_code code;
  for (const auto& entry : std::filesystem::directory_iterator(directory, code)) {
    const std::string name = entry.path().filename().string();
    const std::string ending = entry.path().extension().string();
    const bool ours = ending == ".tmp" || ending == ".svg" || ending == ".png";
    if (!name.starts_with(start) || !ours) continue;
    if (is_gone(name.substr(start.size(), name.find('-', start.size()) - start.size()))) {
      std::filesystem::remove(entry.path(), code);
    }
  }
}

}  // namespace lamina
