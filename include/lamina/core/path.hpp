#pragma once

#include <algorithm>
#include <array>
#include <string>

#include <lamina/core/text.hpp>

namespace lamina {

/// Where an item stands: its position in the network's list, counted after `Input`, then its
/// position in each list inside. Written `4.1`, as PyTorch names the arrays of nested modules.
struct Path {
  static constexpr int most_levels = 8;
  std::array<int, most_levels> at{};
  int levels = 1;

  /// The position in the innermost list. Deeper ones than `most_levels`, which the checks of a
  /// network refuse, share a number.
  [[nodiscard]] constexpr int& last() {
    return at[static_cast<std::size_t>(std::min(levels, most_levels) - 1)];
  }
  /// Into the list of the item here.
  constexpr void enter() {
    ++levels;
    last() = 0;
  }
  /// Back to the item whose list this is.
  constexpr void leave() { --levels; }

  friend constexpr bool operator==(const Path& a, const Path& b) {
    if (a.levels != b.levels) return false;
    for (int i = 0; i < a.levels; ++i) {
      if (a.at[static_cast<std::size_t>(i)] != b.at[static_cast<std::size_t>(i)]) return false;
    }
    return true;
  }
};

/// Writes a path as `4.1`.
constexpr TextBuffer text_of(const Path& path) {
  TextBuffer text;
  for (int i = 0; i < path.levels; ++i) {
    if (i > 0) text << ".";
    text << path.at[static_cast<std::size_t>(i)];
  }
  return text;
}

/// `4.1.weight`: the name of an array of the item at a path.
inline std::string name_at(const Path& path, const char* name) {
  const TextBuffer text = text_of(path);
  return std::string(text.view()) + "." + name;
}

}  // namespace lamina
