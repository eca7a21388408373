#pragma once

#include <filesystem>
#include <string>

#include <lamina/data/dataset.hpp>
#include <lamina/program/configuration.hpp>

/// Directories of images or sounds, one folder a class.
namespace lamina::program {

/// What the files of a directory are.
enum class FolderKind {
  None,  ///< no such directory, or one of IDX files
  Images,
  Sounds
};

/// By the names of its files: one with those of MNIST is of IDX files, any other of what most of
/// its files are.
/// Errors: `Error` naming a directory that has folders, but neither images nor sounds in them.
[[nodiscard]] FolderKind folder_kind(const std::filesystem::path& directory);

/// The part to train on: the folder `train`, where `test` or `validation` is beside it, otherwise
/// all.
[[nodiscard]] Dataset read_training_folder(const Configuration& run);

/// The part to measure and predict on: the folder `test`, or `validation`, where `train` is beside
/// it, otherwise all. Classes have the labels that they had in training. `with_targets` false:
/// files of any folders, without labels.
[[nodiscard]] Dataset read_new_folder(const std::filesystem::path& directory,
                                      const Configuration& run, bool with_targets);

/// Errors: `UsageError` for options that say how other data are read.
void expect_folder_options(const Configuration& run);

}  // namespace lamina::program
