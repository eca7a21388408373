#include "program/table.hpp"

#include <algorithm>
#include <cstdlib>
#include <string>
#include <vector>

#include <lamina/io/csv.hpp>
#include <lamina/io/npy.hpp>
#include <lamina/program/data.hpp>

#include "io/averages.hpp"

namespace lamina::program {

namespace {

std::string target_column(const std::string& target) {
  return target.empty() ? "#-1" : target;
}

CsvOptions::Task task_of(Task task) {
  return task == Task::Classification ? CsvOptions::Task::Classification
                                      : CsvOptions::Task::Regression;
}

// How the files of a run are read; the target is the caller's.
CsvOptions csv_options(const TableOptions& table) {
  using Header = CsvOptions::Header;
  using Missing = CsvOptions::Missing;
  CsvOptions options;
  options.delimiter = table.delimiter == "tab" ? '\t' : table.delimiter.at(0);
  options.header = table.header == "yes"  ? Header::Yes
                   : table.header == "no" ? Header::No
                                          : Header::Auto;
  options.missing = table.missing == "mean"     ? Missing::Mean
                    : table.missing == "median" ? Missing::Median
                                                : Missing::Error;
  return options;
}

// The same for the features of another file.
CsvOptions csv_options_like(const Configuration& run) {
  CsvOptions options = csv_options(run.table);
  options.target = "";
  options.features = run.description.feature_names;
  if (!run.description.feature_fills.empty()) {
    options.missing = CsvOptions::Missing::Value;
    options.fill_values = run.description.feature_fills;
  }
  return options;
}

// The features of a file whose columns have no names, with or without the column of the target.
Dataset read_unnamed(const std::filesystem::path& path, const Configuration& run) {
  CsvOptions options = csv_options_like(run);
  const long columns = static_cast<long>(run.description.features) + 1;
  const std::string target = target_column(run.target);
  const long place = std::strtol(target.c_str() + 1, nullptr, 10);
  const long left_out = place < 0 ? columns + 1 + place : place;
  for (long column = 1; column <= columns; ++column) {
    if (column != left_out) options.features.push_back("#" + std::to_string(column));
  }
  try {
    return read_csv(path, options);
  } catch (const Error&) {
    if (left_out == columns) throw;
    options.features.clear();  // may be a file of the features alone
    return read_csv(path, options);
  }
}

// A file with a test part beside the training part, as Keras's data sets are, shows that one.
Dataset read_arrays_like(const std::filesystem::path& path, const Configuration& run,
                         bool with_targets) {
  const std::vector<std::string> names = npz_names(path);
  const bool parted = run.target.empty() || run.target == "y_train";
  const bool tested = parted && std::ranges::find(names, "x_test") != names.end();
  const std::string inputs = tested ? "x_test" : "";
  const std::string targets = tested ? "y_test" : run.target;
  return with_targets ? read_npz(path, inputs, targets) : read_npz_inputs(path, inputs, targets);
}

}  // namespace

Dataset read_table(const Configuration& run) {
  if (!is_csv(run.data)) return read_npz(run.data, "", run.target);
  CsvOptions options = csv_options(run.table);
  options.target = target_column(run.target);
  options.task = run.task == "classification" ? CsvOptions::Task::Classification
                 : run.task == "regression"   ? CsvOptions::Task::Regression
                                              : CsvOptions::Task::Auto;
  return read_csv(run.data, options);
}

// Filled with its mean or median, a column has the same mean or median as before.
std::vector<float> fills_of(const Dataset& data, const TableOptions& options) {
  std::vector<float> fills;
  if (options.missing == "error") return fills;
  const auto inputs = data.inputs();
  std::vector<float> column(data.size());
  for (std::size_t feature = 0; feature < data.features(); ++feature) {
    for (std::size_t row = 0; row < data.size(); ++row) {
      column[row] = inputs[row * data.features() + feature];
    }
    fills.push_back(options.missing == "mean" ? io::mean(column) : io::median(column));
  }
  return fills;
}

Dataset read_table_like(const std::filesystem::path& path, const Configuration& run,
                        bool with_targets) {
  const DataDescription& like = run.description;
  if (!is_csv(path.string())) return read_arrays_like(path, run, with_targets);
  const bool features_alone = !with_targets || like.task == Task::Reconstruction;
  if (features_alone && like.feature_names.empty()) return read_unnamed(path, run);
  CsvOptions options = csv_options_like(run);
  if (!features_alone) {
    options.target =
        like.target_names.size() == 1 ? like.target_names[0] : target_column(run.target);
    options.task = task_of(like.task);
    options.classes = like.class_names;
  }
  return read_csv(path, options);
}

}  // namespace lamina::program
