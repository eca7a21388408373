#pragma once

#include <cstddef>
#include <string>
#include <vector>

/// The figures that the project sets itself, and what is reached of them.
namespace lamina::bench {

/// A figure: what, the bound it is held to if there is one, and what was measured.
struct Row {
  enum class Bound { None, AtLeast, AtMost };
  std::string what;
  Bound bound = Bound::None;
  double target = 0;
  double reached = 0;
  std::string unit{};  ///< empty for ratios
  int digits = 2;

  [[nodiscard]] bool ok() const {
    if (bound == Bound::AtLeast) return reached >= target;
    if (bound == Bound::AtMost) return reached <= target;
    return true;
  }
};

/// How long to measure.
struct Effort {
  int rounds = 9;
  double seconds = 0.15;  ///< of a turn
  double patience = 60;   ///< for turns that something else disturbs
};

/// The machine: FMA peak, bandwidth.
std::vector<Row> machine_rows();
/// Training steps of the classifier: share of peak, threads, normalization, naive versions.
std::vector<Row> training_rows(const Effort& effort);
/// Frozen inference.
std::vector<Row> inference_rows(const Effort& effort);
/// Denormals, which cost nothing.
std::vector<Row> denormal_rows(const Effort& effort);
/// Networks too small for threads.
std::vector<Row> small_rows(const Effort& effort);
/// Trains on Fashion-MNIST in the directory: seconds and test accuracy. Takes about 40 seconds.
std::vector<Row> data_rows(const std::string& directory);
/// What compile_time.py has written to the file.
std::vector<Row> compile_rows(const std::string& file);

}  // namespace lamina::bench
