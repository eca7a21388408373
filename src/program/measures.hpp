#pragma once

#include <span>
#include <string>
#include <vector>

#include <lamina/metrics/confusion_matrix.hpp>
#include <lamina/program/session.hpp>

namespace lamina::program {

/// A number that tells how good a network is.
struct Measure {
  std::string name;
  double value;
};

/// What suits the task: of a classifier accuracy, precision, recall and F1, of others the errors,
/// in the units of the training data, and R2. `outputs`: of the network for `data`, as it was
/// adapted.
[[nodiscard]] std::vector<Measure> measure(std::span<const float> outputs, const Dataset& data,
                                           const NetworkFacts& facts,
                                           const DataDescription& description);

/// One on a line.
[[nodiscard]] std::string measures_text(std::span<const Measure> measures);

/// Counts of true by predicted class.
[[nodiscard]] metrics::ConfusionMatrix count_confusions(std::span<const float> outputs,
                                                        const Dataset& data,
                                                        const NetworkFacts& facts,
                                                        const DataDescription& description);

}  // namespace lamina::program
