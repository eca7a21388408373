#pragma once

#include <filesystem>
#include <vector>

#include <lamina/data/dataset.hpp>
#include <lamina/program/configuration.hpp>

namespace lamina::program {

/// Reads the CSV or NPZ file to train on.
[[nodiscard]] Dataset read_table(const Configuration& run);

/// What stands for a missing feature in other files of a run: what does in its own, from which
/// `data` were read. Empty where nothing may be missing.
[[nodiscard]] std::vector<float> fills_of(const Dataset& data, const TableOptions& options);

/// Reads a CSV or NPZ file as that of a run was read: the same columns by their names, classes with
/// the labels that they had. `with_targets` false: targets may be missing.
[[nodiscard]] Dataset read_table_like(const std::filesystem::path& path, const Configuration& run,
                                      bool with_targets);

}  // namespace lamina::program
