#pragma once

#include <filesystem>
#include <string>

#include <lamina/data/dataset.hpp>
#include <lamina/program/configuration.hpp>

namespace lamina::program {

/// Reads a CSV or NPZ file to train on. `target`: the column of the targets, empty for the last.
[[nodiscard]] Dataset read_table(const std::filesystem::path& path, const std::string& target);

/// Reads a CSV or NPZ file as that of a run was read: the same columns by their names, classes with
/// the labels that they had. `with_targets` false: targets may be missing.
[[nodiscard]] Dataset read_table_like(const std::filesystem::path& path, const Configuration& run,
                                      bool with_targets);

}  // namespace lamina::program
