#pragma once

#include <filesystem>

#include <lamina/data/dataset.hpp>
#include <lamina/data/split.hpp>
#include <lamina/io/read_options.hpp>

namespace lamina {

/// Reads a pair of IDX files, the format of MNIST and Fashion-MNIST: unsigned-byte images
/// (count, rows, columns) and unsigned-byte labels (count). Each file may be gzip or plain; the
/// content decides, not the name.
///
/// Pixels become floats in [0, 1] (byte / 255); samples have the shape (1, rows, columns).
///
/// Errors: `Error` naming the file, what was expected and what was found, for a file that is
/// missing, truncated, corrupted, of another kind, or longer than its header says, and for images
/// and labels that differ in number; also for one that unpacks to more than `max_bytes`, and for
/// too little memory. Memory grows with what a file holds, not with what its header claims.
///
/// Example: `Dataset train = read_idx("train-images-idx3-ubyte.gz", "train-labels-idx1-ubyte.gz");`
///
/// Source: LeCun, Cortes, Burges, "The MNIST database of handwritten digits", file formats.
[[nodiscard]] Dataset read_idx(const std::filesystem::path& images,
                               const std::filesystem::path& labels,
                               const ReadOptions& options = {});

/// Reads the four files of MNIST's layout from a directory: `train-images-idx3-ubyte`,
/// `train-labels-idx1-ubyte`, `t10k-images-idx3-ubyte`, `t10k-labels-idx1-ubyte`, each as it is or
/// with `.gz` (the plain one first, where both are there).
///
/// Errors: as `read_idx`; also `Error` naming the file that is missing, or where training and test
/// images differ in shape.
///
/// Example: `auto [train, test] = read_idx_directory("/usr/share/datasets/fashion-mnist");`
[[nodiscard]] Split read_idx_directory(const std::filesystem::path& directory,
                                       const ReadOptions& options = {});

}  // namespace lamina
