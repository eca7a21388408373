#pragma once

#include <cstddef>

#include <lamina/data/dataset.hpp>

namespace lamina {

/// The same samples with float targets in place of class labels: (size, classes), 1 at the label
/// and 0 elsewhere, for `CrossEntropy<SoftTargets>` and regression losses on classes; of class maps
/// (size, classes, height, width). Class names become target names where there is one for every
/// target. Compiled into the library.
///
/// Errors: `Error` for a data set without labels, for 0 classes, and for a label that is not below
/// `classes`.
///
/// Example: `Dataset soft = one_hot(digits, 10);`
[[nodiscard]] Dataset one_hot(const Dataset& data, std::size_t classes);

}  // namespace lamina
