#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>

#include <lamina/program/configuration.hpp>

namespace lamina::program {

/// What decides the type of a ready network.
struct NetworkShape {
  std::size_t features = 1;
  std::size_t outputs = 1;
  Task task = Task::Classification;
};

/// A network that has a name.
struct ReadyNetwork {
  std::string_view name;
  std::string_view meaning;
  std::string (*type)(const NetworkShape& shape);  ///< the text of its type
};

/// All of them, in the order of help pages.
[[nodiscard]] std::span<const ReadyNetwork> ready_networks();

/// The code of a network.
struct NetworkSource {
  std::string code;       ///< defines `Net`
  std::string directory;  ///< where headers beside it are looked for; empty: nowhere
  bool ready = false;     ///< named, not written by the user
};

/// What `--network` means: the name of a ready network, the text of a type (`Network<...>`), or a
/// header that defines `Net`.
///
/// Errors: `UsageError` for what is none of these, `Error` for a header that cannot be read.
[[nodiscard]] NetworkSource find_network(const std::string& network, const NetworkShape& shape);

/// The text of the type in code that `find_network` has made of one; empty for other code.
[[nodiscard]] std::string_view type_in(std::string_view code);

}  // namespace lamina::program
