#pragma once

#include <filesystem>

#include <lamina/train/history.hpp>

namespace lamina {

/// Writes a history as CSV: a line for each epoch under a header of the names of `EpochRecord`, the
/// metrics behind it by their own names. What is not a number is empty.
///
/// The file appears whole or not at all. Errors: `Error` where it cannot be written.
/// Example: `write_csv(trainer.fit(train, validation), "history.csv");`
void write_csv(const History& history, const std::filesystem::path& path);

/// Writes a history as JSON: `{"epochs": [{"epoch": 1, "loss": ..., "metrics": {...}}, ...],
/// "best_epoch": ...}`. What is not a number is null.
///
/// The file appears whole or not at all. Errors: `Error` where it cannot be written.
void write_json(const History& history, const std::filesystem::path& path);

}  // namespace lamina
