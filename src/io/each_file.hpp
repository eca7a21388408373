#pragma once

#include <cstddef>
#include <filesystem>
#include <vector>

#include <lamina/io/read_progress.hpp>

#include "io/out_of_memory.hpp"

namespace lamina::io {

/// Does something to files one after another, and says how far it is.
template <class Action>
void for_each_file(const std::vector<std::filesystem::path>& files, const ReadCallback& progress,
                   Action action) {
  for (std::size_t done = 0; done < files.size(); ++done) {
    if (progress) progress({.done = done, .total = files.size(), .file = files[done]});
    within_memory(files[done], [&] { action(files[done]); });
  }
  if (progress) progress({.done = files.size(), .total = files.size()});
}

}  // namespace lamina::io
