#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>
#include <string>

#include <lamina/plot/picture.hpp>

namespace lamina {

/// Draws a confusion matrix as a heat map: a row for each true class, a column for each predicted
/// one. A cell's color is its share of the row, so that the diagonal is the recall of each class;
/// the counts stand in the cells of up to 20 classes.
///
/// `counts`: (classes, classes), row-major, true class by predicted class. `names`: of the classes,
/// or empty: their numbers then.
///
/// The data have a row a cell and the columns true, predicted (classes from 0), count, share (of
/// its row; 0 where a class has no samples), true_name, predicted_name.
///
/// Errors: no classes, counts that are no square matrix of them or below 0, other than one name a
/// class, or a stem that names no file throw `Error` before anything is written.
///
/// Example: `plot_confusion(counts, 3, names, "run/confusion");`
Picture plot_confusion(std::span<const std::int64_t> counts, std::size_t classes,
                       std::span<const std::string> names, const std::filesystem::path& stem);

}  // namespace lamina
