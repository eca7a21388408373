#include "plot/gnuplot.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <fcntl.h>
#include <spawn.h>
#include <string_view>
#include <sys/wait.h>
#include <system_error>
#include <unistd.h>

extern char** environ;

namespace lamina::plot {

namespace {

/// A pipe whose ends no other process inherits.
class Pipe {
 public:
  Pipe() {
    if (pipe2(ends_.data(), O_CLOEXEC) != 0) ends_ = {-1, -1};
  }
  ~Pipe() {
    close_end(0);
    close_end(1);
  }
  Pipe(const Pipe&) = delete;
  Pipe& operator=(const Pipe&) = delete;

  [[nodiscard]] int write_end() const { return ends_[1]; }

  /// All that the other side writes, once this process has closed its own write end.
  std::string read_all() {
    close_end(1);
    std::string text;
    std::array<char, 4096> part;
    while (true) {
      const ssize_t size = read(ends_[0], part.data(), part.size());
      if (size < 0 && errno == EINTR) continue;
      if (size <= 0) return text;
      text.append(part.data(), static_cast<std::size_t>(size));
    }
  }

 private:
  void close_end(std::size_t end) {
    if (ends_[end] >= 0) close(ends_[end]);
    ends_[end] = -1;
  }
  std::array<int, 2> ends_{-1, -1};
};

/// What the child does between fork and exec.
class FileActions {
 public:
  FileActions(const std::filesystem::path& directory, int output) {
    posix_spawn_file_actions_init(&actions_);
    posix_spawn_file_actions_addopen(&actions_, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_adddup2(&actions_, output, STDOUT_FILENO);
    posix_spawn_file_actions_adddup2(&actions_, output, STDERR_FILENO);
    posix_spawn_file_actions_addchdir_np(&actions_, directory.c_str());
  }
  ~FileActions() { posix_spawn_file_actions_destroy(&actions_); }
  FileActions(const FileActions&) = delete;
  FileActions& operator=(const FileActions&) = delete;

  [[nodiscard]] const posix_spawn_file_actions_t* get() const { return &actions_; }

 private:
  posix_spawn_file_actions_t actions_{};
};

/// True where the process ended by itself and with success. A program that wants to hear nothing of
/// its children (SIGCHLD ignored) cannot ask; the pictures tell then.
bool ended_well(pid_t process) {
  int status = 0;
  pid_t waited = 0;
  do {
    waited = waitpid(process, &status, 0);
  } while (waited < 0 && errno == EINTR);
  return waited < 0 || (WIFEXITED(status) && WEXITSTATUS(status) == 0);
}

// gnuplot repeats the line it stumbled over and marks the place before it says what is wrong:
// the sentence is the line with a colon behind the number of a line, or the last one.
std::string sentence_of(std::string_view output) {
  std::string last;
  while (!output.empty()) {
    const std::string_view line = output.substr(0, output.find('\n'));
    output.remove_prefix(std::min(output.size(), line.size() + 1));
    if (line.find_first_not_of(" \t\r^") == std::string_view::npos) continue;
    last = line.substr(line.find_first_not_of(" \t"));
    if (line.find("\" line ") != std::string_view::npos) break;
  }
  return last;
}

bool drawn(const std::filesystem::path& picture) {
  std::error_code none;
  const auto size = std::filesystem::file_size(picture, none);
  return !none && size > 0;
}

}  // namespace

GnuplotRun run_gnuplot(const std::filesystem::path& script, const std::string& svg,
                       const std::string& png) {
  using Result = GnuplotRun::Result;
  const std::filesystem::path directory = script.has_parent_path() ? script.parent_path() : ".";
  Pipe output;
  const FileActions actions{directory, output.write_end()};
  // -d: the settings of the user who runs it do not change how pictures look.
  std::array<std::string, 6> words{"gnuplot", "-d", "-c", "./" + script.filename().string(),
                                   svg,       png};
  std::array<char*, 7> arguments{};
  std::transform(words.begin(), words.end(), arguments.begin(),
                 [](std::string& word) { return word.data(); });
  pid_t process = 0;
  const int failed =
      posix_spawnp(&process, "gnuplot", actions.get(), nullptr, arguments.data(), environ);
  if (failed == ENOENT) return {Result::NotInstalled, {}};
  if (failed != 0) return {Result::Failed, std::generic_category().message(failed)};
  const std::string said = output.read_all();
  const bool well = ended_well(process);
  if (well && drawn(directory / svg) && drawn(directory / png)) return {Result::Drawn, {}};
  const std::string sentence = sentence_of(said);
  return {Result::Failed, sentence.empty() ? "no picture and no message of gnuplot" : sentence};
}

}  // namespace lamina::plot
