#pragma once

#include <filesystem>
#include <new>
#include <stdexcept>

#include <lamina/core/error.hpp>
#include <lamina/core/printable.hpp>

namespace lamina::detail {

/// Does what reads a file; an `Error` of it then begins with the file's name, and so does the one
/// that lack of memory becomes.
template <class Action>
decltype(auto) naming_file(const std::filesystem::path& path, Action&& action) {
  try {
    return action();
  } catch (const Error& error) {
    throw Error(printable_path(path.string()) + ": " + error.what());
  } catch (const std::bad_alloc&) {
    throw Error(printable_path(path.string()) +
                ": expected memory for its content, found too little");
  } catch (const std::length_error&) {
    throw Error(printable_path(path.string()) +
                ": expected memory for its content, found too little");
  }
}

}  // namespace lamina::detail
