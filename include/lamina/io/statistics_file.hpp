#pragma once

#include <filesystem>

#include <lamina/core/error.hpp>

namespace lamina {

struct Statistics;

/// Writes what a `Statistics` has recorded as a table: a header and one line a step and layer, with
/// epoch, step, layer, its name in quotes, mean and deviation of its outputs, share of dead units,
/// norm of the gradient by its weights, root mean square of that by its values. Empty where a layer
/// has no such gradient; every digit of a double is there.
///
/// Errors: `Error` where the file cannot be written; a file that was there before is then as it
/// was.
///
/// Example: `write_csv(statistics, "layers.csv");`
void write_csv(const Statistics& statistics, const std::filesystem::path& path);

}  // namespace lamina
