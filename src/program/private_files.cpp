#include "program/private_files.hpp"

#include <array>
#include <cerrno>
#include <cstdio>
#include <fcntl.h>
#include <string>
#include <sys/file.h>
#include <system_error>
#include <unistd.h>

#include <lamina/core/error.hpp>
#include <lamina/core/printable.hpp>

namespace lamina::program {

namespace {

namespace fs = std::filesystem;

[[noreturn]] void refuse(const fs::path& path, const std::string& found) {
  throw Error(detail::printable_path(path.string()) +
              ": expected what is yours and only you can write to, since it decides what is run, "
              "found " +
              found + "; remove it, or name another place in XDG_CACHE_HOME");
}

std::string reason() {
  return std::generic_category().message(errno);
}

// Looked at where it is open: what has its name may be another by now.
void expect_private(const OpenFile& file, const fs::path& path) {
  struct stat found{};
  if (fstat(file.get(), &found) != 0) refuse(path, reason());
  if (found.st_uid != geteuid()) {
    refuse(path, "that it belongs to another user (" + std::to_string(found.st_uid) + ")");
  }
  if ((found.st_mode & (S_IWGRP | S_IWOTH)) != 0) {
    std::array<char, 8> mode{};
    std::snprintf(mode.data(), mode.size(), "%o", found.st_mode & 07777U);
    refuse(path, std::string("that others can write to it (mode ") + mode.data() + ")");
  }
}

// Those above it too: the XDG specification wants all of them for their user alone.
void make_directories(const fs::path& path) {
  std::error_code code;
  if (fs::exists(path, code)) return;
  if (path.has_parent_path() && path.parent_path() != path) make_directories(path.parent_path());
  if (mkdir(path.c_str(), S_IRWXU) == 0 || errno == EEXIST) return;
  throw Error(detail::printable_path(path.string()) +
              ": expected a directory for compiled networks, it cannot be made: " + reason() +
              "; XDG_CACHE_HOME names another place");
}

}  // namespace

OpenFile::~OpenFile() {
  if (file_ >= 0) close(file_);
}

OpenFile open_private_directory(const fs::path& path) {
  make_directories(path);
  OpenFile file{open(path.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)};
  if (!file.is_open()) {
    refuse(path, errno == ENOTDIR || errno == ELOOP ? "a link or a file" : reason());
  }
  expect_private(file, path);
  return file;
}

OpenFile open_private_file(const OpenFile& directory, const fs::path& path) {
  // Without O_NONBLOCK a pipe of that name would be waited for.
  OpenFile file{openat(directory.get(), path.filename().c_str(),
                       O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC)};
  if (!file.is_open()) {
    if (errno != ENOENT) refuse(path, errno == ELOOP ? "a link" : reason());
    return file;
  }
  expect_private(file, path);
  return file;
}

FileLock::FileLock(fs::path path) : path_{std::move(path)} {
  while (true) {
    file_ = open(path_.c_str(), O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, S_IRUSR | S_IWUSR);
    if (file_ < 0) return;  // whatever is written next says why
    int locked = 0;
    while ((locked = flock(file_, LOCK_EX)) != 0 && errno == EINTR) continue;
    held_ = locked == 0;
    struct stat found{};
    // Who had it before has removed the file.
    if (!held_ || (fstat(file_, &found) == 0 && found.st_nlink > 0)) return;
    close(file_);
  }
}

FileLock::~FileLock() {
  if (held_) unlink(path_.c_str());
  if (file_ >= 0) close(file_);
}

}  // namespace lamina::program
