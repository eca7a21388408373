#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include <lamina/core/types.hpp>
#include <lamina/data/dataset.hpp>
#include <lamina/data/split.hpp>
#include <lamina/program/configuration.hpp>

/// What `--data` means, and how a run looks at its data. Compiled into the program's own library.
namespace lamina::program {

/// The data sets that have names, for help pages.
[[nodiscard]] std::string embedded_names();

/// True for a CSV or NPZ file: neither an embedded set nor a directory.
[[nodiscard]] bool is_table(const std::string& data);

/// True for a CSV file.
[[nodiscard]] bool is_csv(const std::string& data);

/// The data by a name that means the same in every directory.
[[nodiscard]] std::string absolute_data(const std::string& data);

/// Opens the data to train on: an embedded set, a CSV or NPZ file, or the training part of a
/// directory of IDX files, images or sounds.
///
/// Errors: `Error` for data that are not there or not understood.
[[nodiscard]] Dataset open_training_data(const Configuration& run);

/// Opens data to measure or predict on with a trained network: of a directory the test
/// part. Classes get the labels that they had in training, columns are taken by their names.
/// `with_targets` false: the file may lack the column of the targets, and what it says there is not
/// looked at. `ignored` is a label that is no class, -1 where there is none.
///
/// Errors: `Error` for data that are not there, not understood, or unlike those of the run.
[[nodiscard]] Dataset open_new_data(const std::string& data, const Configuration& run,
                                    bool with_targets, Label ignored);

/// One more than the largest label that is not the ignored one.
[[nodiscard]] std::size_t classes_of(const Dataset& data, Label ignored);

/// Errors: `Error` for images with values outside of [0, 1], which augmentations cut off there.
void expect_to_augment(const Dataset& data, const std::string& name);

/// A CRC-32 of all numbers, by which data are known again.
[[nodiscard]] std::uint32_t checksum_of(const Dataset& data);

/// What a run remembers of its data, but for what follows from all numbers: the checksum, fills,
/// means and deviations.
[[nodiscard]] DataDescription describe_data(const Dataset& data, const Configuration& run);

/// What a network's loss takes.
struct TargetKind {
  bool labels = true;       ///< class labels, not floats
  std::size_t outputs = 1;  ///< of the network, values of all positions
  bool signs = false;       ///< two classes are -1 and 1, not 0 and 1
  Shape shape{1, 1, 1};     ///< of the outputs
  Label ignored = -1;       ///< a label that does not count; -1 where there is none

  /// Every position has a class of its own.
  [[nodiscard]] bool maps() const { return labels && shape.positions() > 1; }
  /// What a sample, or a position of a class map, may be.
  [[nodiscard]] std::size_t classes() const {
    return labels ? static_cast<std::size_t>(shape.channels) : outputs;
  }
};

/// The data as a network takes them: the inputs themselves as targets for a reconstruction, targets
/// standardized for a regression, classes as floats (one for two classes, one for each otherwise)
/// where the loss takes floats.
[[nodiscard]] Dataset adapt(const Dataset& data, const DataDescription& description,
                            const TargetKind& kind);

/// Finds mean and deviation of every target, for `adapt`; of every feature for a reconstruction.
void standardize_targets(const Dataset& train, DataDescription& description);

/// The training and the validation part by the seed, classes by their shares where each has enough
/// samples. A share of 0 leaves the validation part empty.
[[nodiscard]] Split split_validation(const Dataset& data, double share, Seed seed);

}  // namespace lamina::program
