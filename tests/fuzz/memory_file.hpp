#pragma once

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <string>
#include <sys/mman.h>
#include <unistd.h>

#include <lamina/core/error.hpp>
#include <lamina/io/read_options.hpp>

namespace lamina::fuzz {

/// A file of these bytes that lies in memory alone.
class MemoryFile {
 public:
  MemoryFile(const std::uint8_t* bytes, std::size_t size) : file_{memfd_create("fuzz", 0)} {
    if (file_ < 0) std::abort();
    for (std::size_t done = 0; done < size;) {
      const ssize_t written = write(file_, bytes + done, size - done);
      if (written <= 0) std::abort();
      done += static_cast<std::size_t>(written);
    }
  }
  ~MemoryFile() { close(file_); }
  MemoryFile(const MemoryFile&) = delete;
  MemoryFile& operator=(const MemoryFile&) = delete;

  [[nodiscard]] std::filesystem::path path() const {
    return "/proc/self/fd/" + std::to_string(file_);
  }

 private:
  int file_;
};

/// What a packed input may become: less than the fuzzer's own bound on memory.
inline constexpr ReadOptions most{.max_bytes = 1 << 26};

/// What a reader may do with a file: read it, or throw `Error` with a message of some use. Any
/// other exception ends the run.
template <class Action>
void expect_error_or_success(Action action) {
  try {
    action();
  } catch (const Error& error) {
    const std::string message = error.what();
    if (message.find("/proc/self/fd/") == std::string::npos) {
      std::fprintf(stderr, "no file's name in the message: %s\n", message.c_str());
      std::abort();
    }
  }
}

inline void require(bool holds, const char* law) {
  if (holds) return;
  std::fprintf(stderr, "does not hold: %s\n", law);
  std::abort();
}

}  // namespace lamina::fuzz
