#include "program/configuration_reader.hpp"

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <limits>
#include <string>

#include <lamina/program/schedule.hpp>

#include "program/data_fields.hpp"
#include "program/json_fields.hpp"
#include "program/networks.hpp"
#include "program/optimizers.hpp"

/// As [channels, height, width].
template <>
struct nlohmann::adl_serializer<lamina::Shape> {
  static void to_json(json& list, const lamina::Shape& shape) {
    list = {shape.channels, shape.height, shape.width};
  }
  static void from_json(const json& list, lamina::Shape& shape) {
    shape = {list.at(0).get<int>(), list.at(1).get<int>(), list.at(2).get<int>()};
  }
};

namespace lamina::program {

using Json = nlohmann::json;

NLOHMANN_JSON_SERIALIZE_ENUM(Task, {{Task::Classification, "classification"},
                                    {Task::Regression, "regression"},
                                    {Task::Reconstruction, "reconstruction"}})
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(TableOptions, delimiter, header, missing)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(FolderOptions, height, width, channels, rate, length)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(DataDescription, task, samples, features, shape, outputs,
                                   checksum, feature_names, class_names, target_names, target_means,
                                   target_deviations, feature_fills)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(Configuration, data, target, task, table, folder, network,
                                   network_source, network_directory, augment, optimizer, schedule,
                                   learning_rate, epochs, batch_size, patience, validation, seed,
                                   threads, description)

namespace {

template <class Rows>
bool names_one(const Rows& rows, const std::string& name) {
  return std::ranges::any_of(rows, [&](const auto& row) { return row.name == name; });
}

bool is_network(const std::string& text) {
  const std::string ending = std::filesystem::path(text).extension().string();
  return names_one(ready_networks(), text) || text.find("Network<") != std::string::npos ||
         ending == ".hpp" || ending == ".h";
}

std::string text_of(std::size_t count) {
  return std::to_string(count);
}

// A list that has as many entries as there are `wanted`, or none where that is allowed.
void expect_count(const JsonFields& fields, const char* name, std::size_t count, std::size_t wanted,
                  bool may_be_empty) {
  if (count == wanted || (may_be_empty && count == 0)) return;
  fields.fail(name,
              "a list of " + text_of(wanted) + (may_be_empty && wanted > 0 ? ", or none" : ""),
              "one of " + text_of(count));
}

void expect_names(const JsonFields& fields, const DataDescription& data) {
  expect_count(fields, "feature_names", data.feature_names.size(), data.features, true);
  if (data.task == Task::Regression) {
    expect_count(fields, "class_names", data.class_names.size(), 0, false);
    expect_count(fields, "target_names", data.target_names.size(), data.outputs, true);
  } else {
    expect_count(fields, "target_names", data.target_names.size(), 1, true);
  }
  if (data.task == Task::Classification && data.class_names.size() > data.outputs) {
    fields.fail("class_names", "a list of " + text_of(data.outputs) + " at most",
                "one of " + text_of(data.class_names.size()));
  }
}

void expect_scale(const JsonFields& fields, const DataDescription& data, bool begun) {
  const std::size_t columns = data.task == Task::Classification ? 0 : data.outputs;
  expect_count(fields, "target_means", data.target_means.size(), columns, !begun);
  expect_count(fields, "target_deviations", data.target_deviations.size(), data.target_means.size(),
               false);
  for (std::size_t at = 0; at < data.target_deviations.size(); ++at) {
    if (data.target_deviations[at] > 0) continue;
    fields.refuse("target_deviations[" + text_of(at) + "]", "a number above 0",
                  Json(data.target_deviations[at]));
  }
}

// Channels, height and width of a sample with so many features.
Shape shape_from(JsonFields& fields, std::size_t features) {
  constexpr double most = std::numeric_limits<int>::max();
  const std::vector<double> extents = fields.numbers("shape");
  expect_count(fields, "shape", extents.size(), 3, false);
  double product = 1;
  for (const double extent : extents) {
    if (!(extent >= 1 && extent <= most && std::trunc(extent) == extent)) {
      fields.refuse("shape", "whole numbers of 1 and more", Json(extent));
    }
    product *= extent;
  }
  if (product != static_cast<double>(features)) {
    fields.fail("shape", "one of " + text_of(features) + " values as the features",
                "one of " + Json(product).dump());
  }
  return {static_cast<int>(extents[0]), static_cast<int>(extents[1]), static_cast<int>(extents[2])};
}

DataDescription description_from(JsonFields fields, bool begun) {
  constexpr std::size_t most_samples = std::size_t{1} << 53U;
  constexpr std::size_t most_features = std::numeric_limits<int>::max();
  constexpr std::size_t most_outputs = 131'072;  // beyond, something else is the target
  DataDescription data;
  data.task =
      Json(fields.choice("task", {"classification", "regression", "reconstruction"})).get<Task>();
  data.samples = fields.whole<std::size_t>("samples", 1, most_samples);
  data.features = fields.whole<std::size_t>("features", 1, most_features);
  data.shape = shape_from(fields, data.features);
  const std::size_t least_outputs = data.task == Task::Classification ? 2 : 1;
  data.outputs = fields.whole<std::size_t>("outputs", least_outputs, most_outputs);
  if (data.task == Task::Reconstruction && data.outputs != data.features) {
    fields.fail("outputs", text_of(data.features) + " as the features", text_of(data.outputs));
  }
  data.checksum = fields.whole<std::uint32_t>("checksum", 0);
  data.feature_names = fields.texts("feature_names");
  data.class_names = fields.texts("class_names");
  data.target_names = fields.texts("target_names");
  data.target_means = fields.numbers("target_means");
  data.target_deviations = fields.numbers("target_deviations");
  for (const double fill : fields.numbers("feature_fills")) {
    const std::string place = "feature_fills[" + text_of(data.feature_fills.size()) + "]";
    if (std::abs(fill) > static_cast<double>(std::numeric_limits<float>::max())) {
      fields.refuse(place, "a number within a float", Json(fill));
    }
    data.feature_fills.push_back(static_cast<float>(fill));
  }
  fields.expect_all_taken();
  expect_names(fields, data);
  expect_scale(fields, data, begun);
  return data;
}

void read_choices(JsonFields& fields, Configuration& run) {
  run.data = fields.text("data");
  if (run.data.empty()) fields.fail("data", "the name of data", "none");
  run.target = fields.text("target", TextKind::Name);
  run.task = fields.choice("task", {"auto", "classification", "regression"});
  run.table = table_from(fields.object("table"));
  run.folder = folder_from(fields.object("folder"));
  run.network = fields.text("network", TextKind::Code);
  if (!is_network(run.network)) {
    fields.refuse("network", "the name of a network, a type Network<...> or a header",
                  Json(run.network));
  }
  run.network_source = fields.text("network_source", TextKind::Code);
  if (run.network_source.empty()) fields.fail("network_source", "code that defines Net", "none");
  run.network_directory = fields.text("network_directory");
  if (!run.network_directory.empty() && run.network_directory[0] != '/') {
    fields.refuse("network_directory", "an absolute path, or none", Json(run.network_directory));
  }
  run.augment = fields.text("augment", TextKind::Code);
  run.optimizer = fields.text("optimizer", TextKind::Code);
  if (!names_one(ready_optimizers(), run.optimizer) && run.optimizer.find('{') == std::string::npos)
    fields.refuse("optimizer", "the name of an optimizer, or C++", Json(run.optimizer));
  run.schedule = fields.text("schedule");
  if (!names_one(ready_schedules(), run.schedule)) {
    fields.refuse("schedule", "the name of a schedule", Json(run.schedule));
  }
}

void read_numbers(JsonFields& fields, Configuration& run, bool begun) {
  run.learning_rate = fields.number("learning_rate");
  const auto rate = static_cast<float>(run.learning_rate);
  const bool own = !begun && run.learning_rate == 0;  // that of the optimizer
  if (!own && !(rate > 0 && std::isfinite(rate))) {
    fields.refuse("learning_rate", "a number above 0 within a float", Json(run.learning_rate));
  }
  run.epochs = fields.whole("epochs", 1);
  run.batch_size = fields.whole("batch_size", 2);
  run.patience = fields.whole("patience", 0);
  run.validation = fields.number("validation");
  constexpr double most_validation = 0.9;
  if (!(run.validation >= 0 && run.validation <= most_validation)) {
    fields.refuse("validation", "a share from 0 to 0.9", Json(run.validation));
  }
  run.seed = fields.whole<std::uint64_t>("seed", 0);
  run.threads = fields.whole("threads", 0);
}

// What one field says of another.
void expect_agreement(const JsonFields& fields, const Configuration& run, bool begun) {
  const DataDescription& data = run.description;
  const std::string found = Json(data.task).get<std::string>();
  const bool reconstructs = run.network == "autoencoder";
  if (reconstructs != (data.task == Task::Reconstruction)) {
    fields.fail("description.task",
                (reconstructs ? "reconstruction" : "classification or regression") +
                    std::string(" as the network"),
                found);
  }
  if (!reconstructs && run.task != "auto" && run.task != found) {
    fields.fail("description.task", run.task + " as the task", found);
  }
  const bool filled = run.table.missing != "error";
  const std::size_t fills = data.feature_fills.size();
  if (fills == (filled ? data.features : 0) || (!begun && fills == 0)) return;
  fields.fail("description.feature_fills",
              filled ? "a number for each feature" : "none where nothing may be missing",
              text_of(fills));
}

}  // namespace

Configuration configuration_from(const Json& json, Progress progress) {
  const bool begun = progress == Progress::Begun;
  JsonFields fields{json};
  Configuration run;
  read_choices(fields, run);
  read_numbers(fields, run, begun);
  run.description = description_from(fields.object("description"), begun);
  fields.expect_all_taken();
  expect_agreement(fields, run, begun);
  return run;
}

Json json_of(const Configuration& configuration) {
  return configuration;
}

}  // namespace lamina::program
