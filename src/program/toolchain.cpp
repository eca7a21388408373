#include "program/toolchain.hpp"

#include <cerrno>
#include <cstdlib>
#include <fcntl.h>
#include <spawn.h>
#include <sstream>
#include <string_view>
#include <sys/wait.h>
#include <system_error>
#include <unistd.h>

#include <lamina/core/error.hpp>

#include "program/build_paths.hpp"

namespace lamina::program {

namespace {

namespace fs = std::filesystem;

std::vector<std::string> words(const std::string& text) {
  std::istringstream stream(text);
  std::vector<std::string> found;
  for (std::string word; stream >> word;) found.push_back(word);
  return found;
}

std::vector<std::string> from_environment(const char* name, std::vector<std::string> otherwise) {
  const char* value = std::getenv(name);
  if (value == nullptr || words(value).empty()) return otherwise;
  return words(value);
}

void add_tree(const fs::path& directory, std::vector<fs::path>& files) {
  for (const auto& entry : fs::recursive_directory_iterator(directory)) {
    if (entry.is_regular_file()) files.push_back(entry.path());
  }
}

// Where lamina is installed, should this program be.
fs::path installed_prefix() {
  std::error_code code;
  const fs::path self = fs::read_symlink("/proc/self/exe", code);
  const fs::path prefix = self.parent_path().parent_path();
  const bool there = fs::exists(prefix / installed_includes / "lamina/program/runner.hpp", code) &&
                     fs::exists(prefix / installed_libraries / "liblamina_program.a", code);
  return there ? prefix : fs::path{};
}

}  // namespace

Toolchain find_toolchain() {
  const fs::path prefix = installed_prefix();
  const fs::path includes = prefix.empty() ? built_includes : prefix / installed_includes;
  const fs::path library = prefix.empty() ? fs::path(built_library)
                                          : prefix / installed_libraries / "liblamina_program.a";
  Toolchain found;
  found.compiler = from_environment("CXX", {std::begin(compiler), std::end(compiler)});
  found.flags = from_environment("CXXFLAGS", {"-O3", "-march=native"});
  found.includes = {"-I" + includes.string()};
  found.includes.insert(found.includes.end(), std::begin(other_includes), std::end(other_includes));
  found.libraries = {library.string()};
  found.libraries.insert(found.libraries.end(), std::begin(other_libraries),
                         std::end(other_libraries));
  if (fs::is_directory(includes / "lamina")) add_tree(includes / "lamina", found.sources);
  found.sources.push_back(library);
  return found;
}

int run_command(const std::vector<std::string>& command, const std::filesystem::path& said) {
  std::vector<char*> arguments;
  for (const std::string& word : command) arguments.push_back(const_cast<char*>(word.c_str()));
  arguments.push_back(nullptr);
  posix_spawn_file_actions_t files;
  posix_spawn_file_actions_init(&files);
  posix_spawn_file_actions_addopen(&files, STDOUT_FILENO, said.c_str(),
                                   O_WRONLY | O_CREAT | O_TRUNC, 0666);
  posix_spawn_file_actions_adddup2(&files, STDOUT_FILENO, STDERR_FILENO);
  pid_t process = 0;
  const int refused =
      posix_spawnp(&process, arguments[0], &files, nullptr, arguments.data(), environ);
  posix_spawn_file_actions_destroy(&files);
  if (refused == ENOENT) return 127;
  if (refused != 0) {
    throw Error(command.front() + ": cannot be started, or not write to " + said.string() + ": " +
                std::error_code(refused, std::generic_category()).message());
  }
  int status = 0;
  waitpid(process, &status, 0);
  return WIFEXITED(status) ? WEXITSTATUS(status) : 1;
}

}  // namespace lamina::program
