#include "program/cache.hpp"

#include <array>
#include <cerrno>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <pwd.h>
#include <span>
#include <system_error>
#include <unistd.h>

#include <lamina/core/error.hpp>
#include <lamina/core/printable.hpp>

#include "io/safetensors_checksum.hpp"
#include "io/text_file.hpp"

namespace lamina::program {

namespace {

namespace fs = std::filesystem;

fs::path absolute_from_environment(const char* name) {
  const char* value = std::getenv(name);
  return value != nullptr && fs::path(value).is_absolute() ? fs::path(value) : fs::path();
}

// What the user's entry says where a service or cron has no HOME: never a place that all share.
fs::path home_directory() {
  if (const fs::path home = absolute_from_environment("HOME"); !home.empty()) return home;
  const passwd* const user = getpwuid(geteuid());
  if (user != nullptr && user->pw_dir != nullptr && fs::path(user->pw_dir).is_absolute()) {
    return user->pw_dir;
  }
  throw Error(
      "expected a home directory for compiled networks, found none; XDG_CACHE_HOME names another "
      "place");
}

// Size and checksum of an open file, as `.sum` has them; empty where it cannot be read.
std::string sum_of(const OpenFile& file) {
  io::Checksum checksum;
  std::size_t size = 0;
  std::array<std::byte, 65536> part{};
  while (true) {
    const ssize_t got = pread(file.get(), part.data(), part.size(), static_cast<off_t>(size));
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return "";
    if (got == 0) return std::to_string(size) + " " + checksum.text() + "\n";
    checksum.add(std::span(part).first(static_cast<std::size_t>(got)));
    size += static_cast<std::size_t>(got);
  }
}

std::string text_of(const fs::path& path) {
  std::ifstream file(path);
  return {std::istreambuf_iterator<char>(file), {}};
}

// True where a header that the code was compiled with is newer than the code, or gone, or the list
// of them is.
bool is_outdated(const fs::path& executable) {
  std::error_code code;
  // Written when the compiler started: what changes while it works is newer.
  const auto compiled = fs::last_write_time(executable.string() + ".cpp", code);
  std::ifstream file(executable.string() + ".d");
  if (code || !file) return true;
  for (std::string name; file >> name;) {
    for (std::string rest; name.size() > 1 && name.back() == '\\' && file >> rest; name += rest) {
      name.back() = ' ';  // one in a name
    }
    const bool of_this_program = name.starts_with(executable.string() + ".");
    if (name == "\\" || name.ends_with(':') || of_this_program) continue;
    if (const auto changed = fs::last_write_time(name, code); code || changed > compiled) {
      return true;
    }
  }
  return false;
}

}  // namespace

fs::path cache_directory() {
  const fs::path named = absolute_from_environment("XDG_CACHE_HOME");
  return (named.empty() ? home_directory() / ".cache" : named) / "lamina";
}

Cache::Cache() : path_{cache_directory()}, file_{open_private_directory(path_)} {}

std::optional<Executable> Cache::find(const std::string& key) const {
  Executable found{open_private_file(file_, path_ / key), path_ / key};
  if (!found.file.is_open()) return std::nullopt;
  const std::string sum = sum_of(found.file);
  if (sum.empty() || sum != text_of(path_ / (key + ".sum"))) return std::nullopt;
  if (is_outdated(found.path)) return std::nullopt;
  return found;
}

void Cache::keep(const fs::path& stem, const std::string& key) const {
  const fs::path result = path_ / key;
  const OpenFile made = open_private_file(file_, stem.string() + ".tmp");
  const std::string sum = sum_of(made);
  if (sum.empty()) {
    throw Error(detail::printable_path(path_.string()) +
                ": expected an executable from the compiler, it cannot be read");
  }
  fs::rename(stem.string() + ".cpp", result.string() + ".cpp");
  fs::rename(stem.string() + ".d", result.string() + ".d");
  fs::rename(stem.string() + ".tmp", result);
  io::write_text(result.string() + ".sum", sum);
}

}  // namespace lamina::program
