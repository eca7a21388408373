#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include <lamina/plot/picture.hpp>

namespace lamina {

/// Values with a name, such as the outputs of a layer.
struct NamedValues {
  std::string title;
  std::vector<float> values;
};

/// Draws a histogram of each of some sets of values, beside and below each other: how the weights
/// or the outputs of a network's layers are distributed. Above each stand mean and deviation, the
/// share of exact zeros and the number of values that are not finite, which have no bar. A bar that
/// dwarfs all others (the zeros of a ReLU) is cut off at the top.
///
/// The width of the bars follows Freedman and Diaconis, 2 * interquartile range / cbrt(count),
/// within 10 and 60 bars.
///
/// The data have a row a bar and the columns histogram (from 0), low, high, count, share, title.
///
/// Errors: no histograms, or a stem that names no file throw `Error` before anything is written.
///
/// Example: `plot_histograms({{"errors", errors}}, "run/errors");`
Picture plot_histograms(const std::vector<NamedValues>& histograms,
                        const std::filesystem::path& stem);

}  // namespace lamina
