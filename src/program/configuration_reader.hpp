#pragma once

#include <nlohmann/json.hpp>

#include <lamina/program/configuration.hpp>

namespace lamina::program {

/// How far a run has come.
enum class Progress {
  Planned,  ///< its data are known, means and fills of its training part may not be
  Begun     ///< all of it is known
};

/// A configuration, every field of it checked: that it is there, its type, its range, that it fits
/// the others, and that there is no other.
/// Errors: `Error` that begins with the name of a field.
[[nodiscard]] Configuration configuration_from(const nlohmann::json& json, Progress progress);

/// The same fields.
[[nodiscard]] nlohmann::json json_of(const Configuration& configuration);

}  // namespace lamina::program
