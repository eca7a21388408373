#include "program/table.hpp"

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

}  // namespace

Dataset read_table(const std::filesystem::path& path, const std::string& target) {
  if (is_npz(path)) return read_npz(path, "", target);
  return read_csv(path, {.target = target_column(target)});
}

Dataset read_table_like(const std::filesystem::path& path, const Configuration& run,
                        bool with_targets) {
  if (is_npz(path)) return read_npz(path, "", with_targets ? run.target : "");
  const DataDescription& like = run.description;
  CsvOptions options{.target = "", .features = like.feature_names};
  if (with_targets && like.task != Task::Reconstruction) {
    options.target = target_column(run.target);
    options.task = task_of(like.task);
    options.classes = like.class_names;
  }
  return read_csv(path, options);
}

}  // namespace lamina::program
