#include <array>
#include <charconv>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <iostream>
#include <string>
#include <tbb/global_control.h>

#include <lamina/core/printable.hpp>
#include <lamina/program/session.hpp>

namespace lamina::program {

struct ThreadLimit::Control {
  explicit Control(int threads)
      : limit(tbb::global_control::max_allowed_parallelism, static_cast<std::size_t>(threads)) {}
  tbb::global_control limit;
};

ThreadLimit::ThreadLimit(int threads) {
  if (threads > 0) control_ = std::make_unique<Control>(threads);
}

ThreadLimit::~ThreadLimit() = default;

namespace {

// Whatever is in the names of files and columns: a line without control characters.
void complain(const std::exception& error) {
  constexpr std::size_t most = 2000;
  std::cerr << "lamina: " << detail::printable(error.what(), most) << '\n';
}

}  // namespace

void expect_said() {
  if (!std::cout.flush()) throw Error("standard output: expected room to write, found none");
}

int guarded(const std::function<void()>& command) {
  constexpr int failed = 1;
  constexpr int used_wrongly = 2;
  try {
    command();
    expect_said();
    return 0;
  } catch (const UsageError& error) {
    complain(error);
    return used_wrongly;
  } catch (const std::exception& error) {
    complain(error);
    return failed;
  }
}

Job job_from_arguments(int argc, char** argv) {
  std::string text;
  if (std::FILE* const file = argc == 2 ? fdopen(std::atoi(argv[1]), "r") : nullptr) {
    std::rewind(file);
    std::array<char, 4096> part{};
    while (const std::size_t size = std::fread(part.data(), 1, part.size(), file)) {
      text.append(part.data(), size);
    }
    std::fclose(file);
  }
  if (text.empty()) throw Error("expected a job of the program lamina, found none");
  return job_from_json(text);
}

double as_written(float number) {
  std::array<char, 32> text{};
  const auto end = std::to_chars(text.begin(), text.end(), number).ptr;
  double written = 0;
  std::from_chars(text.begin(), end, written);
  return written;
}

}  // namespace lamina::program
