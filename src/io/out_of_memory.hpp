#pragma once

#include <filesystem>
#include <new>
#include <stdexcept>
#include <string>

#include <lamina/core/error.hpp>
#include <lamina/core/printable.hpp>

namespace lamina::io {

/// What `action` makes of a file; an `Error` that names the file where memory does not suffice.
template <class Action>
auto within_memory(const std::filesystem::path& path, Action&& action) {
  const auto too_little = [&] {
    return Error(detail::printable_path(path.string()) +
                 ": expected memory for what the file holds, found too little");
  };
  try {
    return action();
  } catch (const std::bad_alloc&) {
    throw too_little();
  } catch (const std::length_error&) {  // more than any vector holds
    throw too_little();
  }
}

}  // namespace lamina::io
