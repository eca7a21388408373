#include "program/table.hpp"

#include <cstdlib>
#include <string>
#include <vector>

#include <lamina/io/csv.hpp>
#include <lamina/io/npy.hpp>

namespace lamina::program {

namespace {

std::string target_column(const std::string& target) {
  return target.empty() ? "#-1" : target;
}

CsvOptions::Task task_of(Task task) {
  return task == Task::Classification ? CsvOptions::Task::Classification
                                      : CsvOptions::Task::Regression;
}

bool is_npz(const std::filesystem::path& path) {
  return path.extension() == ".npz";
}

/// The features of a file whose columns have no names, with or without the column of the target.
Dataset read_unnamed(const std::filesystem::path& path, const Configuration& run) {
  const long columns = static_cast<long>(run.description.features) + 1;
  const std::string target = target_column(run.target);
  const long place = std::strtol(target.c_str() + 1, nullptr, 10);
  const long left_out = place < 0 ? columns + 1 + place : place;
  std::vector<std::string> features;
  for (long column = 1; column <= columns; ++column) {
    if (column != left_out) features.push_back("#" + std::to_string(column));
  }
  try {
    return read_csv(path, {.target = "", .features = features});
  } catch (const Error&) {
    if (left_out == columns) throw;
    return read_csv(path, {.target = ""});  // may be a file of the features alone
  }
}

}  // namespace

Dataset read_table(const std::filesystem::path& path, const std::string& target) {
  if (is_npz(path)) return read_npz(path, "", target);
  return read_csv(path, {.target = target_column(target)});
}

Dataset read_table_like(const std::filesystem::path& path, const Configuration& run,
                        bool with_targets) {
  const DataDescription& like = run.description;
  if (is_npz(path)) {
    return with_targets ? read_npz(path, "", run.target) : read_npz_inputs(path, "", run.target);
  }
  const bool features_alone = !with_targets || like.task == Task::Reconstruction;
  if (features_alone && like.feature_names.empty()) return read_unnamed(path, run);
  CsvOptions options{.target = "", .features = like.feature_names};
  if (!features_alone) {
    options.target = target_column(run.target);
    options.task = task_of(like.task);
    options.classes = like.class_names;
  }
  return read_csv(path, options);
}

}  // namespace lamina::program
