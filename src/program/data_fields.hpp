#pragma once

#include <lamina/program/configuration.hpp>

#include "program/json_fields.hpp"

/// The fields of a configuration that say how data are read.
namespace lamina::program {

/// Errors: as `JsonFields`, for all that is no option.
[[nodiscard]] TableOptions table_from(JsonFields fields);
[[nodiscard]] FolderOptions folder_from(JsonFields fields);

}  // namespace lamina::program
