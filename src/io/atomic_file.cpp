#include "io/atomic_file.hpp"

#include <cerrno>
#include <charconv>
#include <fcntl.h>
#include <string>
#include <system_error>
#include <unistd.h>
#include <utility>

#include <lamina/core/error.hpp>
#include <lamina/core/printable.hpp>
#include <lamina/io/checkpoint.hpp>

namespace lamina::io {

namespace {

namespace fs = std::filesystem;

struct Place {
  fs::path path;        // no link, unless to itself
  int descriptor = -1;  // where the name is one's of this process
};

// What a path means. A file behind /dev/stdout or /dev/fd/3 is not looked for: it is written where
// it stands, not from its beginning, and not replaced.
Place followed(fs::path path) {
  constexpr int most_links = 40;  // of the kernel's
  const fs::path descriptors = "/proc/" + std::to_string(getpid()) + "/fd";
  std::error_code code;
  for (int link = 0; link < most_links; ++link) {
    const std::string name = path.filename().string();
    const fs::path next = fs::read_symlink(path, code);
    if (code) break;
    int number = -1;
    std::from_chars(name.data(), name.data() + name.size(), number);
    if (number >= 0 && fs::canonical(path.parent_path(), code) == descriptors)
      return {path, number};
    path = path.parent_path() / next;
  }
  return {path};
}

}  // namespace

AtomicFile::AtomicFile(fs::path path) : path_{std::move(path)} {
  const auto [meant, descriptor] = followed(path_);
  std::error_code code;
  const fs::file_type type = fs::status(meant, code).type();
  if (descriptor >= 0) {
    pipe_ = fcntl(descriptor, F_DUPFD_CLOEXEC, 0);
  } else if (type == fs::file_type::fifo || type == fs::file_type::character ||
             type == fs::file_type::socket) {
    pipe_ = open(path_.c_str(), O_WRONLY | O_CLOEXEC);
  } else {
    path_ = meant;
    directory_ = path_.has_parent_path() ? path_.parent_path() : fs::path{"."};
    beside_.emplace(directory_, ".tmp");
  }
  if (file() < 0) fail("cannot be written");
}

AtomicFile::~AtomicFile() {
  if (pipe_ >= 0) close(pipe_);
}

void AtomicFile::fail(const char* what) const {
  const std::error_code code{errno, std::generic_category()};
  throw Error(detail::printable_path(path_.string()) + ": " + what + ": " + code.message());
}

void AtomicFile::write(std::span<const std::byte> bytes) {
  while (!bytes.empty()) {
    const ssize_t written = ::write(file(), bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) fail("cannot be written");
    bytes = bytes.subspan(static_cast<std::size_t>(written));
  }
}

void AtomicFile::commit() {
  if (!beside_) {
    if (close(std::exchange(pipe_, -1)) != 0) fail("cannot be closed");
    return;
  }
  if (fsync(file()) != 0) fail("cannot be flushed to the disk");
  // Open until it has its name: closed, it would be anybody's.
  if (!beside_->put(path_)) fail("cannot be put in place");
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

void make_directory(const std::filesystem::path& directory) {
  std::error_code code;
  std::filesystem::create_directories(directory, code);
  if (code)
    throw Error(detail::printable_path(directory.string()) + ": cannot be made: " + code.message());
}

}  // namespace lamina
