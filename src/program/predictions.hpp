#pragma once

#include <span>
#include <string>
#include <vector>

#include <lamina/program/session.hpp>

namespace lamina::program {

/// The share of each class in a row of outputs: probabilities, or scores as they are.
[[nodiscard]] std::vector<float> shares_of(std::span<const float> outputs, Outputs kind,
                                           std::size_t classes);

/// Outputs in the units of the training data.
[[nodiscard]] std::vector<float> in_units(std::span<const float> outputs,
                                          const DataDescription& description);

/// The names of the classes, of the targets, or of the features that are given back; numbered where
/// the data had none.
[[nodiscard]] std::vector<std::string> output_names(const DataDescription& description);

}  // namespace lamina::program
