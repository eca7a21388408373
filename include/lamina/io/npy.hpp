#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include <lamina/core/tensor.hpp>
#include <lamina/data/dataset.hpp>
#include <lamina/io/read_options.hpp>

namespace lamina {

/// Reads an array that `numpy.save` wrote, plain or gzip.
///
/// Types: floats of 2, 4 and 8 bytes (doubles are rounded), signed and unsigned integers of 1 to 8
/// bytes and booleans (0 and 1), in either byte order; C and Fortran order; format versions 1 to 3.
/// The tensor is row-major and has no name.
///
/// Errors: `Error` naming the file, what was expected and what was found: for a file of another
/// kind, a header that numpy would not write (with the place in it), another type such as text or
/// objects, data that are shorter or longer than the header says, integers beyond 64 bits with
/// sign, more bytes than `max_bytes`, too little memory. Nothing is allocated on a header's word
/// alone.
///
/// Example: `Tensor weights = read_npy("weights.npy");`
///
/// Source: the NPY format description, numpy.lib.format.
[[nodiscard]] Tensor read_npy(const std::filesystem::path& path, const ReadOptions& options = {});

/// Reads a data set from a file of inputs and a file of targets, as `numpy.save` wrote them.
///
/// Shapes of the inputs: (n), (n, features), (n, height, width) or (n, channels, height, width).
/// Targets: integers or booleans of the shape (n) are class labels, of the shape (n, height, width)
/// class maps, those of signals (n, 1, length); all else becomes floats, of the shape (n) or
/// (n, outputs). Values stay as they are: bytes of images are not scaled.
///
/// Errors: as the other `read_npy`; also `Error` for other shapes, maps that are no integers,
/// inputs and targets that differ in number, no samples, labels below 0 or beyond 2^31 - 1, and
/// numbers that are not finite.
///
/// Example: `Dataset train = read_npy("x_train.npy", "y_train.npy");`
[[nodiscard]] Dataset read_npy(const std::filesystem::path& inputs,
                               const std::filesystem::path& targets,
                               const ReadOptions& options = {});

/// The same without reading the inputs: a data set larger than memory, whose rows are read from the
/// file when they are asked for (see `InputRows`). Bytes and halves become floats then. The targets
/// are read at once; without a file of them the samples are for predictions. The file stays open,
/// and must not change.
///
/// Errors: as `read_npy`, also for a file that is packed by gzip or in Fortran order. The length of
/// the file is checked at once, its numbers when they are read: a row that is not finite, or that
/// is no longer there, throws `Error` naming file and row out of `fit` or whatever reads it.
///
/// Example: `Dataset train = open_npy("x_train.npy", "y_train.npy");`
[[nodiscard]] Dataset open_npy(const std::filesystem::path& inputs,
                               const std::filesystem::path& targets,
                               const ReadOptions& options = {});
[[nodiscard]] Dataset open_npy(const std::filesystem::path& inputs);

/// Reads all arrays of a file that `numpy.savez` or `numpy.savez_compressed` wrote, in their order,
/// with their names.
///
/// Errors: as `read_npy`, with the array's name; also `Error` for what is no zip archive, damaged
/// or encrypted, or holds something else than arrays, or a name twice. `max_bytes` is for all
/// arrays together.
///
/// Example: `for (const Tensor& tensor : read_npz_arrays("weights.npz")) ...`
[[nodiscard]] std::vector<Tensor> read_npz_arrays(const std::filesystem::path& path,
                                                  const ReadOptions& options = {});

/// Writes arrays as `numpy.savez_compressed` does, floats of 4 bytes and integers of 8, whole or
/// not at all. The same arrays are the same bytes.
///
/// Errors: `Error` naming the file, for values that are not as many as a shape says, a name that
/// two arrays have, or what cannot be written.
///
/// Example: `write_npz("model.npz", model.tensors());`
void write_npz(const std::filesystem::path& path, const std::vector<Tensor>& arrays);

/// The names of the arrays in such a file, in their order.
///
/// Errors: as `read_npz_arrays`; the arrays themselves are not read.
[[nodiscard]] std::vector<std::string> npz_names(const std::filesystem::path& path);

/// Reads a data set from two arrays of a file that `numpy.savez` wrote; shapes and types as
/// `read_npy`. Other arrays in the file are left alone.
///
/// Without names, inputs are the array `x`, `X`, `inputs`, `data`, `images`, `features`, `x_train`
/// or `X_train`, and targets `y`, `Y`, `targets`, `labels`, `target`, `y_train` or `Y_train`, the
/// first of each that is there. A file of
/// two arrays with neither has the inputs first, and where one is named the other is the other; a
/// file of one array has inputs alone, for predictions. An array may be named as both, for networks
/// that reconstruct it.
///
/// Errors: as `read_npy` and `read_npz_arrays`; also `Error` naming the arrays that are there,
/// where the one wanted is not.
///
/// Example: `Dataset test = read_npz("mnist.npz", "x_test", "y_test");`
[[nodiscard]] Dataset read_npz(const std::filesystem::path& path, const std::string& inputs = "",
                               const std::string& targets = "", const ReadOptions& options = {});

/// Reads the inputs that `read_npz` would read, for predictions; targets are not looked at.
/// `targets` names an array that they are not, where it is there.
///
/// Errors: as `read_npz`.
[[nodiscard]] Dataset read_npz_inputs(const std::filesystem::path& path,
                                      const std::string& inputs = "",
                                      const std::string& targets = "",
                                      const ReadOptions& options = {});

}  // namespace lamina
