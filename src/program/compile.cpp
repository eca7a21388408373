#include "program/compile.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdio>
#include <fstream>
#include <iostream>
#include <system_error>
#include <unistd.h>

#include <lamina/core/printable.hpp>

#include "program/complaint.hpp"
#include "program/fingerprint.hpp"
#include "program/toolchain.hpp"
#include "program/trust.hpp"

namespace lamina::program {

namespace {

namespace fs = std::filesystem;

std::string source_of(const NetworkProgram& program) {
  std::string optimizer;
  if (!program.optimizer.code.empty()) {
    optimizer = "  using namespace lamina;\n  const auto optimizer =\n#line 1 \"--optimizer\"\n" +
                program.optimizer.code + "\n#line 1 \"main\"\n;\n";
  }
  std::string augmentation;
  if (!program.augment.empty()) {
    augmentation =
        "  using namespace lamina;\n  using Augmentation = Augment<\n#line 1 \"--augment\"\n" +
        program.augment + "\n#line 1 \"main\"\n>;\n";
  }
  return "#include <" + program.header + ">\n\n" + program.network.code +
         "\n#line 1 \"main\"\nint main(int argc, char** argv) {\n" + optimizer + augmentation +
         "  " + program.body + "\n}\n";
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

std::string key_of(const Toolchain& tools, const std::vector<std::string>& command,
                   const std::string& source) {
  Fingerprint hash;
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

// The option whose text does not compile, and what is wrong; no option where no text of the user's
// own is to blame.
std::string said_of_options(const NetworkProgram& program, const Complaint& complaint) {
  constexpr std::string_view of_lists = "Augment: ";
  if (complaint.sentence.starts_with(of_lists)) {
    return "--augment: " + complaint.sentence.substr(of_lists.size());
  }
  const bool own_optimizer = !program.optimizer.code.empty() && !program.optimizer.ready;
  if (complaint.place == "--augment") return "--augment: " + complaint.sentence;
  if (complaint.place == "--optimizer") return "--optimizer: " + complaint.sentence;
  if (!program.network.ready) return "--network: " + complaint.sentence;
  if (own_optimizer) return "--optimizer: " + complaint.sentence;
  return program.augment.empty() ? "" : "--augment: " + complaint.sentence;
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
  if (const std::string wrong = said_of_options(program, complaint); !wrong.empty()) {
    throw UsageError(wrong);
  }
  throw Error("expected the network to compile, found: " + complaint.sentence +
              " (the compiler's output: " + log.string() + ")");
}

// Compiles to `stem` with `.tmp`, beside `.cpp` and `.d`, or leaves none of them.
void build(const NetworkProgram& program, const Toolchain& tools, std::vector<std::string> command,
           const std::string& source, const fs::path& stem) {
  const std::string code_file = stem.string() + ".cpp";
  const std::string executable = stem.string() + ".tmp";
  const std::string headers = stem.string() + ".d";
  const fs::path said = stem.string() + ".txt";
  std::error_code ignored;
  fs::remove(executable, ignored);  // of a process that was stopped
  if (!(std::ofstream(code_file) << source << std::flush)) {
    throw Error(detail::printable_path(stem.parent_path().string()) +
                ": expected a directory for compiled networks, it cannot be written to; "
                "XDG_CACHE_HOME names another place");
  }
  command.insert(command.end(), {code_file, "-o", executable, "-MMD", "-MF", headers});
  command.insert(command.end(), tools.libraries.begin(), tools.libraries.end());
  const int status = run_command(command, said);
  if (status == 0) {
    fs::remove(said, ignored);
    return;
  }
  for (const std::string& file : {code_file, executable, headers}) fs::remove(file, ignored);
  fail(program, tools, status, said);
}

Executable find_or_build(const NetworkProgram& program) {
  const Toolchain tools = find_toolchain();
  const std::string source = source_of(program);
  const std::vector<std::string> command = command_of(tools, program);
  const Cache cache;
  const std::string key = key_of(tools, command, source);
  if (auto found = cache.find(key)) return std::move(*found);

  std::cerr << program.said << std::endl;
  const FileLock lock(cache.directory() / (key + ".lock"));
  if (auto found = cache.find(key)) return std::move(*found);  // another has just compiled it
  // Under other names until it is whole; where there are no locks, of this process alone. With one,
  // what a process leaves that is stopped is overwritten by the next.
  const std::string name = key + (lock.is_held() ? ".new" : "." + std::to_string(getpid()));
  const fs::path stem = cache.directory() / name;
  build(program, tools, command, source, stem);
  cache.keep(stem, key);
  if (auto found = cache.find(key)) return std::move(*found);
  throw Error(detail::printable_path(cache.directory().string()) +
              ": expected the executable that was just compiled, found it changed");
}

}  // namespace

Executable compile(const NetworkProgram& program) {
  const PrivateMode mode;
  Executable found = find_or_build(program);
  remember(program);
  return found;
}

void become(const Executable& executable, const std::string& job) {
  std::cout.flush();
  std::string name = executable.path.string();
  // An argument has at most 128 KiB, which the names of 10,000 columns have, too.
  std::FILE* const file = std::tmpfile();
  if (file == nullptr || std::fwrite(job.data(), 1, job.size(), file) != job.size() ||
      std::fflush(file) != 0) {
    throw Error("expected room for a temporary file, found: " +
                std::error_code(errno, std::generic_category()).message());
  }
  std::string text = std::to_string(fileno(file));
  std::array<char*, 3> arguments{name.data(), text.data(), nullptr};
  fexecve(executable.file.get(), arguments.data(), environ);
  throw Error(detail::printable_path(name) +
              ": cannot be started: " + std::error_code(errno, std::generic_category()).message());
}

}  // namespace lamina::program
