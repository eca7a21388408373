#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>

#include <lamina/program/configuration.hpp>

namespace lamina::program {

/// What decides the type of a ready network.
struct NetworkShape {
  Shape input{1};  ///< as files have it: images have more than one position
  std::size_t outputs = 1;
  Task task = Task::Classification;
};

/// A network that has a name.
struct ReadyNetwork {
  std::string_view name;
  std::string_view meaning;
  std::string (*type)(const NetworkShape& shape);  ///< the text of its type
  int least_side = 0;  ///< of the images that it takes; 0: it takes any samples
};

/// All of them, in the order of help pages.
[[nodiscard]] std::span<const ReadyNetwork> ready_networks();

/// True for the name of one of them.
[[nodiscard]] bool is_ready(const std::string& network);

/// The code of a network.
struct NetworkSource {
  std::string code;       ///< defines `Net`
  std::string directory;  ///< where headers beside it are looked for; empty: nowhere
  bool ready = false;     ///< named, not written by the user
};

/// What `--network` means: the name of a ready network, the text of a type (`Network<...>`), or a
/// header that defines `Net`.
///
/// Errors: `UsageError` for what is none of these and for samples that are no images, or too small
/// ones, for a network that takes images; `Error` for a header that cannot be read.
[[nodiscard]] NetworkSource find_network(const std::string& network, const NetworkShape& shape);

/// The text of the type in code that `find_network` has made of one; empty for other code.
[[nodiscard]] std::string_view type_in(std::string_view code);

}  // namespace lamina::program
