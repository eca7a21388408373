#pragma once

#include <string>

#include <lamina/core/error.hpp>

#include "catch.hpp"

namespace lamina::testing {

/// The message of the `Error` that `action` throws; fails the test when it throws none.
template <class Action>
std::string error_of(Action&& action) {
  try {
    action();
  } catch (const Error& error) {
    return error.what();
  }
  FAIL("expected lamina::Error, found none");
  return {};
}

/// True where `text` has every one of `parts`; a part that is missing is shown.
template <class... Parts>
bool has(const std::string& text, const Parts&... parts) {
  bool all = true;
  const auto look = [&](const std::string& part) {
    if (text.find(part) != std::string::npos) return;
    UNSCOPED_INFO("not in the message: '" << part << "'; the message: " << text);
    all = false;
  };
  (look(parts), ...);
  return all;
}

}  // namespace lamina::testing
