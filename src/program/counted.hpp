#pragma once

#include <cstddef>
#include <string>

namespace lamina::program {

/// "1 feature", "2 features".
[[nodiscard]] inline std::string counted(std::size_t count, const std::string& one) {
  const char* const ending = count == 1 ? "" : one.ends_with('s') ? "es" : "s";
  return std::to_string(count) + " " + one + ending;
}

}  // namespace lamina::program
