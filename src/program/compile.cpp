#include "program/compile.hpp"

#include <array>
#include <cerrno>
#include <cstdint>
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <regex>
#include <sstream>
#include <system_error>
#include <unistd.h>

#include "program/toolchain.hpp"

namespace lamina::program {

namespace {

namespace fs = std::filesystem;

// FNV-1a of 64 bits: the same on every machine and in every version, unlike std::hash.
class Hash {
 public:
  void add(const std::string& text) {
    for (const char character : text + '\0') {
      value_ = (value_ ^ static_cast<unsigned char>(character)) * 0x100000001b3ULL;
    }
  }
  [[nodiscard]] std::string text() const {
    std::array<char, 17> digits{};
    std::snprintf(digits.data(), digits.size(), "%016llx", static_cast<unsigned long long>(value_));
    return digits.data();
  }

 private:
  std::uint64_t value_ = 0xcbf29ce484222325ULL;
};

fs::path cache_directory() {
  const char* cache = std::getenv("XDG_CACHE_HOME");
  const char* home = std::getenv("HOME");
  fs::path directory = cache != nullptr && *cache != '\0' ? fs::path(cache)
                       : home != nullptr                  ? fs::path(home) / ".cache"
                                                          : fs::temp_directory_path();
  directory /= "lamina";
  std::error_code code;
  fs::create_directories(directory, code);
  if (code) {
    throw Error(directory.string() +
                ": expected a directory for compiled networks, it cannot be made: " +
                code.message() + "; XDG_CACHE_HOME names another place");
  }
  return directory;
}

std::string source_of(const NetworkProgram& program) {
  return "#include <" + program.header + ">\n\n" + program.network.code +
         "\n#line 1 \"main\"\nint main(int argc, char** argv) {\n  " + program.body + "\n}\n";
}

// All but the names of source and result, which say nothing.
std::vector<std::string> command_of(const Toolchain& tools, const NetworkProgram& program) {
  std::vector<std::string> command = tools.compiler;
  command.insert(command.end(), {"-std=c++20", "-w", "-fdiagnostics-color=never"});
  command.insert(command.end(), tools.flags.begin(), tools.flags.end());
  command.insert(command.end(), tools.includes.begin(), tools.includes.end());
  if (!program.network.directory.empty()) command.push_back("-I" + program.network.directory);
  return command;
}

std::string key_of(const Toolchain& tools, const std::vector<std::string>& command,
                   const std::string& source) {
  Hash hash;
  hash.add(source);
  for (const std::string& word : command) hash.add(word);
  for (const std::string& word : tools.libraries) hash.add(word);
  for (const fs::path& file : tools.sources) {
    std::error_code code;
    hash.add(file.string());
    hash.add(std::to_string(fs::last_write_time(file, code).time_since_epoch().count()));
  }
  return hash.text();
}

// What the compiler says of a wrong network: lamina's own sentence is the name of a type, in pieces
// and filled up with spaces by clang; otherwise the first error.
std::string sentence_of(const fs::path& said) {
  std::ifstream file(said);
  const std::regex error(R"(^(?:(--network|[^/\s:]+\.h[^:]*):(\d+):\d+: )?.*\berror: (.*))");
  const std::regex quoted(R"re("((?:[^"\\]|\\.)*)")re");
  std::string first;
  for (std::string line; std::getline(file, line);) {
    std::smatch found;
    if (!std::regex_search(line, found, error)) continue;
    if (line.find("Mistake<") != std::string::npos) {
      std::string sentence;
      for (std::sregex_iterator piece(line.begin(), line.end(), quoted), end; piece != end;
           ++piece) {
        sentence += (*piece)[1].str();
      }
      sentence = std::regex_replace(sentence, std::regex(" +"), " ");
      return sentence.substr(0, sentence.find_last_not_of(' ') + 1);
    }
    if (first.empty()) first = found[3].str();
  }
  return first.empty() ? "the compiler gave up without a word" : first;
}

[[noreturn]] void fail(const NetworkProgram& program, const Toolchain& tools, int status,
                       const fs::path& said) {
  std::error_code code;
  if (status == 127) {
    fs::remove(said, code);
    throw Error(
        std::string("expected a C++20 compiler '") + tools.compiler.front() +
        "' to compile the network with, found none: install one (`apt install g++`) or name "
        "one in the environment variable CXX");
  }
  const std::string sentence = sentence_of(said);
  const fs::path log = said.parent_path() / "last_error.txt";
  fs::rename(said, log, code);
  if (program.network.ready) {
    throw Error("expected the network to compile, found: " + sentence +
                " (the compiler's output: " + log.string() + ")");
  }
  throw UsageError("--network: " + sentence);
}

}  // namespace

fs::path compile(const NetworkProgram& program) {
  const Toolchain tools = find_toolchain();
  const std::string source = source_of(program);
  std::vector<std::string> command = command_of(tools, program);
  const fs::path directory = cache_directory();
  const fs::path result = directory / key_of(tools, command, source);
  if (fs::exists(result)) return result;

  std::cerr << program.said << std::endl;
  // Under names of this process until it is whole: several may compile the same network at once.
  const fs::path stem = result.string() + "." + std::to_string(getpid());
  const fs::path code_file = stem.string() + ".cpp";
  const fs::path said = stem.string() + ".txt";
  const fs::path executable = stem.string() + ".tmp";
  std::ofstream(code_file) << source;
  command.insert(command.end(), {code_file.string(), "-o", executable.string()});
  command.insert(command.end(), tools.libraries.begin(), tools.libraries.end());
  const int status = run_command(command, said);
  std::error_code ignored;
  if (status != 0) {
    fs::remove(code_file, ignored);
    fs::remove(executable, ignored);
    fail(program, tools, status, said);
  }
  fs::remove(said, ignored);
  fs::rename(code_file, result.string() + ".cpp", ignored);
  fs::rename(executable, result);
  return result;
}

void become(const fs::path& executable, const std::string& argument) {
  std::cout.flush();
  std::string name = executable.string();
  std::string text = argument;
  std::array<char*, 3> arguments{name.data(), text.data(), nullptr};
  execv(executable.c_str(), arguments.data());
  throw Error(executable.string() +
              ": cannot be started: " + std::error_code(errno, std::generic_category()).message());
}

}  // namespace lamina::program
