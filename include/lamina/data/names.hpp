#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include <lamina/core/error.hpp>

namespace lamina {

/// What the columns and classes of a data set are called; empty where nobody said.
///
/// Example: `Dataset flowers = data.named({.features = {"length", "width"}, .classes = {"a",
/// "b"}});`
struct Names {
  std::vector<std::string> features = {};  ///< one for each feature of a sample
  std::vector<std::string> classes = {};   ///< one for each class label, from 0 on
  std::vector<std::string> targets = {};  ///< one for each float target in a row, or for the labels

  friend bool operator==(const Names&, const Names&) = default;
};

namespace detail {

inline void check_names(const std::vector<std::string>& names, bool fit, const std::string& wanted,
                        const char* kind) {
  if (names.empty() || fit) return;
  throw Error(std::string("Dataset::named: expected ") + wanted + " " + kind +
              " names or none, found " + std::to_string(names.size()));
}

}  // namespace detail

}  // namespace lamina
