#pragma once

#include <stdexcept>

namespace lamina {

/// The one exception type at the run-time boundary: wrong files, data and arguments.
///
/// The message says what was expected, what was found, and where. It is thrown before anything is
/// changed: a model, a data set or a file is either as it was or wholly new.
///
/// Example: `throw Error("step: expected 784 features a row, found 500 floats for 1 row");`
class Error : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

}  // namespace lamina
