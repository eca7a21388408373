#include "program/compile.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iostream>
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
  std::string optimizer;
  if (!program.optimizer.code.empty()) {
    optimizer = "  using namespace lamina;\n  const auto optimizer =\n#line 1 \"--optimizer\"\n" +
                program.optimizer.code + "\n#line 1 \"main\"\n;\n";
  }
  return "#include <" + program.header + ">\n\n" + program.network.code +
         "\n#line 1 \"main\"\nint main(int argc, char** argv) {\n" + optimizer + "  " +
         program.body + "\n}\n";
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

std::string said_by(const std::string& command) {
  std::string said;
  if (std::FILE* const pipe = popen(command.c_str(), "r")) {
    std::array<char, 512> part{};
    while (const std::size_t size = std::fread(part.data(), 1, part.size(), pipe)) {
      said.append(part.data(), size);
    }
    pclose(pipe);
  }
  return said;
}

// The instructions that this machine's processor has, where the system tells them.
std::string processor() {
  std::ifstream file("/proc/cpuinfo");
  for (std::string line; std::getline(file, line);) {
    if (line.starts_with("flags") || line.starts_with("Features")) return line;
  }
  return "";
}

// True where a header of the user's own is newer than what was compiled with it, or gone.
bool is_outdated(const fs::path& executable) {
  std::error_code code;
  const auto compiled = fs::last_write_time(executable, code);
  std::ifstream file(executable.string() + ".d");
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

std::string key_of(const Toolchain& tools, const std::vector<std::string>& command,
                   const std::string& source) {
  Hash hash;
  hash.add(source);
  for (const std::string& word : command) hash.add(word);
  for (const std::string& word : tools.libraries) hash.add(word);
  std::string compiler;
  for (const std::string& word : tools.compiler) compiler += word + " ";
  hash.add(said_by(compiler + "--version 2>/dev/null"));
  if (std::find(command.begin(), command.end(), "-march=native") != command.end()) {
    hash.add(processor());  // the directory may be one that machines share
  }
  for (const fs::path& file : tools.sources) {
    std::error_code code;
    hash.add(file.string());
    hash.add(std::to_string(fs::last_write_time(file, code).time_since_epoch().count()));
  }
  return hash.text();
}

// All that stands in quotation marks, as one text with single spaces. No regular expression: those
// of the standard library end in a stack overflow on the 30,000 characters that g++ may say.
std::string quoted_in(const std::string& line) {
  std::string text;
  bool inside = false;
  for (std::size_t i = 0; i < line.size(); ++i) {
    if (line[i] == '"') {
      inside = !inside;
    } else if (inside) {
      if (line[i] == '\\' && i + 1 < line.size()) ++i;
      if (line[i] != ' ' || (!text.empty() && text.back() != ' ')) text += line[i];
    }
  }
  return text.substr(0, text.find_last_not_of(' ') + 1);
}

struct Complaint {
  std::string sentence = "the compiler gave up without a word";
  std::string place;  // the file that has the error
};

// What the compiler says of a wrong network: lamina's own sentence is the name of a type, in pieces
// and filled up with spaces by clang; otherwise the first error.
Complaint complaint_in(const fs::path& said) {
  std::ifstream file(said);
  constexpr std::string_view error = "error: ";
  Complaint first;
  for (std::string line; std::getline(file, line);) {
    const std::size_t at = line.find(error);
    if (at == std::string::npos) continue;
    const std::string place = line.substr(0, line.find(':'));
    if (line.find("Mistake<") != std::string::npos) return {quoted_in(line), place};
    if (first.place.empty()) first = {line.substr(at + error.size()), place};
  }
  return first;
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
  const Complaint complaint = complaint_in(said);
  const fs::path log = said.parent_path() / "last_error.txt";
  fs::rename(said, log, code);
  if (program.network.ready && program.optimizer.ready) {
    throw Error("expected the network to compile, found: " + complaint.sentence +
                " (the compiler's output: " + log.string() + ")");
  }
  const bool of_optimizer = program.network.ready || complaint.place == "--optimizer";
  throw UsageError((of_optimizer ? "--optimizer: " : "--network: ") + complaint.sentence);
}

}  // namespace

fs::path compile(const NetworkProgram& program) {
  const Toolchain tools = find_toolchain();
  const std::string source = source_of(program);
  std::vector<std::string> command = command_of(tools, program);
  const fs::path directory = cache_directory();
  const fs::path result = directory / key_of(tools, command, source);
  if (fs::exists(result) && !is_outdated(result)) return result;

  std::cerr << program.said << std::endl;
  // Under names of this process until it is whole: several may compile the same network at once.
  const fs::path stem = result.string() + "." + std::to_string(getpid());
  const fs::path code_file = stem.string() + ".cpp";
  const fs::path said = stem.string() + ".txt";
  const fs::path executable = stem.string() + ".tmp";
  if (!(std::ofstream(code_file) << source << std::flush)) {
    throw Error(directory.string() +
                ": expected a directory for compiled networks, it cannot be written to; "
                "XDG_CACHE_HOME names another place");
  }
  const fs::path headers = stem.string() + ".d";
  command.insert(command.end(),
                 {code_file.string(), "-o", executable.string(), "-MMD", "-MF", headers.string()});
  command.insert(command.end(), tools.libraries.begin(), tools.libraries.end());
  const int status = run_command(command, said);
  std::error_code ignored;
  if (status != 0) {
    fs::remove(code_file, ignored);
    fs::remove(executable, ignored);
    fs::remove(headers, ignored);
    fail(program, tools, status, said);
  }
  fs::remove(said, ignored);
  fs::rename(code_file, result.string() + ".cpp", ignored);
  fs::rename(headers, result.string() + ".d", ignored);
  fs::rename(executable, result);
  return result;
}

void become(const fs::path& executable, const std::string& job) {
  std::cout.flush();
  std::string name = executable.string();
  // An argument has at most 128 KiB, which the names of 10,000 columns have, too.
  std::FILE* const file = std::tmpfile();
  if (file == nullptr || std::fwrite(job.data(), 1, job.size(), file) != job.size() ||
      std::fflush(file) != 0) {
    throw Error("expected room for a temporary file, found: " +
                std::error_code(errno, std::generic_category()).message());
  }
  std::string text = std::to_string(fileno(file));
  std::array<char*, 3> arguments{name.data(), text.data(), nullptr};
  execv(executable.c_str(), arguments.data());
  throw Error(executable.string() +
              ": cannot be started: " + std::error_code(errno, std::generic_category()).message());
}

}  // namespace lamina::program
