#pragma once

#include <string>
#include <string_view>

#include <lamina/core/error.hpp>

namespace lamina::detail {

/// Shows an archive a text that a run must share with the one that it goes on with.
/// Errors: `Error` where it is another one.
template <class Archive>
void serialize_same(Archive& archive, std::string_view name, const std::string& text) {
  std::string found = text;
  archive(name, found);
  if (found == text) return;
  throw Error(std::string("expected ") + std::string(name) + " '" + text + "', found a run with '" +
              found + "'");
}

}  // namespace lamina::detail
